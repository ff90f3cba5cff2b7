import type { DeviceState, Driver } from "../../agent/core/driver.ts";
import { StoreloopError } from "../../agent/core/errors.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { aborted } from "../aborted.ts";
import { mayBeCardNumber } from "./codes/card-number.ts";
import { mayBePaymentCode } from "./codes/payment-code.ts";
import type { StripePattern } from "./codes/classify-stripe.ts";
import { lengthsOf, type CodePattern, type MemberPattern } from "./codes/code-patterns.ts";
import type { HidDeviceConfig } from "./device-config.ts";
import { HidStation } from "./hid-station.ts";
import type { HidAccess, HidNode, OpenHid } from "./hid.ts";
import { openNodeHid } from "./hid.native.ts";
import { indistinct, matchDevices } from "./match-device.ts";
import { SeenNodes } from "./seen-nodes.ts";

/** What the driver is told. Plain data, so that it can cross into a child process. */
export interface HidDriverOptions {
  readonly devices: readonly HidDeviceConfig[];
  /** What the store's own codes look like. */
  readonly codes?: {
    readonly members?: readonly MemberPattern[];
    readonly vouchers?: readonly CodePattern[];
    readonly magstripe?: readonly StripePattern[];
  };
  /** Between two looks at what is plugged in. */
  readonly pollMs?: Ms;
}

/** What the driver works with. `open` is there for tests of what no emulated device can do. */
export interface HidDriverParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly open?: OpenHid;
}

const defaultPollMs: Ms = 1_000;

/** Listing devices takes milliseconds; one that hangs in the kernel can hold it up. */
const listWithinMs: Ms = 10_000;

/** A device that never opens must not keep the driver from stopping. */
const stopWithinMs: Ms = 1_500;

/**
 * All HID devices of one machine that are configured: scanners in HID-POS mode and as keyboards, stripe readers. Offers each code and
 * each swipe as a scan, told apart, payment codes and card numbers without their value. Devices may come, go and change sockets. The
 * library is native, so it belongs into a child process (`drivers/host.ts`).
 */
export class HidDriver implements Driver {
  readonly name = "hid";
  readonly #stations: readonly HidStation[];
  readonly #seen: SeenNodes;
  readonly #options: HidDriverOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #open: OpenHid;

  constructor(options: HidDriverOptions, { clock, logger, open }: HidDriverParts) {
    const { members = [], vouchers = [], magstripe = [] } = options.codes ?? {};
    const rules = { members, vouchers, stripes: magstripe };
    this.#stations = options.devices.map((config) => new HidStation({ config, rules, clock, logger }));
    this.#seen = new SeenNodes(rules);
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
    this.#open = open ?? openNodeHid;
  }

  devices(): readonly DeviceState[] {
    return this.#stations.map((station) => station.state());
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    this.#warn();
    const access = await this.#load();
    if (access) await this.#watch(access, offer, signal);
    else await aborted(signal);
    const stopped = new AbortController();
    const stopping = Promise.all(this.#stations.map((station) => station.stop())).then(() => stopped.abort());
    await Promise.race([stopping, this.#pause(stopWithinMs, stopped.signal)]);
  }

  async #watch(access: HidAccess, offer: Offer, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const nodes = await this.#list(access, signal);
      if (nodes) await this.#follow(nodes, access, offer);
      await this.#pause(this.#options.pollMs ?? defaultPollMs, signal);
    }
  }

  async #load(): Promise<HidAccess | undefined> {
    try {
      return await this.#open();
    } catch (error) {
      const code = error instanceof StoreloopError ? error.code : "HID_LIBRARY_MISSING";
      this.#logger.error({ code, err: error }, "cannot open node-hid");
      // A library that is not there will not come while this process lives.
      for (const station of this.#stations) station.setHealth("failed", code, String(error));
      return undefined;
    }
  }

  /** What is plugged in; `undefined` when it could not be found out. Waits as long as it takes, and says so when that is long. */
  async #list(access: HidAccess, signal: AbortSignal): Promise<readonly HidNode[] | undefined> {
    const listed = new AbortController();
    const listing = access.list().catch((error: unknown) => {
      if (!signal.aborted) this.#failAll(String(error));
    });
    const patience = this.#pause(listWithinMs, AbortSignal.any([signal, listed.signal])).then(() => {
      if (!listed.signal.aborted && !signal.aborted) this.#failAll("devices cannot be listed: one of them hangs");
    });
    const nodes = await orAborted(listing, signal);
    listed.abort();
    await patience;
    return nodes ?? undefined;
  }

  #failAll(detail: string): void {
    for (const station of this.#stations) {
      if (station.state().health.state !== "up") station.setHealth("down", "HID_DEVICE_FAILED", detail);
    }
  }

  async #follow(nodes: readonly HidNode[], access: HidAccess, offer: Offer): Promise<void> {
    const seen = this.#seen.look(nodes);
    const configs = await Promise.all(this.#stations.map(({ config }) => resolved(config, access)));
    const held = this.#stations.map(({ device }) => device);
    const given = matchDevices(seen, configs, held);
    for (const [index, station] of this.#stations.entries()) station.follow(given[index] ?? [], access, offer);
  }

  /** What the configuration allows and a store will wonder about. */
  #warn(): void {
    for (const index of indistinct(this.#options.devices)) {
      const deviceId = this.#options.devices[index]?.deviceId;
      this.#logger.warn(
        { deviceId },
        "another device has the same settings: which is which is chance; give serial or path",
      );
    }
    for (const pattern of this.#options.codes?.members ?? []) {
      if (pattern.characters === "alphanumeric") continue;
      const [prefix, lengths] = [pattern.prefix ?? "", lengthsOf(pattern)];
      if (mayBeCardNumber(prefix, lengths)) this.#warnOfCards(pattern.programme);
      if (mayBePaymentCode(prefix, lengths)) this.#warnOfPayments(pattern.programme);
    }
    for (const { programme, prefix } of this.#options.codes?.magstripe ?? []) {
      if (mayBeCardNumber(prefix, { min: 13, max: 19 })) this.#warnOfCards(programme);
    }
  }

  #warnOfCards(programme: string): void {
    this.#logger.warn({ programme }, "numbers of this programme can look like card numbers, and are then refused");
  }

  #warnOfPayments(programme: string): void {
    this.#logger.warn(
      { programme },
      "numbers of this programme can look like a wallet's payment codes, and are then dropped",
    );
  }

  async #pause(durationMs: Ms, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(durationMs, signal).catch(() => undefined);
  }
}

/** A configured device file may be a link that a udev rule made: it leads elsewhere each time the device is plugged in. */
async function resolved(config: HidDeviceConfig, access: HidAccess): Promise<HidDeviceConfig> {
  return config.path?.startsWith("/") === true ? { ...config, path: await access.resolve(config.path) } : config;
}

/** What work resolves to, or `undefined` as soon as the signal is aborted; the work must not reject. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = (): void => resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return await Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", stop));
}

/** Makes the driver: what a child process imports this module for. */
export function createDriver(options: HidDriverOptions, parts: HidDriverParts): HidDriver {
  return new HidDriver(options, parts);
}
