import { formatUuid, int8, plausibleTxPowerDbm, uint16BE } from "./advert-fields.ts";

/** An iBeacon (Apple, Proximity Beacon Specification, release R1). */
export interface IBeaconFrame {
  readonly type: "ibeacon";
  readonly uuid: string;
  readonly major: number;
  readonly minor: number;
  /** Expected at one metre, in dBm, where the beacon claims something possible. */
  readonly txPowerDbm?: number;
}

/** Whatever else Apple's devices say to one another: hand-off, pairing, nearby, overflow areas. */
export interface AppleContinuity {
  readonly type: "apple-continuity";
}

const prefix = [0x4c, 0x00, 0x02, 0x15];
const frameBytes = 25;

/** Reads the manufacturer specific data of Apple (company 0x004C, little-endian first); `undefined` for that of others. */
export function readApple(bytes: Uint8Array): IBeaconFrame | AppleContinuity | undefined {
  if (bytes[0] !== prefix[0] || bytes[1] !== prefix[1]) return undefined;
  const uuid = formatUuid(bytes.subarray(4, 20));
  const isBeacon = bytes.length >= frameBytes && prefix.every((byte, at) => bytes[at] === byte);
  if (!isBeacon || uuid === undefined) return { type: "apple-continuity" };
  const txPowerDbm = plausibleTxPowerDbm(int8(bytes, 24));
  return {
    type: "ibeacon",
    uuid,
    major: uint16BE(bytes, 20),
    minor: uint16BE(bytes, 22),
    ...(txPowerDbm !== undefined && { txPowerDbm }),
  };
}
