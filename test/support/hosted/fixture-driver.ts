import { openSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { DeviceState, Driver } from "../../../agent/core/driver.ts";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Logger } from "../../../agent/core/logger.ts";
import type { Observation, Offer } from "../../../agent/core/observation.ts";
import type { Clock } from "../../../agent/core/time.ts";

/** What the fixture is to do in its child process. */
export interface FixtureOptions {
  /** Offers made at once, without waiting for an outcome. */
  readonly offers?: number;
  /** Then this. `idle`: wait to be stopped; `block`: never come back to the event loop; `grow`, `leak`: hold ever more memory, files; `spend-once`: ask for a new process, unless the last one has. */
  readonly behaviour?: "idle" | "block" | "grow" | "leak" | "reject" | "ignore-stop" | "spend-once";
  /** A file to make once those offers are on their way. */
  readonly marker?: string;
  /** One more offer after being told to stop. */
  readonly lastOffer?: boolean;
}

/** The device the fixture reports. */
export const fixtureDevice = { deviceId: asDeviceId("fixture-1"), laneId: asLaneId("01"), type: "fixture" };

interface FixtureParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly previous: readonly DeviceState[];
}

class FixtureDriver implements Driver {
  readonly name = "fixture";
  readonly #options: FixtureOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #previous: readonly DeviceState[];
  #state: DeviceState["health"]["state"] = "starting";
  #code: string | undefined;

  constructor(options: FixtureOptions, parts: FixtureParts) {
    this.#options = options;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#previous = parts.previous;
  }

  devices(): readonly DeviceState[] {
    const code = this.#code === undefined ? {} : { code: this.#code };
    return [{ ...fixtureDevice, health: { state: this.#state, sinceMs: 0, detail: String(process.pid), ...code } }];
  }

  identify(deviceId: string): Promise<boolean> {
    return Promise.resolve(deviceId === fixtureDevice.deviceId);
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    this.#state = "up";
    this.#logger.info({ pid: process.pid, closure: () => undefined }, "fixture runs");
    const { offers = 0, behaviour = "idle", marker, lastOffer = false } = this.#options;
    const made = Array.from({ length: offers }, (_, index) => offer(this.#unread(String(index))));
    await setImmediate();
    if (marker !== undefined) writeFileSync(marker, "");
    await this.#behave(behaviour, signal);
    const outcomes = await Promise.all(made);
    if (lastOffer) outcomes.push(await offer(this.#unread("last")));
    this.#logger.info({ outcomes: outcomes.map(({ status }) => status) }, "fixture stops");
  }

  async #behave(behaviour: NonNullable<FixtureOptions["behaviour"]>, signal: AbortSignal): Promise<void> {
    if (behaviour === "reject") throw new Error("a defect in the driver");
    if (behaviour === "spend-once" && !this.#previous.some(({ health }) => health.code === "SPENT")) {
      this.#state = "down";
      this.#code = "SPENT";
      return;
    }
    // Long enough for what was sent to be on its way.
    if (behaviour === "block") await this.#clock.sleep(300, signal);
    if (behaviour === "block") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    const stop = behaviour === "ignore-stop" ? new AbortController().signal : signal;
    const held: Buffer[] = [];
    while (!stop.aborted) {
      if (behaviour === "grow") held.push(Buffer.alloc(4 * 1024 * 1024, 1));
      if (behaviour === "leak") openSync("/dev/null", "r");
      await this.#clock.sleep(10, stop).catch(() => undefined);
    }
  }

  #unread(reason: string): Observation {
    const { deviceId, laneId } = fixtureDevice;
    return { kind: "nfc-unread", readingId: `reading-${reason}`, deviceId, laneId, at: this.#clock.now(), reason };
  }
}

/** What the host's child process imports this module for. */
export function createDriver(options: FixtureOptions, parts: FixtureParts): Driver {
  return new FixtureDriver(options, parts);
}
