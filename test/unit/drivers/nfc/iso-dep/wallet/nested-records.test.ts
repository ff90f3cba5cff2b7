import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeRecords, nameOf, parseRecords } from "../../../../../../drivers/nfc/iso-dep/wallet/nested-records.ts";
import { hex, publishedVectors } from "../../../../../support/nfc/vectors.ts";

const record = fc.tuple(fc.string({ unit: "binary-ascii", maxLength: 3 }), fc.uint8Array({ maxLength: 600 }));

describe("nested NDEF records", () => {
  it("are read back as they were encoded, short or long", () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 32 }), (records) => {
        const read = parseRecords(encodeRecords(records))?.map((each) => [each.type, Buffer.from(each.payload)]);
        expect(read).toEqual(records.map(([type, payload]) => [type, Buffer.from(payload)]));
      }),
    );
  });

  it("are not read from a message cut off or drawn out anywhere", () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), fc.nat(), (records, cut) => {
        const bytes = encodeRecords(records);
        expect(parseRecords(bytes.subarray(0, cut % bytes.length))).toBeUndefined();
        expect(parseRecords(Buffer.concat([bytes, Buffer.of(cut & 0xff)]))).toBeUndefined();
      }),
    );
  });

  it.each([
    ["nothing", ""],
    ["MB missing on the first", "540100610a"],
    ["MB on the second", "940100 61 d4010062"],
    ["ME missing on the last", "94010061"],
    ["a chunk", "b4010061"],
    ["a length beyond the message", "c401ffffffff61"],
  ])("are refused with %s", (_, bytes) => {
    expect(parseRecords(hex(bytes.replaceAll(" ", "")))).toBeUndefined();
  });

  it("are refused beyond 32, and read up to there", () => {
    const many = (count: number) =>
      encodeRecords(Array.from({ length: count }, () => ["a", new Uint8Array()] as const));
    expect(parseRecords(many(32))).toHaveLength(32);
    expect(parseRecords(many(33))).toBeUndefined();
  });

  it("are named by type when external and by identifier when well-known", () => {
    const read = parseRecords(hex("99010101546e0054030173747200"));
    expect(read?.map(nameOf)).toEqual(["n", "str"]);
  });

  it("never throw, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const total = (parseRecords(bytes) ?? []).reduce((sum, { payload }) => sum + payload.length, 0);
        expect(total).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 5000 },
    );
  });
});

interface NdefVector {
  readonly kind: string;
  readonly hex: string;
}

const published = publishedVectors("ndef.json");
const ndef = published.vectors as { readonly vectors: readonly NdefVector[] } | undefined;

describe.skipIf(!ndef)(`nested NDEF records, as published${published.skipped}`, () => {
  const all = ndef?.vectors ?? [];

  it("refuse what the strict reader of ndeflib refuses, and take the frames it takes", () => {
    const of = (kind: string) => all.filter((vector) => vector.kind.startsWith(kind));
    expect(of("message-invalid").length).toBeGreaterThan(2);
    for (const vector of of("message-invalid")) expect(parseRecords(hex(vector.hex)), vector.hex).toBeUndefined();
    for (const vector of of("message-valid")) expect(parseRecords(hex(vector.hex)), vector.hex).toBeDefined();
  });
});
