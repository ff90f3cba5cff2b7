import type { Terminal } from "../../agent/cli/terminal.ts";
import { ManualClock } from "./manual-clock.ts";

/** A terminal that keeps what is written on it. */
export class CapturedTerminal implements Terminal {
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  columns = 100;
  colour = false;
  env: Readonly<Record<string, string | undefined>> = { LANG: "C.UTF-8" };
  readonly clock = new ManualClock();
  readonly #stop = new AbortController();
  readonly signal = this.#stop.signal;

  out(line: string): void {
    this.lines.push(line);
  }

  err(line: string): void {
    this.errors.push(line);
  }

  /** Ctrl+C. */
  stop(): void {
    this.#stop.abort();
  }

  /** Standard output as one text. */
  get text(): string {
    return this.lines.join("\n");
  }

  /** Standard error as one text. */
  get errorText(): string {
    return this.errors.join("\n");
  }
}
