import { formatHex, int8, plausibleTxPowerDbm, uint16BE } from "./advert-fields.ts";

/** Eddystone-UID: a namespace of 10 bytes and an instance of 6. */
export interface EddystoneUid {
  readonly type: "eddystone-uid";
  readonly namespace: string;
  readonly instance: string;
  /** Expected at one metre, in dBm. */
  readonly txPowerDbm?: number;
}

/** Eddystone-URL. */
export interface EddystoneUrl {
  readonly type: "eddystone-url";
  readonly url: string;
  /** Expected at one metre, in dBm. */
  readonly txPowerDbm?: number;
}

/** Eddystone-TLM, unencrypted: how the beacon of this address is doing. It does not say which beacon that is. */
export interface EddystoneTlm {
  readonly type: "eddystone-tlm";
  /** Battery voltage in millivolts, unless it has no battery. */
  readonly batteryMv?: number;
  /** In degrees Celsius, where it is measured. */
  readonly temperatureC?: number;
}

/** Eddystone-TLM, encrypted: recognised, not read. */
export interface EddystoneEtlm {
  readonly type: "eddystone-etlm";
}

/** Eddystone-EID: an identifier that changes with time, known to those who have the beacon's identity key. */
export interface EddystoneEid {
  readonly type: "eddystone-eid";
  /** 8 bytes in hexadecimal. */
  readonly eid: string;
  /** Expected at one metre, in dBm. */
  readonly txPowerDbm?: number;
}

/** A frame of the Eddystone protocol (Eddystone Protocol Specification, 2018). */
export type EddystoneFrame = EddystoneUid | EddystoneUrl | EddystoneTlm | EddystoneEtlm | EddystoneEid;

/** Eddystone states the power at the beacon itself; over the first metre 41 dB are lost (Eddystone-UID, Tx Power). */
const firstMetreDb = 41;

const schemes = ["http://www.", "https://www.", "http://", "https://"];
const domains = [".com", ".org", ".edu", ".net", ".info", ".biz", ".gov"];
/** A URL is encoded in a byte for its scheme and 17 more at most (Eddystone-URL, Frame Specification). */
const maxUrlBytes = 18;

/** Reads the service data of UUID 0xFEAA, without the UUID; `undefined` when it is no frame of the specification. Never throws. */
export function readEddystone(bytes: Uint8Array): EddystoneFrame | undefined {
  const frameType = bytes[0];
  if (frameType === 0x00) return readUid(bytes);
  if (frameType === 0x10) return readUrl(bytes);
  if (frameType === 0x20) return readTlm(bytes);
  if (frameType !== 0x30 || bytes.length < 10) return undefined;
  return { type: "eddystone-eid", eid: formatHex(bytes.subarray(2, 10)), ...txPower(bytes) };
}

/** The last two bytes of the frame are reserved, and left out by some beacons. */
function readUid(bytes: Uint8Array): EddystoneUid | undefined {
  if (bytes.length < 18) return undefined;
  const namespace = formatHex(bytes.subarray(2, 12));
  return { type: "eddystone-uid", namespace, instance: formatHex(bytes.subarray(12, 18)), ...txPower(bytes) };
}

function readUrl(bytes: Uint8Array): EddystoneUrl | undefined {
  const encoded = bytes.subarray(2);
  let url = schemes[encoded[0] ?? -1];
  if (url === undefined || encoded.length > maxUrlBytes) return undefined;
  for (const byte of encoded.subarray(1)) {
    const domain = domains[byte % domains.length];
    if (byte < domains.length * 2) url += byte < domains.length ? `${domain}/` : domain;
    else if (byte > 0x20 && byte < 0x7f) url += String.fromCharCode(byte);
    else return undefined;
  }
  return { type: "eddystone-url", url, ...txPower(bytes) };
}

function readTlm(bytes: Uint8Array): EddystoneTlm | EddystoneEtlm | undefined {
  if (bytes[1] === 0x01) return bytes.length < 18 ? undefined : { type: "eddystone-etlm" };
  if (bytes[1] !== 0x00 || bytes.length < 14) return undefined;
  const batteryMv = uint16BE(bytes, 2);
  const temperature = (int8(bytes, 4) << 8) | (bytes[5] ?? 0);
  return {
    type: "eddystone-tlm",
    ...(batteryMv !== 0 && { batteryMv }),
    ...(temperature !== -0x8000 && { temperatureC: temperature / 256 }),
  };
}

function txPower(bytes: Uint8Array): { txPowerDbm?: number } {
  const txPowerDbm = plausibleTxPowerDbm(int8(bytes, 1) - firstMetreDb);
  return txPowerDbm === undefined ? {} : { txPowerDbm };
}
