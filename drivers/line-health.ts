import type { Health } from "../agent/core/driver.ts";
import type { ErrorCode } from "../agent/core/error-catalogue.ts";
import type { Clock } from "../agent/core/time.ts";

/** A state of the line, with its reason. */
interface Condition {
  readonly state: Health["state"];
  readonly code?: ErrorCode;
  readonly detail?: string;
}

/**
 * Health of a print line: the state of the line itself, overlaid by trouble with single streams on it. `sinceMs` moves only when state
 * or code change, so that "down for an hour" stays an hour however often it was retried.
 */
export class LineHealth {
  readonly #clock: Clock;
  #line: Condition = { state: "starting" };
  readonly #troubles = new Map<string, Condition>();
  #shown: Health;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#shown = { state: "starting", sinceMs: clock.now().wallMs };
  }

  /** What `storeloop status` shows. */
  get current(): Health {
    return this.#shown;
  }

  /** The line works. */
  up(detail: string): void {
    this.#line = { state: "up", detail };
    this.#show();
  }

  /** The line does not work for now and is being retried. Answers whether this is news. */
  down(code: ErrorCode, detail: string): boolean {
    const news = this.#line.code !== code;
    this.#line = { state: "down", code, detail };
    this.#show();
    return news;
  }

  /** Something is wrong with one stream, until it is {@link relieved}. Answers whether this is news. */
  trouble(key: string, code: ErrorCode, detail: string): boolean {
    const news = this.#troubles.get(key)?.code !== code;
    this.#troubles.set(key, { state: "down", code, detail });
    this.#show();
    return news;
  }

  /** The trouble with this stream is over. */
  relieved(key: string): void {
    if (this.#troubles.delete(key)) this.#show();
  }

  #show(): void {
    const trouble = this.#line.state === "up" ? [...this.#troubles.values()].at(-1) : undefined;
    const next = trouble ?? this.#line;
    const same = next.state === this.#shown.state && next.code === this.#shown.code;
    this.#shown = { ...next, sinceMs: same ? this.#shown.sinceMs : this.#clock.now().wallMs };
  }
}
