import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../scripts/receiver", import.meta.url));

/** The receiver as it is run in production: a process of its own, started through its script. */
export class ReceiverProcess implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#exited = once(process, "exit");
  }

  /** Starts one with these arguments to `run`; what it logs is dropped. */
  static start(flags: readonly string[], environment: NodeJS.ProcessEnv = {}): ReceiverProcess {
    const child = spawn(script, ["run", ...flags], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, ...environment },
    });
    return new ReceiverProcess(child);
  }

  /** The line it prints when it is ready; rejects when it ends before. */
  async untilReady(): Promise<unknown> {
    const { stdout } = this.#process;
    if (stdout === null) throw new Error("no stdout");
    const lines = createInterface({ input: stdout });
    const line: unknown = await Promise.race([once(lines, "line").then(([first]: unknown[]) => first), this.#exited]);
    if (typeof line !== "string") throw new Error("the receiver ended before it was ready");
    return JSON.parse(line);
  }

  /** kill -9, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#exited;
  }

  /** Stops it in order; answers its exit status. */
  async stop(): Promise<number | null> {
    this.#process.kill("SIGTERM");
    await this.#exited;
    return this.#process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
  }
}

/** Runs `receiver` with arguments to its end. */
export function receiverCommand(
  ...parameters: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(script, parameters, (error, stdout, stderr) => {
      // A code that is no number: it could not be started.
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ code, stdout, stderr });
      else reject(error ?? new Error("the receiver ended without a status"));
    });
  });
}
