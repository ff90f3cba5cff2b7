import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A process of the bench: told to end, and waited for, when it is disposed of. */
export class Part implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #gone: Promise<void>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#gone = new Promise((resolve) => {
      process.once("exit", () => resolve());
      process.once("error", () => resolve());
    });
  }

  /** Starts one; its errors show on the terminal unless `quiet`. */
  static start(command: string, parameters: readonly string[], { quiet = false, env = {} } = {}): Part {
    const stdio = ["ignore", "pipe", quiet ? "ignore" : "inherit"] as const;
    return new Part(spawn(command, parameters, { stdio: [...stdio], env: { ...process.env, ...env } }));
  }

  /** Starts a script of this folder under these flags of `scripts/node`, whatever flags the bench itself runs under. */
  static script(flags: readonly string[], script: string, ...parameters: readonly string[]): Part {
    const here = import.meta.dirname;
    // What --lean says to the C library would be handed down.
    const env = { MALLOC_ARENA_MAX: undefined };
    return Part.start(join(here, "../node"), [...flags, join(here, script), ...parameters], { env });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Its first output; rejects when it ends without any. */
  async firstWords(): Promise<string> {
    const { stdout } = this.#process;
    if (stdout === null) throw new Error("no output");
    const ended = this.#gone.then(() => undefined);
    const words = await Promise.race([once(stdout, "data").then(([data]: unknown[]) => String(data)), ended]);
    // What comes later is let go, so that the process never waits for a reader.
    stdout.resume();
    if (words === undefined) throw new Error(`${this.#process.spawnfile} ended before it was ready`);
    return words;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill("SIGTERM");
    await this.#gone;
  }
}
