import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { StoreloopError } from "../../agent/core/errors.ts";
import type { Clock } from "../../agent/core/time.ts";

/** The two ends of a virtual serial cable. */
export interface SerialCableOptions {
  /** The port that the agent opens: a link to a pseudo-terminal. */
  readonly portPath: string;
  /** Unix socket of the POS. */
  readonly socketPath: string;
  readonly clock: Clock;
}

const retryMs = 200;
const lookMs = 10;
const plugTimeoutMs = 5_000;

/**
 * A serial cable made by socat(1): a pseudo-terminal at one end, a Unix socket at the other. socat ends when the agent closes the port, so
 * it is started again for as long as the cable is plugged in.
 */
export class SerialCable implements AsyncDisposable {
  readonly #options: SerialCableOptions;
  #plugged: AbortController | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: SerialCableOptions) {
    this.#options = options;
  }

  /** Whether socat is installed. */
  static isAvailable(): boolean {
    return spawnSync("socat", ["-V"], { stdio: "ignore" }).error === undefined;
  }

  /** Plugs the cable in; resolves when the port is there. Rejects with `SERIAL_VIRTUAL_UNAVAILABLE` when it does not come. */
  async plug(): Promise<void> {
    if (this.#plugged !== undefined) return;
    this.#plugged = new AbortController();
    const { signal } = this.#plugged;
    await rm(this.#options.portPath, { force: true });
    this.#keeping = this.#keep(signal);
    const deadline = this.#options.clock.monotonic() + plugTimeoutMs;
    while (!isTerminal(this.#options.portPath)) {
      if (this.#options.clock.monotonic() > deadline) {
        await this.unplug();
        throw new StoreloopError("SERIAL_VIRTUAL_UNAVAILABLE", `socat made no port at ${this.#options.portPath}`);
      }
      await this.#sleep(lookMs, signal);
    }
  }

  /** Pulls the cable out; resolves when the port is gone. */
  async unplug(): Promise<void> {
    this.#plugged?.abort();
    this.#plugged = undefined;
    await this.#keeping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug();
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { portPath, socketPath } = this.#options;
    while (!signal.aborted) {
      // socat leaves its link behind when it is killed, and would not replace it.
      await rm(portPath, { force: true });
      const arguments_ = [`PTY,link=${portPath},rawer`, `UNIX-CONNECT:${socketPath}`];
      await lifeOf(spawn("socat", arguments_, { stdio: "ignore" }), signal);
      await this.#sleep(retryMs, signal);
    }
    await rm(portPath, { force: true });
  }

  async #sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(durationMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** Waits until a child process is over; ends it when the signal is aborted. */
async function lifeOf(child: ChildProcess, signal: AbortSignal): Promise<void> {
  const onAbort = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const over = Promise.withResolvers<void>();
  child.once("exit", () => over.resolve()).once("error", () => over.resolve());
  try {
    await over.promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function isTerminal(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink() && existsSync(readlinkSync(path));
  } catch {
    return false;
  }
}
