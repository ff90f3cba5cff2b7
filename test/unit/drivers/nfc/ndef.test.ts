import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdefRecord } from "../../../../agent/core/observation.ts";
import { encodeNdefMessage } from "../../../../drivers/nfc/ndef-encode.ts";
import { parseNdefMessage } from "../../../../drivers/nfc/ndef.ts";

interface Vector {
  readonly kind: string;
  readonly hex: string;
  readonly value?: string;
  readonly text?: string;
  readonly lang?: string;
  readonly records?: number;
  readonly texts?: readonly string[];
  readonly expect?: { readonly uri: string; readonly title?: string };
}

const vectorFile = new URL("../../../../../shared/vectors/ndef.json", import.meta.url);
const hasVectors = existsSync(vectorFile);
const vectors = hasVectors ? (JSON.parse(readFileSync(vectorFile, "utf8")) as { vectors: Vector[] }).vectors : [];

const parse = (hex: string) => parseNdefMessage(Buffer.from(hex, "hex"));

/** One well-known record around a payload, the way a tag would hold it. */
function record(type: string, payload: string): string {
  const bytes = payload.length / 2;
  return `d1${hex(type.length)}${hex(bytes)}${Buffer.from(type).toString("hex")}${payload}`;
}

function hexOf(...parts: readonly string[]): string {
  return parts.join("").replaceAll(" ", "");
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

const textRecord = fc.record({
  type: fc.constant("text" as const),
  language: fc.constantFrom("en", "zh-CN", "de"),
  // A leading byte order mark is not part of the text; lone surrogates do not exist in UTF-8.
  text: fc.string({ unit: "grapheme", maxLength: 400 }).filter((text) => !text.startsWith("\uFEFF")),
});
const uriRecord = fc.record({ type: fc.constant("uri" as const), uri: fc.webUrl() });
const anyRecords: fc.Arbitrary<NdefRecord[]> = fc.array(fc.oneof(textRecord, uriRecord), {
  minLength: 1,
  maxLength: 5,
});

function expectVector(vector: Vector): void {
  const { kind } = vector;
  if (kind.startsWith("message-invalid") || kind === "smartposter-invalid") {
    expect(parse(vector.hex).ok).toBe(false);
  } else if (kind === "message-valid-empty-records") {
    expect(parse(vector.hex)).toEqual({ ok: true, records: [] });
  } else if (kind === "uri-payload") {
    expect(parse(record("U", vector.hex))).toEqual({ ok: true, records: [{ type: "uri", uri: vector.value }] });
  } else if (kind === "text-payload") {
    const text = { type: "text", language: vector.lang, text: vector.text };
    expect(parse(record("T", vector.hex))).toEqual({ ok: true, records: [text] });
  } else if (kind === "uri-payload-invalid") {
    expect(parse(record("U", vector.hex)).ok).toBe(false);
  } else if (kind === "text-payload-invalid") {
    expect(parse(record("T", vector.hex)).ok).toBe(false);
  } else if (kind === "message-text") {
    const result = parse(vector.hex);
    expect(result.ok && result.records.map((each) => each.type === "text" && each.text)).toEqual(vector.texts);
  } else {
    expect(kind).toBe("smartposter");
    const result = parse(vector.hex);
    const { uri, title } = vector.expect ?? { uri: "" };
    const wanted = [
      { type: "uri", uri },
      ...(title === undefined ? [] : [{ type: "text", language: "en", text: title }]),
    ];
    expect(result).toEqual({ ok: true, records: wanted });
  }
}

describe.skipIf(!hasVectors)("published NDEF vectors (skipped where ../shared/vectors/ndef.json is absent)", () => {
  it.each(vectors.map((vector) => [vector.kind, vector.hex, vector] as const))("reads %s %s", (_kind, _hex, vector) => {
    expectVector(vector);
  });
});

describe("an NDEF message", () => {
  it("comes back as it was encoded", () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        expect(parseNdefMessage(encodeNdefMessage(records))).toEqual({ ok: true, records });
      }),
    );
  });

  it("is refused when cut off anywhere", () => {
    fc.assert(
      fc.property(anyRecords, fc.nat(), (records, at) => {
        const bytes = encodeNdefMessage(records);
        expect(parseNdefMessage(bytes.subarray(0, at % bytes.length)).ok).toBe(false);
      }),
    );
  });

  it("is refused when anything follows it", () => {
    fc.assert(
      fc.property(anyRecords, fc.uint8Array({ minLength: 1 }), (records, rest) => {
        expect(parseNdefMessage(Buffer.concat([encodeNdefMessage(records), rest])).ok).toBe(false);
      }),
    );
  });

  it("never makes the parser throw, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof parseNdefMessage(bytes).ok).toBe("boolean");
      }),
      { numRuns: 2_000 },
    );
  });

  it("never makes the parser throw, whichever byte of a good message is wrong", () => {
    fc.assert(
      fc.property(anyRecords, fc.nat(), fc.integer({ min: 0, max: 255 }), (records, at, byte) => {
        const bytes = Buffer.from(encodeNdefMessage(records));
        bytes[at % bytes.length] = byte;
        expect(typeof parseNdefMessage(bytes).ok).toBe("boolean");
      }),
      { numRuns: 2_000 },
    );
  });

  it("of a length that no tag could hold is refused without reading past its end", () => {
    expect(parse("c101ffffffff55")).toEqual({ ok: false, reason: "message cut off in a record" });
  });

  it("with a chunked record is put together", () => {
    // First chunk with type "U" and "\x04exa", a middle chunk "mple", a last one ".com".
    const result = parse(hexOf("b1 01 04 55 04657861", "36 00 04 6d706c65", "56 00 04 2e636f6d"));
    expect(result).toEqual({ ok: true, records: [{ type: "uri", uri: "https://example.com" }] });
  });

  it("with a chunk that never ends is refused", () => {
    expect(parse("b1010455046578613600046d706c65").ok).toBe(false);
  });

  it("with a continuing chunk first is refused", () => {
    expect(parse("d600026162").ok).toBe(false);
  });

  it("leaves out records of other types and keeps those it knows", () => {
    // A media type record, then a URI.
    const media = hexOf("92 03 01", "612f62", "00");
    const uri = hexOf("51 01 02", "55", "0461");
    expect(parse(media + uri)).toEqual({ ok: true, records: [{ type: "uri", uri: "https://a" }] });
  });

  it("reads UTF-16 text without a byte order mark as big-endian", () => {
    expect(parse(record("T", hexOf("82", "7a68", "4f60597d")))).toEqual({
      ok: true,
      records: [{ type: "text", language: "zh", text: "你好" }],
    });
  });

  it("does not follow smart posters into each other", () => {
    const uri = record("U", "0461");
    const inner = record("Sp", uri);
    expect(parse(record("Sp", inner)).ok).toBe(false);
  });
});
