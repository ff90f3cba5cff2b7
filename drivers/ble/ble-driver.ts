import type { DeviceState, Driver, Health } from "../../agent/core/driver.ts";
import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import { codeOf } from "../../agent/core/errors.ts";
import type { DeviceId, ZoneId } from "../../agent/core/ids.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { adapterFolder, adapterNumbers, lineNumber, presenceOf } from "./adapter-presence.ts";
import { adaptersChange } from "./adapters-change.ts";
import { addressOf } from "./address-of.ts";
import { AdvertSorter } from "./advert-sorter.ts";
import { BeaconCatalogue, type BeaconConfig } from "./beacon-catalogue.ts";
import { findAdapter, isAddressed, lackOf, type AddressedPort, type OpenedRadio } from "./find-adapter.ts";
import { openRadio } from "./open-radio.ts";
import { powerCycle } from "./power-cycle.ts";
import { RadioEvents } from "./radio-events.ts";
import { RadioSession, type RadioTiming, type SessionEnd } from "./radio-session.ts";
import type { OpenRadio, Radio, RadioPort } from "./radio.ts";

/** A configured radio. */
export interface BleRadioConfig {
  readonly deviceId: DeviceId;
  readonly zoneId: ZoneId;
  readonly port: RadioPort;
}

/** How often and how long, unless the defaults do. */
export interface BleTiming extends RadioTiming {
  /** Between two sightings of one beacon. */
  readonly summaryMs: Ms;
  /** Between two tries of what is not there. */
  readonly retryMs: Ms;
  /** Between two tries of what only a person can mend. */
  readonly alarmMs: Ms;
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
  quietMs: 300_000,
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
  readonly #open: OpenRadio;
  readonly #folder: string;
  readonly #sorter: AdvertSorter;
  readonly #reserved: readonly number[];
  /** How the last process left it, when that was stalled. */
  readonly #stalledBefore: Health | undefined;
  #health: Health;
  /** Number of the adapter that has the configured address, once it is known; from process to process. */
  #adapter: number | undefined;
  /** Whose adverts count. */
  #listened: RadioEvents | undefined;

  constructor(options: BleDriverOptions, { clock, logger, previous, open, adapterFolder: folder }: BleDriverParts) {
    this.name = `ble ${options.radio.deviceId}`;
    this.#radio = options.radio;
    this.#timing = { ...defaults, ...options };
    this.#clock = clock;
    this.#logger = logger;
    this.#open = open ?? openRadio;
    this.#folder = folder ?? adapterFolder;
    this.#sorter = new AdvertSorter(new BeaconCatalogue(options.beacons), clock);
    this.#reserved = options.reserved ?? [];
    const last = previous?.find(({ deviceId }) => deviceId === options.radio.deviceId);
    this.#adapter = last?.adapter;
    const before = last?.health;
    this.#stalledBefore = before?.code === "BLE_SCAN_STALLED" ? before : undefined;
    // What was wrong is wrong until it is better.
    const isDown = before?.state === "down" || before?.state === "failed";
    this.#health = isDown ? before : { state: "starting", sinceMs: clock.now().wallMs };
  }

