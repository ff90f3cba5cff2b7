import { fork, type ChildProcess } from "node:child_process";
import { setPriority } from "node:os";
import type { DeviceState } from "../agent/core/driver.ts";
import { codeOf } from "../agent/core/errors.ts";
import type { DeviceId } from "../agent/core/ids.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Offer, Outcome } from "../agent/core/observation.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import type { FromChild, ToChild } from "./host-protocol.ts";

/** Bounds on a child process. */
export interface HostLimits {
  /** Between two heartbeats. */
  readonly beatMs: Ms;
  /** This many heartbeats missing in a row mean that the child hangs. */
  readonly missedBeats: number;
  /** How long a child may take from its start to its first heartbeat. */
  readonly startMs: Ms;
  /** How long a child may take to stop when told to, before it is killed. */
  readonly stopMs: Ms;
  /** A child that grows beyond this is replaced in order. */
  readonly maxRssBytes: number;
  /** A child that holds more files and sockets than this is replaced in order. */
  readonly maxOpenFiles: number;
  /** Offers awaiting their outcome at one time. */
  readonly maxInFlight: number;
}

/** How the life of a child process ended. */
export interface LifeEnd {
  readonly reason: "stopped" | "died" | "hung" | "recycled" | "spent" | "module";
  readonly detail: string;
  readonly upMs: Ms;
}

/** What a life needs. */
export interface LifeParts {
  readonly moduleUrl: string;
  readonly options: unknown;
  /** What the driver's last process said of its devices. */
  readonly previous: readonly DeviceState[];
  readonly limits: HostLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onDevices: (devices: readonly DeviceState[]) => void;
  /** The child's whole environment; by default that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How far the child stands back when there is too little processor for all: 0 not at all, 19 for everybody (nice(2)). */
  readonly niceness?: number;
}

const childUrl = new URL("./host-child.ts", import.meta.url);

/** How much of what the child wrote to standard error is kept, for the line that tells of its death. */
const stderrKept = 2_000;

