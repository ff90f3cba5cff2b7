import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DeviceState, Health } from "../agent/core/driver.ts";
import type { ErrorCode } from "../agent/core/error-catalogue.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Offer, PrintEnd } from "../agent/core/observation.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import { BackOff } from "./back-off.ts";
import { RelayLink } from "./relay-link.ts";
import type { RelayStart } from "./relay-protocol.ts";
import { withGrace } from "./with-grace.ts";

/** A relay that is to run: which driver, with which options, for which devices. */
export interface RelaySpec {
  /** Module that exports `createDriver(options, { clock, logger }): RelayedDriver`. Imported in the relay only. */
  readonly moduleUrl: URL;
  /** Plain values. */
  readonly options: object;
  /** The devices it will report, so that they are known before the relay is. */
  readonly devices: readonly Omit<DeviceState, "health">[];
}

/** What a keeper works with. */
export interface RelayKeeperParts {
  readonly spec: RelaySpec;
  readonly socketPath: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long the relay goes on after an agent that stopped in order. */
  readonly lingerMs: Ms;
}

const beatMs: Ms = 500;

/** A relay that says nothing for so long hangs. It is held to be well for long, since replacing it breaks what prints through it. */
const silentBeats = 60;

/** How long a relay may take from its start until it listens. */
const startMs: Ms = 20_000;
const lookMs: Ms = 20;

const mainPath = fileURLToPath(new URL("./relay-main.ts", import.meta.url));

/** As little memory as a process that only passes bytes on can do with (ADR 0006). */
const leanFlags = ["--max-semi-space-size=1", "--no-opt", "--disable-warning=ExperimentalWarning"];

/**
 * Sees to it that one relay runs, and takes from it what it captured. A relay that an earlier agent left behind is taken over as it
 * is, with everything it holds; one that died or hangs is replaced for as long as it takes.
 */
export class RelayKeeper {
  readonly #parts: RelayKeeperParts;
  readonly #backOff = new BackOff(200, 3_000);
  #states: readonly DeviceState[];
  #link: RelayLink | undefined;
  #relayPid: number | undefined;
  #unended: readonly PrintEnd[] = [];

  constructor(parts: RelayKeeperParts) {
    this.#parts = parts;
    this.#states = this.#all({ state: "starting", sinceMs: parts.clock.now().wallMs });
  }

  /** Process id of the relay, while it is linked. */
  get relayPid(): number | undefined {
    return this.#link?.pid;
  }

  devices(): readonly DeviceState[] {
    return this.#states;
  }

  /** Keeps the relay until aborted, then leaves it to itself. */
  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    await withGrace(signal, this.#parts.clock, async (giveUp) => {
      while (!signal.aborted) {
        this.#link = (await this.#reach(offer)) ?? (await this.#begin(offer, signal));
        if (this.#link === undefined) this.#isDown("HOST_CHILD_DIED", "the relay does not start");
        else await this.#serve(this.#link, offer, signal, giveUp);
        this.#link = undefined;
        await this.#parts.clock.sleep(this.#backOff.next(), signal).catch(() => undefined);
      }
    });
  }

  async #reach(offer: Offer): Promise<RelayLink | undefined> {
    return await RelayLink.to(this.#parts.socketPath, {
      offer,
      logger: this.#parts.logger,
      onMet: (pid) => this.#meet(pid, offer),
      onDevices: (devices) => (this.#states = devices.length === 0 ? this.#states : devices),
      onFailed: (detail) => this.#isDown("HOST_MODULE_INVALID", detail),
    });
  }

  async #begin(offer: Offer, signal: AbortSignal): Promise<RelayLink | undefined> {
    const { clock, spec, socketPath, lingerMs } = this.#parts;
    rmSync(socketPath, { force: true });
    const start: RelayStart = { socketPath, moduleUrl: spec.moduleUrl.href, options: spec.options, beatMs, lingerMs };
    const child = spawn(process.execPath, [...leanFlags, mainPath, JSON.stringify(start)], {
      detached: true,
      stdio: "ignore",
      // No folder of ours is kept busy by it.
      cwd: "/",
    });
    const gone = new AbortController();
    child.once("exit", () => gone.abort()).once("error", () => gone.abort());
    child.unref();
    for (let waitedMs = 0; waitedMs < startMs && !gone.signal.aborted && !signal.aborted; waitedMs += lookMs) {
      const link = await this.#reach(offer);
      if (link !== undefined) return link;
      await clock.sleep(lookMs, signal).catch(() => undefined);
    }
    // Nobody would ever find this one.
    if (!gone.signal.aborted) child.kill("SIGTERM");
    return undefined;
  }

  async #serve(link: RelayLink, offer: Offer, signal: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const { clock, logger, socketPath } = this.#parts;
    const over = new AbortController();
    const watching = this.#watch(link, AbortSignal.any([over.signal, signal]));
    await link.over(signal, giveUp);
    over.abort();
    await watching;
    if (signal.aborted) return;
    if (link.pid !== undefined) this.#unended = link.unended;
    logger.error({ socketPath, relayPid: link.pid, code: "HOST_CHILD_DIED" }, "a relay is gone");
    this.#isDown("HOST_CHILD_DIED", "the relay is gone");
    await clock.sleep(lookMs, signal).catch(() => undefined);
  }

  /** Counts heartbeat intervals in which nothing came; intervals, not time, since this process may have been stopped itself. */
  async #watch(link: RelayLink, signal: AbortSignal): Promise<void> {
    let heard = -1;
    for (let silent = 0; !signal.aborted; silent += 1) {
      if (link.heard !== heard) silent = 0;
      heard = link.heard;
      if (silent >= silentBeats && link.pid !== undefined) {
        this.#parts.logger.error({ relayPid: link.pid, code: "HOST_CHILD_HUNG" }, "a relay hangs and is replaced");
        kill(link.pid);
      }
      await this.#parts.clock.sleep(beatMs, signal).catch(() => undefined);
    }
  }

  /** A relay that is another one than before: the streams of the one before have come to their end. */
  #meet(pid: number, offer: Offer): void {
    if (this.#relayPid === pid) return;
    this.#relayPid = pid;
    this.#backOff.reset();
    for (const end of this.#unended) void offer(end);
    this.#unended = [];
  }

  #isDown(code: ErrorCode, detail: string): void {
    this.#states = this.#all({ state: "down", sinceMs: this.#parts.clock.now().wallMs, code, detail });
  }

  #all(health: Health): readonly DeviceState[] {
    return this.#parts.spec.devices.map((device) => ({ ...device, health }));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
