import type { DeviceState, Driver } from "../../agent/core/driver.ts";
import type { DeviceId, ZoneId } from "../../agent/core/ids.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { adapterFolder, lineNumber, presenceOf } from "./adapter-presence.ts";
import { AdvertSorter } from "./advert-sorter.ts";
import { BeaconCatalogue, type BeaconConfig } from "./beacon-catalogue.ts";
import { openRadio } from "./open-radio.ts";
import { powerCycle } from "./power-cycle.ts";
import type { RadioEvents } from "./radio-events.ts";
import { RadioHealth } from "./radio-health.ts";
import { RadioOpener, type OpeningTiming } from "./radio-opener.ts";
import { RadioSession, type RadioTiming, type SessionEnd } from "./radio-session.ts";
import type { OpenRadio, Radio, RadioPort } from "./radio.ts";

/** A configured radio. */
export interface BleRadioConfig {
  readonly deviceId: DeviceId;
  readonly zoneId: ZoneId;
  readonly port: RadioPort;
}

/** How often and how long, unless the defaults do. */
export interface BleTiming extends RadioTiming, OpeningTiming {
  /** Between two sightings of one beacon. */
  readonly summaryMs: Ms;
}

/** What the driver is told. Plain data, so that it can cross into a child process. */
export interface BleDriverOptions extends Partial<BleTiming> {
  readonly radio: BleRadioConfig;
  readonly beacons: readonly BeaconConfig[];
  /** Numbers of adapters that other radios use. */
  readonly reserved?: readonly number[];
}

/** What the driver works with. `open` and `adapterFolder` are there for tests of what no emulated controller can do. */
export interface BleDriverParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the driver's last process said, if there was one. */
  readonly previous?: readonly DeviceState[];
  readonly open?: OpenRadio;
  readonly adapterFolder?: string;
}

const defaults: BleTiming = {
  summaryMs: 1_000,
  quietMs: 60_000,
  answerMs: 5_000,
  openMs: 10_000,
  retryMs: 3_000,
  alarmMs: 300_000,
};

/** Between two looks at a serial port. */
const lookMs: Ms = 1_000;

/** Between two descriptions of what is heard. */
const describeMs: Ms = 60_000;

/**
 * One Bluetooth radio. Offers a sighting of each known beacon a `summaryMs`; nothing else of what the air brings leaves it. While an offer
 * awaits its outcome, the next summary grows instead of a queue.
 *
 * Its libraries leak, cannot be opened twice and throw out of callbacks: it belongs into a child process (`drivers/host.ts`). `run`
 * resolves when the radio needs a new one; what came before it is told by `previous`. The ladder for a controller that does not answer:
 * start the scan anew ({@link RadioSession}), new process, turn the adapter off and on, alarm. An alarm is tried again, with all of that,
 * every `alarmMs`.
 */
export class BleDriver implements Driver {
  readonly name: string;
  readonly #radio: BleRadioConfig;
  readonly #timing: BleTiming;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #folder: string;
  readonly #sorter: AdvertSorter;
  readonly #health: RadioHealth;
  readonly #opener: RadioOpener;

