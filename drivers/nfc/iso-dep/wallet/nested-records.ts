/** One record of the NDEF messages that Smart Tap nests into one another. */
export interface WalletRecord {
  /** Type name format (NDEF 1.0, 3.2.6): 1 well-known, 4 external. */
  readonly format: number;
  readonly type: string;
  readonly id: string;
  readonly payload: Uint8Array;
}

/** Type name formats in use. */
export const recordFormat = { wellKnown: 1, external: 4 } as const;

/** Record header flags (NDEF 1.0, 3.2). */
const flag = { begin: 0x80, end: 0x40, chunk: 0x20, short: 0x10, idLength: 0x08, format: 0x07 } as const;

/** No message of Smart Tap is known to have more. */
const maxRecords = 32;

/**
 * Reads one NDEF message with records of any type strictly: MB on the first and ME on the last record, lengths inside the message,
 * nothing after it, no chunks, at most 32 records. Payloads stay as they are. `undefined` for anything else; never throws.
 */
export function parseRecords(bytes: Uint8Array): readonly WalletRecord[] | undefined {
  const records: WalletRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const place = readRecord(bytes, at, records.length === 0);
    if (!place || records.length === maxRecords) return undefined;
    records.push(place.record);
    if (place.isLast) return place.next === bytes.length ? records : undefined;
    at = place.next;
  }
  return undefined;
}

/** Encodes external records without identifiers as one message; short records where they fit. */
export function encodeRecords(records: readonly (readonly [type: string, payload: Uint8Array])[]): Uint8Array {
  return Buffer.concat(
    records.flatMap(([type, payload], index) => {
      const isShort = payload.length < 0x100;
      const position = (index === 0 ? flag.begin : 0) | (index === records.length - 1 ? flag.end : 0);
      const length = Buffer.alloc(isShort ? 1 : 4);
      length.writeUIntBE(payload.length, 0, length.length);
      const head = Buffer.of(position | (isShort ? flag.short : 0) | recordFormat.external, type.length);
      return [head, length, Buffer.from(type, "latin1"), payload];
    }),
  );
}

/** The first record of that name: external records are named by their type, well-known ones by their identifier. */
export function recordNamed(records: readonly WalletRecord[] | undefined, name: string): WalletRecord | undefined {
  return records?.find((record) => nameOf(record) === name);
}

/** What a record is called (kormax/google-smart-tap, README, "Record types"). */
export function nameOf({ format, type, id }: WalletRecord): string {
  if (format === recordFormat.external) return type;
  return format === recordFormat.wellKnown ? id : "";
}

interface Place {
  readonly record: WalletRecord;
  readonly isLast: boolean;
  readonly next: number;
}

/** Record layout (NDEF 1.0, 3.1): flags, type length, payload length (1 or 4 bytes), ID length if IL, type, ID, payload. */
function readRecord(bytes: Uint8Array, start: number, isFirst: boolean): Place | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = bytes[start] ?? 0;
  const isShort = (flags & flag.short) !== 0;
  const hasId = (flags & flag.idLength) !== 0;
  const typeAt = start + 2 + (isShort ? 1 : 4) + (hasId ? 1 : 0);
  if (typeAt > bytes.length || (flags & flag.chunk) !== 0 || ((flags & flag.begin) !== 0) !== isFirst) return undefined;
  const idAt = typeAt + view.readUInt8(start + 1);
  const payloadAt = idAt + (hasId ? view.readUInt8(typeAt - 1) : 0);
  const next = payloadAt + view.readUIntBE(start + 2, isShort ? 1 : 4);
  if (next > bytes.length) return undefined;
  const record = {
    format: flags & flag.format,
    type: view.toString("latin1", typeAt, idAt),
    id: view.toString("latin1", idAt, payloadAt),
    payload: bytes.subarray(payloadAt, next),
  };
  return { record, isLast: (flags & flag.end) !== 0, next };
}
