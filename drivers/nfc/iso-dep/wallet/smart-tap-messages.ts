import { command, selectCommand } from "../../apdu.ts";
import { applications } from "../select.ts";
import { encodeRecords, parseRecords, recordNamed } from "./nested-records.ts";

/**
 * Messages of Google Smart Tap 2.1: kormax/google-smart-tap, README, and Google's reference
 * (developers.google.com/wallet/smart-tap/terminal/reference). Each is an NDEF message with further ones inside.
 */

/** SELECT SMART TAP 2. */
export const selectSmartTap: Uint8Array = selectCommand(applications.smartTap);

/** GET MORE DATA, after an answer that was not all. */
export const getMoreCommand: Uint8Array = command([0x90, 0xc0, 0x00, 0x00]);

/** Length of the random numbers of either side. */
export const nonceBytes = 32;

/** A point of P-256 in compressed form (SEC 1, 2.3.3). */
const pointBytes = 33;

/** The version all commands carry: 2.1 is minor version 1. */
const minorVersion = 1;
const version = Buffer.of(0, minorVersion);

/** Values that say of themselves what they are start with this byte: binary. */
const binary = Buffer.of(4);

/** Which session, how far it has come, and how it stands. */
export interface SmartTapSession {
  /** Eight bytes, chosen by the reader. */
  readonly id: Uint8Array;
  /** Each side answers with a number one higher, and asks on with the number it was answered. */
  readonly sequence: number;
  readonly status: number;
}

/** Session status (README, "Statuses"). */
export const sessionStatus = { ok: 1, unknownMerchant: 5, notAvailableYet: 9 } as const;

/** What the reader says of itself to prove which merchant it belongs to. */
export interface Negotiation {
  readonly session: SmartTapSession;
  readonly readerNonce: Uint8Array;
  /** The reader's key for this tap, compressed. */
  readonly readerPoint: Uint8Array;
  readonly keyVersion: number;
  /** ECDSA over {@link dataToSign}, in ASN.1. */
  readonly signature: Uint8Array;
  readonly collectorId: number;
}

/** What the reader asks for. */
export interface DataRequest {
  readonly session: SmartTapSession;
  readonly collectorId: number;
  /** One byte for each kind of object (README, "Request object type"). */
  readonly serviceTypes: readonly number[];
  /** Five bytes: system, interface, checkout, cardholder verification, kind of tap (README, "Terminal capabilities"). */
  readonly capabilities: Uint8Array;
}

/** The phone's nonce in the answer to SELECT; `undefined` when it gives none, or does not speak version 2.1. */
export function parseSelection(data: Uint8Array): Uint8Array | undefined {
  if (data.length < 4) return undefined;
  const [lowest, highest] = [Buffer.from(data).readUInt16BE(0), Buffer.from(data).readUInt16BE(2)];
  if (lowest > minorVersion || highest < minorVersion) return undefined;
  const nonce = recordNamed(parseRecords(data.subarray(4)), "mdn")?.payload;
  return nonce?.length === 1 + nonceBytes && nonce[0] === binary[0] ? nonce.subarray(1) : undefined;
}

/** What the merchant's long-term key signs: both nonces, the collector and the reader's key for this tap. */
export function dataToSign(
  parts: Pick<Negotiation, "readerNonce" | "readerPoint" | "collectorId">,
  deviceNonce: Uint8Array,
): Uint8Array {
  return Buffer.concat([parts.readerNonce, deviceNonce, unsigned(parts.collectorId), parts.readerPoint]);
}

/** NEGOTIATE SECURE CHANNEL, with live authentication: the signature covers the phone's nonce. */
export function negotiateCommand(negotiation: Negotiation): Uint8Array {
  const signed = encodeRecords([
    ["sig", Buffer.concat([binary, negotiation.signature])],
    ["cld", collector(negotiation.collectorId)],
  ]);
  const liveAuthentication = Buffer.of(1);
  const keyVersion = unsigned(negotiation.keyVersion);
  const parameters = [negotiation.readerNonce, liveAuthentication, negotiation.readerPoint, keyVersion, signed];
  const request = encodeRecords([
    ["ses", encodeSession(negotiation.session)],
    ["cpr", Buffer.concat(parameters)],
  ]);
  return command([0x90, 0x53, 0x00, 0x00], encodeRecords([["ngr", Buffer.concat([version, request])]]));
}

/** The phone's side of the negotiation. The point is absent when the phone declines; its session says why. */
export function parseNegotiation(
  data: Uint8Array,
): { readonly session: SmartTapSession; readonly devicePoint?: Uint8Array } | undefined {
  const records = nested(data, "nrs");
  const session = parseSession(recordNamed(records, "ses")?.payload);
  const devicePoint = recordNamed(records, "dpk")?.payload;
  if (!session || (devicePoint && devicePoint.length !== pointBytes)) return undefined;
  return { session, ...(devicePoint && { devicePoint }) };
}

/** GET SMART TAP DATA. */
export function getDataCommand({ session, collectorId, serviceTypes, capabilities }: DataRequest): Uint8Array {
  const request = encodeRecords([
    ["ses", encodeSession(session)],
    ["mer", encodeRecords([["cld", collector(collectorId)]])],
    ["slr", encodeRecords(serviceTypes.map((type) => ["str", Buffer.of(type)]))],
    ["pcr", capabilities],
  ]);
  return command([0x90, 0x50, 0x00, 0x00], encodeRecords([["srq", Buffer.concat([version, request])]]));
}

/** The answer to GET DATA and GET MORE DATA, put together: the session, and the bundle of records if there is one. */
export function parseServiceResponse(
  data: Uint8Array,
): { readonly session: SmartTapSession; readonly bundle?: Uint8Array } | undefined {
  const records = nested(data, "srs");
  const session = parseSession(recordNamed(records, "ses")?.payload);
  const bundle = recordNamed(records, "reb")?.payload;
  return session && { session, ...(bundle && { bundle }) };
}

function nested(data: Uint8Array, name: string): ReturnType<typeof parseRecords> {
  const outer = recordNamed(parseRecords(data), name);
  return outer && parseRecords(outer.payload);
}

function encodeSession({ id, sequence, status }: SmartTapSession): Uint8Array {
  return Buffer.concat([id, Buffer.of(sequence, status)]);
}

function parseSession(payload: Uint8Array | undefined): SmartTapSession | undefined {
  const [sequence, status] = payload?.subarray(8) ?? [];
  if (payload?.length !== 10 || sequence === undefined || status === undefined) return undefined;
  return { id: payload.subarray(0, 8), sequence, status };
}

function collector(collectorId: number): Uint8Array {
  return Buffer.concat([binary, unsigned(collectorId)]);
}

/** Four bytes, big-endian. */
function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
