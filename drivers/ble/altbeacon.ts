import { formatUuid, int8, plausibleTxPowerDbm, uint16BE } from "./advert-fields.ts";

/** An AltBeacon (AltBeacon Protocol Specification v1.0). */
export interface AltBeaconFrame {
  readonly type: "altbeacon";
  /** Bluetooth company identifier of who made it. */
  readonly companyId: number;
  /** The first 16 bytes of its identifier, in the spelling of a UUID. */
  readonly id1: string;
  readonly id2: number;
  readonly id3: number;
  /** Expected at one metre (reference RSSI), in dBm, where the beacon claims something possible. */
  readonly txPowerDbm?: number;
  /** The manufacturer reserved byte. */
  readonly reserved: number;
}

const frameBytes = 26;

/** Reads manufacturer specific data, company identifier first; `undefined` when it is no AltBeacon. */
export function readAltBeacon(bytes: Uint8Array): AltBeaconFrame | undefined {
  if (bytes.length < frameBytes || bytes[2] !== 0xbe || bytes[3] !== 0xac) return undefined;
  const id1 = formatUuid(bytes.subarray(4, 20));
  if (id1 === undefined) return undefined;
  const txPowerDbm = plausibleTxPowerDbm(int8(bytes, 24));
  return {
    type: "altbeacon",
    companyId: (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8),
    id1,
    id2: uint16BE(bytes, 20),
    id3: uint16BE(bytes, 22),
    ...(txPowerDbm !== undefined && { txPowerDbm }),
    reserved: bytes[25] ?? 0,
  };
}
