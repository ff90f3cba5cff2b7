import type { KnownBeacon } from "./beacon-catalogue.ts";
import type { BeaconFrame } from "./beacon-frame.ts";

/** Addresses of beacons, and beacons with a battery, that are remembered at most. */
const maxRemembered = 256;

/**
 * Remembers how the batteries of Eddystone beacons are doing. Telemetry does not say whose it is, so it counts for the known beacon that
 * was last heard from the same address (Eddystone-TLM: sent interleaved with another frame). Bounded: 256 addresses, 256 beacons.
 */
export class BatteryNotes {
  readonly #owners = new Map<string, string>();
  readonly #millivolts = new Map<string, number>();

  /** Takes in an advert and the known beacon that it comes from, if any. */
  note(address: string, frame: BeaconFrame | undefined, beacon: KnownBeacon | undefined): void {
    if (frame?.type === "eddystone-tlm") {
      const owner = frame.batteryMv === undefined ? undefined : this.#owners.get(address);
      if (owner !== undefined) remember(this.#millivolts, owner, frame.batteryMv ?? 0);
    } else if (beacon && frame?.type.startsWith("eddystone") === true) {
      remember(this.#owners, address, beacon.beaconId);
    }
  }

  /** The known beacon whose battery is weakest, in millivolts. */
  weakest(): { readonly beaconId: string; readonly millivolts: number } | undefined {
    let weakest: { beaconId: string; millivolts: number } | undefined;
    for (const [beaconId, millivolts] of this.#millivolts) {
      if (!weakest || millivolts < weakest.millivolts) weakest = { beaconId, millivolts };
    }
    return weakest;
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  const oldest = map.size >= maxRemembered && !map.has(key) ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