  constructor(options: BleDriverOptions, { clock, logger, previous, open, adapterFolder: folder }: BleDriverParts) {
    const { radio, beacons, reserved = [] } = options;
    this.name = `ble ${radio.deviceId}`;
    this.#radio = radio;
    this.#timing = { ...defaults, ...options };
    this.#clock = clock;
    this.#logger = logger;
    this.#folder = folder ?? adapterFolder;
    this.#sorter = new AdvertSorter(new BeaconCatalogue(beacons), clock);
    const last = previous?.find(({ deviceId }) => deviceId === radio.deviceId);
    this.#health = new RadioHealth(clock, last?.health);
    this.#opener = new RadioOpener({
      port: radio.port,
      timing: this.#timing,
      clock,
      logger,
      open: open ?? openRadio,
      folder: this.#folder,
      reserved,
      health: this.#health,
      adapter: last?.adapter,
      take: (advert) => this.#sorter.take(advert),
    });
  }

  devices(): readonly DeviceState[] {
    const { deviceId, zoneId } = this.#radio;
    const { adapter } = this.#opener;
    const health = this.#health.current;
    return [{ deviceId, zoneId, type: "ble", ...(adapter !== undefined && { adapter }), health }];
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const reporting = this.#report(offer, AbortSignal.any([signal, done.signal]));
    try {
      await this.#live(signal);
    } finally {
      done.abort();
      await reporting;
    }
  }

  /** From opening the radio to where it needs a new process. */
  async #live(signal: AbortSignal): Promise<void> {
    const opened = await this.#opener.open(signal);
    if (opened === undefined) return;
    const { events, radio } = opened;
    const done = new AbortController();
    const watching = this.#watchLine(events, AbortSignal.any([signal, done.signal]));
    await this.#serve(radio, events, signal);
    done.abort();
    await watching;
    this.#close(radio);
  }

  async #serve(radio: Radio, events: RadioEvents, signal: AbortSignal): Promise<void> {
    const session = new RadioSession({
      radio,
      events,
      timing: this.#timing,
      clock: this.#clock,
      logger: this.#logger,
      onScanning: (quiet) => this.#health.up(quiet ?? "scanning"),
    });
    let isCycled = false;
    for (;;) {
      const end = await session.run(signal);
      const wasStalled = this.#health.stalledBefore !== undefined;
      const isClimbing = end === "stalled" && wasStalled && !session.wasUp && !isCycled;
      if (isClimbing) {
        isCycled = true;
        await this.#powerCycle(session.trouble, signal);
      } else if (end !== "off" || !(await this.#waitForPower(events, signal))) {
        const isAllTried = isCycled && !session.wasUp;
        await events.next(this.#leave(end, session.trouble, isAllTried), signal);
        return;
      }
    }
  }

  /**
   * Looks after a serial port by itself: once the kernel has hung it up read(2) gives 0 instead of an error, and serialport may then read
   * for ever and say nothing.
   */
  async #watchLine(events: RadioEvents, signal: AbortSignal): Promise<void> {
    const { port } = this.#radio;
    if (!("uart" in port)) return;
    const opened = lineNumber(port);
    let isThere = opened !== undefined;
    while (isThere && !signal.aborted) {
      await this.#pause(lookMs, signal);
      isThere = lineNumber(port) === opened;
    }
    events.lineLost();
  }

  /** True when an adapter that is off may be on again; false when it has to be opened anew. */
  async #waitForPower(events: RadioEvents, signal: AbortSignal): Promise<boolean> {
    const port = this.#opener.place;
    if ("uart" in port || presenceOf(port, this.#folder) !== "there") return false;
    this.#health.set("down", "BLE_ADAPTER_DOWN", "the adapter is turned off");
    await events.next(this.#timing.retryMs, signal);
    return true;
  }

  async #powerCycle(trouble: string, signal: AbortSignal): Promise<void> {
    const done = await powerCycle(this.#opener.place, this.#folder, this.#clock, signal);
    this.#logger.warn({ done }, "controller is stalled in a new process too");
    this.#health.stalled(this.#health.stalledBefore?.state ?? "down", `${trouble}, in a new process too; ${done}`);
  }

  /** Says why the session is over. Returns how long a new process would be of no use, unless something changes. */
  #leave(end: SessionEnd, trouble: string, isAllTried: boolean): Ms {
    if (end === "stalled" && isAllTried) {
      const detail = `${this.#health.current.detail ?? ""}, and that did not help: unplug it for ten seconds`;
      this.#logger.error({ code: "BLE_SCAN_STALLED" }, "controller is stalled and nothing helped");
      this.#health.stalled("failed", detail);
      return this.#timing.alarmMs;
    }
    if (end === "stalled") {
      this.#health.stalled("down", `${trouble}; it gets a new process`);
    } else if (end === "off" || end === "gone") {
      // The new process waits for it, without a library that may be reading a dead port for ever.
      this.#health.set("down", "BLE_ADAPTER_GONE", "it went away");
      this.#opener.forgetAdapter();
    } else if (end !== "aborted") {
      const isDenied = end === "denied";
      const detail = isDenied ? "this user may not use it" : "it does not know Bluetooth LE";
      this.#health.set("down", isDenied ? "BLE_DENIED" : "BLE_NO_BLUETOOTH", detail);
      // Nothing but a new process tells whether that has changed.
      return this.#timing.retryMs * 10;
    }
    return 0;
  }

  #close(radio: Radio): void {
    try {
      radio.close();
    } catch (error) {
      this.#logger.debug({ err: error }, "the radio could not be closed");
    }
  }

  async #report(offer: Offer, signal: AbortSignal): Promise<void> {
    const { deviceId, zoneId } = this.#radio;
    let describedAtMs = this.#clock.monotonic();
    while (!signal.aborted) {
      await this.#pause(this.#timing.summaryMs, signal);
      const at = this.#clock.now();
      const offers = this.#sorter
        .summaries()
        .map((summary) => offer({ kind: "ble-sighting", deviceId, zoneId, at, ...summary }));
      await Promise.all(offers);
      if (at.monotonicMs - describedAtMs < describeMs) continue;
      describedAtMs = at.monotonicMs;
      const described = this.#sorter.describe();
      if (described !== undefined && this.#health.current.state === "up") this.#health.up(described);
    }
  }

  async #pause(durationMs: Ms, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(durationMs, signal).catch(() => undefined);
  }
}

/** Makes the driver: what a child process imports this module for. */
export function createDriver(options: BleDriverOptions, parts: BleDriverParts): BleDriver {
  return new BleDriver(options, parts);
}
