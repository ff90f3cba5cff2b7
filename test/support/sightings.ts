import { asDeviceId, asZoneId } from "../../agent/core/ids.ts";
import type { BleSighting } from "../../agent/core/observation.ts";
import type { Instant } from "../../agent/core/time.ts";

/** A moment so many seconds after the boot. */
export function second(seconds: number, bootId = "boot-1"): Instant {
  const monotonicMs = seconds * 1000;
  return { wallMs: 1_773_475_200_000 + monotonicMs, monotonicMs, bootId, trusted: true };
}

/** A beacon of staff as the radio of a zone heard it; `entrance-2` is the second radio of the entrance. */
export function sighting(radio: string, rssiDbm: number, at: Instant, more: Partial<BleSighting> = {}): BleSighting {
  return {
    kind: "ble-sighting",
    deviceId: asDeviceId(radio),
    zoneId: asZoneId(radio.replace(/-\d+$/, "")),
    beaconId: "staff",
    identifier: "ibeacon:F7826DA6-4FA2-4E98-8024-BC5B71E0893E:1:7",
    rssiDbm,
    adverts: 5,
    at,
    ...more,
  };
}
