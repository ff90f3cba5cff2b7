import { parseHex } from "../advert-fields.ts";

/** Which beacon to write an advert of. Powers in dBm, as the frame states them: at one metre, for Eddystone at the beacon itself. */
export type VirtualBeacon =
  | {
      readonly type: "ibeacon";
      readonly uuid: string;
      readonly major: number;
      readonly minor: number;
      readonly tx: number;
    }
  | {
      readonly type: "altbeacon";
      readonly companyId: number;
      readonly id1: string;
      readonly id2: number;
      readonly id3: number;
      readonly tx: number;
    }
  | { readonly type: "eddystone-uid"; readonly namespace: string; readonly instance: string; readonly tx: number }
  | { readonly type: "eddystone-eid"; readonly eid: string; readonly tx: number }
  | { readonly type: "eddystone-tlm"; readonly batteryMv: number; readonly temperatureC: number };

/** The AD structures that a beacon sends: flags, and its frame. Throws a RangeError when an identifier has not its length. */
export function writeAdvert(beacon: VirtualBeacon): Uint8Array {
  const flags = structure(0x01, Uint8Array.of(0x06));
  return Uint8Array.from(Buffer.concat([flags, ...frameOf(beacon)]));
}

/** One AD structure (Core Specification, Vol 3, Part C, 11). */
export function structure(type: number, bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(bytes.length + 1, type, ...bytes);
}

function frameOf(beacon: VirtualBeacon): readonly Uint8Array[] {
  switch (beacon.type) {
    case "ibeacon": {
      const identity = [parseHex(beacon.uuid, 16), uint16(beacon.major), uint16(beacon.minor)];
      return [manufacturer(0x004c, [Uint8Array.of(0x02, 0x15), ...identity, byte(beacon.tx)])];
    }
    case "altbeacon": {
      const identity = [parseHex(beacon.id1, 16), uint16(beacon.id2), uint16(beacon.id3)];
      return [manufacturer(beacon.companyId, [Uint8Array.of(0xbe, 0xac), ...identity, byte(beacon.tx), byte(0)])];
    }
    case "eddystone-uid": {
      const identity = [parseHex(beacon.namespace, 10), parseHex(beacon.instance, 6)];
      return eddystone(0x00, [byte(beacon.tx), ...identity, new Uint8Array(2)]);
    }
    case "eddystone-eid":
      return eddystone(0x30, [byte(beacon.tx), parseHex(beacon.eid, 8)]);
    case "eddystone-tlm": {
      const temperature = uint16(Math.round(beacon.temperatureC * 256));
      return eddystone(0x20, [byte(0), uint16(beacon.batteryMv), temperature, new Uint8Array(8)]);
    }
  }
}

function byte(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff);
}

function manufacturer(companyId: number, parts: readonly Uint8Array[]): Uint8Array {
  return structure(0xff, Buffer.concat([Uint8Array.of(companyId & 0xff, companyId >> 8), ...parts]));
}

function eddystone(frameType: number, parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const uuid = Uint8Array.of(0xaa, 0xfe);
  return [structure(0x03, uuid), structure(0x16, Buffer.concat([uuid, Uint8Array.of(frameType), ...parts]))];
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff);
}
