import type { NdefRecord } from "../../agent/core/observation.ts";

/** What an NDEF parse ends in: the records understood, or why the bytes are not a valid message. */
export type NdefResult =
  { readonly ok: true; readonly records: readonly NdefRecord[] } | { readonly ok: false; readonly reason: string };

/** Type name formats (NDEF 1.0, 3.2.6). */
const tnf = { empty: 0, wellKnown: 1, unknown: 5, unchanged: 6, reserved: 7 } as const;

/** Record header flags (NDEF 1.0, 3.2). */
const flag = { begin: 0x80, end: 0x40, chunk: 0x20, short: 0x10, idLength: 0x08, tnf: 0x07 } as const;

/** URI identifier codes 0x00 to 0x23 (RTD URI 1.0, table 3). */
const uriPrefixes =
  " http://www. https://www. http:// https:// tel: mailto: ftp://anonymous:anonymous@ ftp://ftp. ftps:// sftp:// smb:// nfs:// ftp:// dav:// news: telnet:// imap: rtsp:// urn: pop: sip: sips: tftp: btspp:// btl2cap:// btgoep:// tcpobex:// irdaobex:// file:// urn:epc:id: urn:epc:tag: urn:epc:pat: urn:epc:raw: urn:epc: urn:nfc:".split(
    " ",
  );

/** Smart posters hold a message of their own; one level is all the specification asks for (RTD Smart Poster 1.1, 3.3). */
const maxDepth = 1;

/** One record after chunks were put together. */
interface RawRecord {
  readonly tnf: number;
  readonly type: string;
  readonly payload: Uint8Array;
}

/** One record or record chunk as it stands in the message. */
interface Header extends RawRecord {
  readonly flags: number;
  readonly hasId: boolean;
  readonly next: number;
}

/** Internal: unwinds a parse. Never leaves this file. */
class Malformed extends Error {}

/**
 * Parses one NDEF message (NFC Forum NDEF 1.0) strictly: MB and ME where they belong, chunks complete, lengths inside the
 * message, no bytes after it. Text (RTD Text 1.0) and URI (RTD URI 1.0) records come out, also those inside a smart poster;
 * other record types are checked for their frame and left out. Never throws.
 */
export function parseNdefMessage(bytes: Uint8Array): NdefResult {
  try {
    return { ok: true, records: parseMessage(bytes, 0) };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, reason: error.message };
    throw error;
  }
}

function parseMessage(bytes: Uint8Array, depth: number): NdefRecord[] {
  return rawRecords(bytes).flatMap((record) => interpret(record, depth));
}

function rawRecords(bytes: Uint8Array): RawRecord[] {
  const records: RawRecord[] = [];
  let at = 0;
  let ended = false;
  while (!ended) {
    const first = readHeader(bytes, at);
    if (((first.flags & flag.begin) !== 0) !== (records.length === 0)) throw new Malformed("MB flag out of place");
    const whole = joinChunks(bytes, first);
    records.push(whole.record);
    at = whole.next;
    ended = whole.ended;
  }
  if (at !== bytes.length) throw new Malformed("bytes after the last record");
  return records;
}

/** Puts a chunked record together (NDEF 1.0, 2.3.3): first chunk with the type, the others with TNF "unchanged". */
function joinChunks(bytes: Uint8Array, first: Header): { record: RawRecord; next: number; ended: boolean } {
  if (first.tnf === tnf.unchanged) throw new Malformed("chunk without a first chunk");
  const parts = [first.payload];
  let last = first;
  while ((last.flags & flag.chunk) !== 0) {
    if ((last.flags & flag.end) !== 0) throw new Malformed("ME flag on an unfinished chunk");
    last = readHeader(bytes, last.next);
    const continues = last.tnf === tnf.unchanged && last.type === "" && !last.hasId && (last.flags & flag.begin) === 0;
    if (!continues) throw new Malformed("broken chunk sequence");
    parts.push(last.payload);
  }
  const record = { tnf: first.tnf, type: first.type, payload: Buffer.concat(parts) };
  return { record, next: last.next, ended: (last.flags & flag.end) !== 0 };
}