  devices(): readonly DeviceState[] {
    const { deviceId, zoneId } = this.#radio;
    const adapter = this.#adapter;
    return [{ deviceId, zoneId, type: "ble", ...(adapter !== undefined && { adapter }), health: this.#health }];
  }

  /** Where the open radio is: never just any adapter where its address is configured. */
  get #place(): RadioPort {
    const { port } = this.#radio;
    return isAddressed(port) && this.#adapter !== undefined ? { ...port, adapter: this.#adapter } : port;
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
    const { events, radio } = (await this.#openWhenThere(signal)) ?? {};
    if (!events || !radio) return;
    this.#listened = events;
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
      onScanning: (quiet) => this.#setHealth("up", undefined, quiet ?? "scanning"),
    });
    let isCycled = false;
    for (;;) {
      const end = await session.run(signal);
      const isClimbing = end === "stalled" && this.#stalledBefore !== undefined && !session.wasUp && !isCycled;
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

  /** What an adapter hears that was only asked for its address is another zone's. */
  async #openPort(port: RadioPort): Promise<OpenedRadio> {
    const events: RadioEvents = new RadioEvents(
      this.#clock,
      (advert) => events === this.#listened && this.#sorter.take(advert),
      "uart" in port,
    );
    return { events, radio: await this.#open(port, events) };
  }

  async #openWhenThere(signal: AbortSignal): Promise<OpenedRadio | undefined> {
    const { port } = this.#radio;
    while (await this.#waitForPresence(signal)) {
      try {
        return await (isAddressed(port) ? this.#find(port, signal) : this.#openPort(port));
      } catch (error) {
        const code = codeOf(error);
        // A library that is not there will not come while this process lives.
        const isMissing = code === "BLE_LIBRARY_MISSING";
        if (this.#health.code !== code) this.#logger.warn({ code, err: error }, "cannot open the radio");
        this.#setHealth(isMissing ? "failed" : "down", code, error instanceof Error ? error.message : String(error));
        await this.#pause(isMissing ? Infinity : this.#timing.retryMs, signal);
      }
    }
    return undefined;
  }

  /** Nothing when it needs a new process, which opens what was found and nothing else, or looks again. */
  async #find(port: AddressedPort, signal: AbortSignal): Promise<OpenedRadio | undefined> {
    const folder = this.#folder;
    const among = adapterNumbers(folder);
    const end = await findAdapter(port, {
      folder,
      last: this.#adapter,
      reserved: this.#reserved,
      open: (adapter) => this.#openPort(adapter),
      addressOf: ({ radio, events }) => addressOf(radio, events, this.#timing.openMs, this.#clock, signal),
      signal,
    });
    if (signal.aborted) return undefined;
    this.#adapter = end.status === "found" ? end.adapter : undefined;
    if (end.status === "found") return end.isReady ? end.opened : undefined;
    const { quiet } = end;
    const { code, detail } = lackOf(port.address, quiet);
    const isAlarm = code === "BLE_SCAN_STALLED" && this.#stalledBefore !== undefined;
    if (isAlarm) this.#logger.error({ code, detail }, "the adapter of the radio cannot be told");
    this.#setHealth(isAlarm ? "failed" : "down", code, detail);
    // They are asked again after as long as this has lasted already, within bounds.
    const { retryMs, alarmMs } = this.#timing;
    const lastedMs = this.#clock.now().wallMs - this.#health.sinceMs;
    const atMostMs = Math.min(Math.max(lastedMs, retryMs * 10), alarmMs);
    await adaptersChange({ folder, among, quiet, clock: this.#clock, everyMs: retryMs, atMostMs }, signal);
    return undefined;
  }

  /** False when aborted. */
  async #waitForPresence(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const presence = presenceOf(this.#radio.port, this.#folder);
      if (presence === "there") return true;
      const code = presence === "gone" ? "BLE_ADAPTER_GONE" : "BLE_DENIED";
      this.#setHealth("down", code, presence === "gone" ? "it is not there" : "this user may not open it");
      await this.#pause(this.#timing.retryMs, signal);
    }
    return false;
  }

  /** True when an adapter that is off may be on again; false when it has to be opened anew. */
  async #waitForPower(events: RadioEvents, signal: AbortSignal): Promise<boolean> {
    const port = this.#place;
    if ("uart" in port || presenceOf(port, this.#folder) !== "there") return false;
    this.#setHealth("down", "BLE_ADAPTER_DOWN", "the adapter is turned off");
    await events.next(this.#timing.retryMs, signal);
    return true;
  }

  async #powerCycle(trouble: string, signal: AbortSignal): Promise<void> {
    const done = await powerCycle(this.#place, this.#folder, this.#clock, signal);
    this.#logger.warn({ done }, "controller is stalled in a new process too");
    this.#setStalled(this.#stalledBefore?.state ?? "down", `${trouble}, in a new process too; ${done}`);
  }

  /** Says why the session is over. Returns how long a new process would be of no use, unless something changes. */
  #leave(end: SessionEnd, trouble: string, isAllTried: boolean): Ms {
    if (end === "stalled" && isAllTried) {
      const detail = `${this.#health.detail ?? ""}, and that did not help: unplug it for ten seconds`;
      this.#logger.error({ code: "BLE_SCAN_STALLED" }, "controller is stalled and nothing helped");
      this.#setStalled("failed", detail);
      return this.#timing.alarmMs;
    }
    if (end === "stalled") {
      this.#setStalled("down", `${trouble}; it gets a new process`);
    } else if (end === "off" || end === "gone") {
      // The new process waits for it, without a library that may be reading a dead port for ever.
      this.#setHealth("down", "BLE_ADAPTER_GONE", "it went away");
      // Its number may be another's when it is back.
      this.#adapter = undefined;
    } else if (end !== "aborted") {
      const isDenied = end === "denied";
      const detail = isDenied ? "this user may not use it" : "it does not know Bluetooth LE";
      this.#setHealth("down", isDenied ? "BLE_DENIED" : "BLE_NO_BLUETOOTH", detail);
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
      if (described !== undefined && this.#health.state === "up") this.#setHealth("up", undefined, described);
    }
  }

  #setStalled(state: Health["state"], detail: string): void {
    this.#setHealth(state, "BLE_SCAN_STALLED", detail);
  }

  #setHealth(state: Health["state"], code: ErrorCode | undefined, detail: string): void {
    const isSame = this.#health.state === state && this.#health.code === code;
    const sinceMs = isSame ? this.#health.sinceMs : this.#clock.now().wallMs;
    this.#health = { state, sinceMs, detail, ...(code && { code }) };
  }

  async #pause(durationMs: Ms, signal: AbortSignal): Promise<void> {
    if (durationMs === Infinity) return await aborted(signal);
    await this.#clock.sleep(durationMs, signal).catch(() => undefined);
  }
}

/** Makes the driver: what a child process imports this module for. */
export function createDriver(options: BleDriverOptions, parts: BleDriverParts): BleDriver {
  return new BleDriver(options, parts);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
