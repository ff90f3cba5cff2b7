import type { DeviceState, Driver, Health } from "../agent/core/driver.ts";
import type { DeviceId } from "../agent/core/ids.ts";
import type { ErrorCode } from "../agent/core/error-catalogue.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Offer } from "../agent/core/observation.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import { HostLife, type HostLimits, type LifeEnd } from "./host-life.ts";

/** What to run in a child process, and within which bounds. */
export interface HostedDriverOptions {
  /** For logs. */
  readonly name: string;
  /** Module that exports `createDriver(options, { clock, logger, previous }): Driver`. Imported in the child only. */
  readonly moduleUrl: URL;
  /** Handed to `createDriver`; anything the structured clone algorithm can copy. */
  readonly options: unknown;
  /** The devices it will report, so that they are known before the child is. */
  readonly devices: readonly Omit<DeviceState, "health">[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<HostLimits>;
  /** The child's whole environment; by default that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How far the child stands back when there is too little processor for all: 0 not at all, 19 for everybody (nice(2)). */
  readonly niceness?: number;
}

const defaultLimits: HostLimits = {
  beatMs: 500,
  missedBeats: 10,
  startMs: 20_000,
  stopMs: 3_000,
  maxRssBytes: 300 * 1024 * 1024,
  maxOpenFiles: 256,
  maxInFlight: 32,
};

/** How long a device may take to blink or beep. */
const identifyWithinMs: Ms = 3_000;

/** Waits before a new child: doubled from the first to the last, shortened by chance to half at most. */
const firstPauseMs: Ms = 200;
const lastPauseMs: Ms = 3_000;

/** A child that lived this long was well: the next pause is the first again. Only one that dies at its start is held back. */
const wellAfterMs: Ms = 2_000;
/** The same of one that came up and then asked for another: what it works with may come and go. */
const askedAfterMs: Ms = 1_000;

/**
 * Runs a driver in a child process of its own, so that a library that blocks, leaks or crashes takes nothing with it. Looks like the
 * driver in process: offers arrive with their back-pressure (a bounded number await their outcome), device states are what the
 * child last reported, or `down` with `HOST_CHILD_DIED` or `HOST_CHILD_HUNG` while there is no child. A child that dies, hangs or
 * outgrows its memory is replaced for as long as it takes. A child whose parent dies ends itself.
 *
 * A driver whose `run` resolves before it was told to stop asks for a new process: for libraries that cannot be opened twice in one. Its
 * device states stand meanwhile, and the next one is handed them as `previous`.
 */
export class HostedDriver implements Driver {
  readonly name: string;
  readonly #options: HostedDriverOptions;
  readonly #limits: HostLimits;
  #states: readonly DeviceState[];
  #life: HostLife | undefined;
  #pauseMs = firstPauseMs;

  constructor(options: HostedDriverOptions) {
    this.name = options.name;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#states = this.#all({ state: "starting", sinceMs: options.clock.now().wallMs });
  }

  /** Process id of the child, while there is one. */
  get childPid(): number | undefined {
    return this.#life?.pid;
  }

  devices(): readonly DeviceState[] {
    return this.#states;
  }

  /** A child that hangs or is not there has nothing to show. */
  async identify(deviceId: DeviceId, signal: AbortSignal): Promise<boolean> {
    const asked = this.#life?.identify(deviceId);
    if (asked === undefined) return false;
    const done = new AbortController();
    const patience = this.#options.clock.sleep(identifyWithinMs, AbortSignal.any([signal, done.signal]));
    const answer = await Promise.race([asked, patience.then(() => false).catch(() => false)]);
    done.abort();
    return answer;
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    const { moduleUrl, options, clock, logger, env, niceness } = this.#options;
    while (!signal.aborted) {
      this.#life = new HostLife({
        moduleUrl: moduleUrl.href,
        options,
        previous: this.#states,
        limits: this.#limits,
        clock,
        logger,
        ...(env && { env }),
        ...(niceness !== undefined && { niceness }),
        onDevices: (devices) => (this.#states = devices),
      });
      const end = await this.#life.run(offer, signal);
      this.#life = undefined;
      if (!signal.aborted) await this.#recover(end, signal);
    }
    this.#states = this.#all({ state: "down", sinceMs: clock.now().wallMs, detail: "stopped" });
  }

  async #recover(end: LifeEnd, signal: AbortSignal): Promise<void> {
    const { clock, logger, name } = this.#options;
    const { health, code } = this.#healthAfter(end);
    if (health) this.#states = this.#all(health);
    const isOrderly = end.reason === "recycled" || end.reason === "spent";
    const isWell = end.upMs >= (end.reason === "spent" ? askedAfterMs : wellAfterMs);
    if (isWell) this.#pauseMs = firstPauseMs;
    // An orderly replacement of a child that was well need not wait.
    const pauseMs = isOrderly && isWell ? 0 : this.#pauseMs * (0.5 + Math.random() / 2);
    const fields = { driver: name, code, reason: end.reason, detail: end.detail, upMs: end.upMs, pauseMs };
    if (isOrderly) logger.info(fields, "driver process is replaced");
    else logger.error(fields, "driver process is gone");
    this.#pauseMs = Math.min(this.#pauseMs * 2, lastPauseMs);
    await clock.sleep(pauseMs, signal).catch(() => undefined);
  }

  #healthAfter(end: LifeEnd): { health?: Health; code: ErrorCode | undefined } {
    // What the driver said last is why it asked.
    if (end.reason === "spent") return { code: undefined };
    const sinceMs = this.#options.clock.now().wallMs;
    if (end.reason === "recycled")
      return { health: { state: "starting", sinceMs, detail: end.detail }, code: undefined };
    const code = codes[end.reason];
    return { health: { state: "down", sinceMs, code, detail: `the driver process ended: ${end.reason}` }, code };
  }

  #all(health: Health): readonly DeviceState[] {
    return this.#options.devices.map((device) => ({ ...device, health }));
  }
}

const codes: Readonly<Record<Exclude<LifeEnd["reason"], "recycled" | "spent">, ErrorCode>> = {
  stopped: "HOST_CHILD_DIED",
  died: "HOST_CHILD_DIED",
  hung: "HOST_CHILD_HUNG",
  module: "HOST_MODULE_INVALID",
};