/** Record layout (NDEF 1.0, 3.1): flags, type length, payload length (1 or 4 bytes), ID length if IL, type, ID, payload. */
function readHeader(bytes: Uint8Array, at: number): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isShort = ((bytes[at] ?? 0) & flag.short) !== 0;
  const hasId = ((bytes[at] ?? 0) & flag.idLength) !== 0;
  const fixed = 2 + (isShort ? 1 : 4) + (hasId ? 1 : 0);
  if (at + fixed > bytes.length) throw new Malformed("message cut off in a record header");
  const flags = view.getUint8(at);
  const typeLength = view.getUint8(at + 1);
  const payloadLength = isShort ? view.getUint8(at + 2) : view.getUint32(at + 2);
  const idLength = hasId ? view.getUint8(at + fixed - 1) : 0;
  const typeAt = at + fixed;
  const payloadAt = typeAt + typeLength + idLength;
  const next = payloadAt + payloadLength;
  if (next > bytes.length) throw new Malformed("message cut off in a record");
  checkLengths(flags & flag.tnf, typeLength, idLength, payloadLength);
  const type = Buffer.from(bytes.subarray(typeAt, typeAt + typeLength)).toString("latin1");
  return { flags, hasId, tnf: flags & flag.tnf, type, payload: bytes.subarray(payloadAt, next), next };
}

/** Which lengths a type name format allows (NDEF 1.0, 3.2.6). */
function checkLengths(format: number, typeLength: number, idLength: number, payloadLength: number): void {
  if (format === tnf.reserved) throw new Malformed("reserved type name format");
  if (format === tnf.empty && typeLength + idLength + payloadLength > 0)
    throw new Malformed("empty record with content");
  const typeless = format === tnf.unknown || format === tnf.unchanged;
  if (typeless && typeLength > 0) throw new Malformed("type on a record that has none");
}

function interpret(record: RawRecord, depth: number): NdefRecord[] {
  if (record.tnf !== tnf.wellKnown) return [];
  if (record.type === "T") return [parseText(record.payload)];
  if (record.type === "U") return [parseUri(record.payload)];
  if (record.type === "Sp" && depth < maxDepth) return parseSmartPoster(record.payload, depth + 1);
  return [];
}

/** RTD Text 1.0, 3.2: status byte (bit 7 UTF-16, bits 5..0 length of the language code), language, text. */
function parseText(payload: Uint8Array): NdefRecord {
  const status = payload[0];
  if (status === undefined) throw new Malformed("empty text record");
  const textAt = 1 + (status & 0x3f);
  if (textAt > payload.length) throw new Malformed("language code longer than the text record");
  const language = decode(payload.subarray(1, textAt), "utf-8");
  const text = payload.subarray(textAt);
  return { type: "text", language, text: decode(text, (status & 0x80) === 0 ? "utf-8" : utf16Order(text)) };
}

/** Without a byte order mark UTF-16 text is big-endian (RTD Text 1.0, 3.4). */
function utf16Order(text: Uint8Array): string {
  return text[0] === 0xff && text[1] === 0xfe ? "utf-16le" : "utf-16be";
}

/** RTD URI 1.0, 3.2: identifier code, then the rest of the URI in UTF-8. */
function parseUri(payload: Uint8Array): NdefRecord {
  const code = payload[0];
  if (code === undefined) throw new Malformed("empty URI record");
  const prefix = uriPrefixes[code];
  if (prefix === undefined) throw new Malformed(`URI identifier code ${code} is not defined`);
  return { type: "uri", uri: prefix + decode(payload.subarray(1), "utf-8") };
}

/** RTD Smart Poster 1.1, 3.3: exactly one URI, titles, and local records of which "act" and "s" have fixed forms. */
function parseSmartPoster(payload: Uint8Array, depth: number): NdefRecord[] {
  const inner = rawRecords(payload);
  for (const record of inner) {
    if (record.tnf !== tnf.wellKnown) continue;
    const action = record.payload[0] ?? 0xff;
    if (record.type === "act" && (record.payload.length !== 1 || action > 2)) throw new Malformed("undefined action");
    if (record.type === "s" && record.payload.length !== 4) throw new Malformed("size record is not four bytes");
  }
  const records = inner.flatMap((record) => interpret(record, depth));
  if (records.filter((record) => record.type === "uri").length !== 1)
    throw new Malformed("smart poster without one URI");
  return records;
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Malformed(`text is not ${encoding}`, { cause });
  }
}
