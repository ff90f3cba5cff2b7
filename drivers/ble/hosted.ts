import type { DeviceState, Driver } from "../../agent/core/driver.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock } from "../../agent/core/time.ts";
import type { HostLimits } from "../host-life.ts";
import { HostedDriver } from "../host.ts";
import type { BeaconConfig } from "./beacon-catalogue.ts";
import type { BleRadioConfig, BleTiming } from "./ble-driver.ts";

/** All radios of a store and the beacons that it knows. */
export interface BleOptions extends Partial<BleTiming> {
  readonly radios: readonly BleRadioConfig[];
  readonly beacons: readonly BeaconConfig[];
}

/** What the hosted drivers work with. */
export interface HostedBleParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<HostLimits>;
  /** Stands in for the driver's module, in tests that put an emulated controller below its library. */
  readonly moduleUrl?: URL;
}

/** A crowd of phones may keep a radio's process busy; a receipt goes before. */
const niceness = 10;

const driverUrl = new URL("./ble-driver.ts", import.meta.url);

/**
 * All Bluetooth radios, each in a child process of its own: one that stalls takes no other with it. This module imports no native
 * library, so it costs a store without radios nothing.
 */
export function createBleDriver(options: BleOptions, parts: HostedBleParts): HostedRadios {
  return new HostedRadios(options, parts);
}

/** The driver that {@link createBleDriver} makes. */
class HostedRadios implements Driver {
  readonly name = "ble";
  readonly #drivers: readonly HostedDriver[];

  constructor({ radios, ...rest }: BleOptions, { moduleUrl = driverUrl, ...parts }: HostedBleParts) {
    const reserved = radios.flatMap(({ port }) => ("uart" in port ? [] : (port.adapter ?? [])));
    this.#drivers = radios.map((radio) => {
      const { deviceId, zoneId } = radio;
      const devices = [{ deviceId, zoneId, type: "ble" }];
      const named = { name: `ble ${deviceId}`, moduleUrl, devices, niceness };
      return new HostedDriver({ ...named, options: { ...rest, radio, reserved }, ...parts });
    });
  }

  /** Process ids of the children that run, in the order of the radios. */
  get childPids(): readonly (number | undefined)[] {
    return this.#drivers.map(({ childPid }) => childPid);
  }

  devices(): readonly DeviceState[] {
    return this.#drivers.flatMap((driver) => driver.devices());
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    await Promise.all(this.#drivers.map((driver) => driver.run(offer, signal)));
  }
}
