import { readStructures, type AdvertStructure } from "./advert-structures.ts";
import { readAltBeacon, type AltBeaconFrame } from "./altbeacon.ts";
import { readApple, type AppleContinuity, type IBeaconFrame } from "./ibeacon.ts";
import { readEddystone, type EddystoneFrame } from "./eddystone.ts";

/** A contact-tracing frame of a phone: never used to recognise it. */
export interface ExposureNotification {
  readonly type: "exposure-notification";
}

/** What an advert was recognised as. */
export type BeaconFrame = IBeaconFrame | AltBeaconFrame | EddystoneFrame | AppleContinuity | ExposureNotification;

/** AD types (Assigned Numbers, 2.3). */
const manufacturerSpecific = 0xff;
const serviceData16 = 0x16;
const services16 = new Set([0x02, 0x03]);

/** 16-bit UUIDs (Assigned Numbers, 3.11), as they stand in an advert: little-endian. */
const eddystone = 0xfeaa;
const exposureNotification = 0xfd6f;

/**
 * The frame that an advert carries, decided from this advert alone: its first beacon frame, else what is recognised only to be
 * ignored, else nothing. Never throws, whatever the bytes.
 */
export function readFrame(advert: Uint8Array): BeaconFrame | undefined {
  let ignored: BeaconFrame | undefined;
  for (const structure of readStructures(advert)) {
    const frame = readStructure(structure);
    if (!frame) continue;
    if (!isIgnored(frame)) return frame;
    ignored ??= frame;
  }
  return ignored;
}

/** Whether a frame is known and of no use here: a phone's own traffic. */
function isIgnored(frame: BeaconFrame): frame is AppleContinuity | ExposureNotification {
  return frame.type === "apple-continuity" || frame.type === "exposure-notification";
}

function readStructure({ type, bytes }: AdvertStructure): BeaconFrame | undefined {
  if (type === manufacturerSpecific) return readAltBeacon(bytes) ?? readApple(bytes);
  if (type === serviceData16) {
    const uuid = uint16(bytes, 0);
    if (uuid === eddystone) return readEddystone(bytes.subarray(2));
    return uuid === exposureNotification ? { type: "exposure-notification" } : undefined;
  }
  return services16.has(type) && lists(bytes, exposureNotification) ? { type: "exposure-notification" } : undefined;
}

function lists(uuids: Uint8Array, uuid: number): boolean {
  for (let at = 0; at + 1 < uuids.length; at += 2) if (uint16(uuids, at) === uuid) return true;
  return false;
}

function uint16(bytes: Uint8Array, at: number): number | undefined {
  const [low, high] = [bytes[at], bytes[at + 1]];
  return low === undefined || high === undefined ? undefined : low | (high << 8);
}