/** One child process that runs a driver, from fork to exit. */
export class HostLife {
  readonly #parts: LifeParts;
  readonly #pending = new Set<Promise<void>>();
  readonly #asked = new Map<number, (isShown: boolean) => void>();
  #lastAsked = 0;
  readonly #over = new AbortController();
  #child: ChildProcess | undefined;
  #reason: LifeEnd["reason"] | undefined;
  #detail = "";
  #stderr = "";
  #silentBeats = 0;
  #started = false;
  #stopping = false;

  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  /** Process id while the child runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Asks the driver to have a device blink or beep. False when it cannot, or the child ends before it answers. */
  identify(deviceId: DeviceId): Promise<boolean> {
    const id = (this.#lastAsked += 1);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#asked.set(id, resolve);
    if (this.#child?.connected === true) this.#send({ type: "identify", id, deviceId });
    else this.#answer(id, false);
    return promise;
  }

  #answer(id: number, isShown: boolean): void {
    this.#asked.get(id)?.(isShown);
    this.#asked.delete(id);
  }

  /** Runs the child until it ends by itself, has to be ended, or is aborted; then every offer it made has its outcome. */
  async run(offer: Offer, signal: AbortSignal): Promise<LifeEnd> {
    const { clock, moduleUrl, options, previous, limits } = this.#parts;
    const startedAt = clock.monotonic();
    const child = this.#fork();
    if (child === undefined) return { reason: "died", detail: this.#detail, upMs: 0 };
    this.#child = child;
    this.#standBack(child);
    const exited = this.#listen(child, offer);
    const { beatMs, maxInFlight } = limits;
    this.#send({ type: "start", moduleUrl, options, previous, beatMs, maxInFlight });
    const stop = () => void this.#stop("stopped", "told to stop");
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const watch = this.#watch();
    const how = await exited;
    signal.removeEventListener("abort", stop);
    this.#over.abort();
    for (const id of this.#asked.keys()) this.#answer(id, false);
    await watch;
    await Promise.all(this.#pending);
    return { reason: this.#reason ?? "died", detail: this.#detail || how, upMs: clock.monotonic() - startedAt };
  }

  /** Without memory for a process there is none: Node.js throws that, and tells other reasons by an event. */
  #fork(): ChildProcess | undefined {
    const { env } = this.#parts;
    try {
      return fork(childUrl, [], {
        serialization: "advanced",
        execArgv: [],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
        ...(env && { env: { ...env } }),
      });
    } catch (error) {
      this.#detail = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  /** Before it has other threads than its first, which all inherit it. */
  #standBack({ pid }: ChildProcess): void {
    const { niceness = 0, logger } = this.#parts;
    if (pid === undefined || niceness === 0) return;
    try {
      setPriority(pid, niceness);
    } catch (error) {
      logger.debug({ err: error }, "the driver's process stands in line with all others");
    }
  }

  /** Resolves when the process is gone and everything it had sent has arrived. */
  #listen(child: ChildProcess, offer: Offer): Promise<string> {
    const exited = Promise.withResolvers<string>();
    const drained = Promise.withResolvers<void>();
    child.on("message", (message) => this.#take(message as FromChild, offer));
    child.on("disconnect", () => drained.resolve());
    child.on("exit", (code, killedBy) => exited.resolve(`exit ${killedBy ?? code} ${this.#stderr}`.trim()));
    child.on("error", (error) => {
      // A process that never came to be sends neither exit nor disconnect.
      if (child.pid !== undefined) return;
      exited.resolve(error.message);
      drained.resolve();
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept);
    });
    return drained.promise.then(() => exited.promise);
  }

  #take(message: FromChild, offer: Offer): void {
    this.#silentBeats = 0;
    if (message.type === "offer") this.#relay(message.id, offer(message.observation));
    else if (message.type === "identified") this.#answer(message.id, message.isShown);
    else if (message.type === "devices") this.#parts.onDevices(message.devices);
    else if (message.type === "log") this.#parts.logger[message.level](message.fields, message.message);
    else if (message.type === "spent") this.#end("spent", "the driver asked for a new process");
    else if (message.type === "failed") {
      this.#reason = message.reason === "module" ? "module" : "died";
      this.#detail = message.detail;
    } else {
      this.#started = true;
      this.#weigh(message.rssBytes, message.openFiles);
    }
  }

  #weigh(rssBytes: number, openFiles: number): void {
    const { maxRssBytes, maxOpenFiles } = this.#parts.limits;
    if (rssBytes <= maxRssBytes && openFiles <= maxOpenFiles) return;
    void this.#stop("recycled", `it held ${rssBytes} bytes of memory and ${openFiles} open files`);
  }

  #relay(id: number, outcome: ReturnType<Offer>): void {
    const relayed = outcome
      .catch((error: unknown): Outcome => {
        this.#parts.logger.error({ err: error }, "an offer failed");
        return { status: "refused", code: codeOf(error) };
      })
      .then((value) => this.#send({ type: "outcome", id, outcome: value }))
      .finally(() => this.#pending.delete(relayed));
    this.#pending.add(relayed);
  }

  #send(message: ToChild): void {
    // To a child that just died: its exit says all there is to say.
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }

  /**
   * Counts the heartbeat intervals in which nothing came. Intervals, not time: when this process itself was stopped or busy, the
   * child's messages are waiting, and are taken before the next interval ends.
   */
  async #watch(): Promise<void> {
    const { beatMs, missedBeats, startMs } = this.#parts.limits;
    for (;;) {
      await this.#sleep(beatMs);
      if (this.#over.signal.aborted) return;
      this.#silentBeats += 1;
      const allowed = this.#started ? missedBeats : Math.max(missedBeats, Math.ceil(startMs / beatMs));
      if (this.#silentBeats <= allowed || this.#stopping) continue;
      this.#end("hung", `no heartbeat for ${this.#silentBeats * beatMs} ms`);
      this.#child?.kill("SIGKILL");
    }
  }

  async #stop(reason: LifeEnd["reason"], detail: string): Promise<void> {
    this.#end(reason, detail);
    if (this.#stopping) return;
    this.#stopping = true;
    this.#send({ type: "stop" });
    await this.#sleep(this.#parts.limits.stopMs);
    if (!this.#over.signal.aborted) this.#child?.kill("SIGKILL");
  }

  #end(reason: LifeEnd["reason"], detail: string): void {
    this.#reason ??= reason;
    this.#detail ||= detail;
  }

  async #sleep(durationMs: Ms): Promise<void> {
    await this.#parts.clock.sleep(durationMs, this.#over.signal).catch(() => undefined);
  }
}
