import type { NdefRecord } from "../../agent/core/observation.ts";

/**
 * Encodes records as one NDEF message (NFC Forum NDEF 1.0): short records where they fit, text in UTF-8 (RTD Text 1.0), URIs
 * without abbreviation (RTD URI 1.0, identifier code 0). No records give one empty record, the message of a formatted blank tag.
 */
export function encodeNdefMessage(records: readonly NdefRecord[]): Uint8Array {
  if (records.length === 0) return Uint8Array.of(0xd0, 0, 0);
  return Buffer.concat(
    records.map((record, index) => {
      const position = (index === 0 ? 0x80 : 0) | (index === records.length - 1 ? 0x40 : 0);
      return record.type === "uri"
        ? encodeRecord(position, "U", Buffer.concat([Buffer.of(0), Buffer.from(record.uri)]))
        : encodeRecord(position, "T", textPayload(record.language, record.text));
    }),
  );
}

function textPayload(language: string, text: string): Buffer {
  const code = Buffer.from(language, "latin1");
  if (code.length > 0x3f) throw new RangeError("a language code has at most 63 bytes");
  return Buffer.concat([Buffer.of(code.length), code, Buffer.from(text)]);
}

function encodeRecord(position: number, type: string, payload: Buffer): Buffer {
  const wellKnown = 0x01;
  const isShort = payload.length < 256;
  const length = Buffer.alloc(isShort ? 1 : 4);
  length.writeUIntBE(payload.length, 0, length.length);
  const header = Buffer.of(position | wellKnown | (isShort ? 0x10 : 0), type.length);
  return Buffer.concat([header, length, Buffer.from(type, "latin1"), payload]);
}
