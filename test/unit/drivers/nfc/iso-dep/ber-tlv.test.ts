import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeTlv, findTlv, parseTlv, parseTlvTree } from "../../../../../drivers/nfc/iso-dep/ber-tlv.ts";
import { hex } from "../../../../support/nfc/vectors.ts";

const tag = fc.constantFrom(0x50, 0x6f, 0x9f21, 0x9f27, 0xbf0c, 0xdf8101);

/** What neither way of reading takes. */
const malformed: readonly (readonly [what: string, bytes: string])[] = [
  ["a length past the end", "8403aabb"],
  ["an indefinite length", "6f8084000000"],
  ["a length of three bytes", "84830000010a"],
  ["a length cut off", "6f82ff"],
  ["a tag that goes on past the end", "9f"],
  ["a tag of four bytes", "1f81818100"],
  ["a tag without a length", "84"],
];

describe("data objects of one level", () => {
  it("are read back as they were encoded, whatever the lengths", () => {
    const objects = fc.uniqueArray(fc.tuple(tag, fc.uint8Array({ maxLength: 400 })), { selector: ([tag]) => tag });
    fc.assert(
      fc.property(objects, (objects) => {
        const bytes = Buffer.concat(objects.map(([tag, value]) => encodeTlv(tag, value)));
        const read = [...(parseTlv(bytes) ?? [])].map(([tag, value]) => [tag, Buffer.from(value).toString("hex")]);
        expect(read).toEqual(objects.map(([tag, value]) => [tag, Buffer.from(value).toString("hex")]));
      }),
    );
  });

  it("are not taken from a prefix of an object", () => {
    fc.assert(
      fc.property(tag, fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (tag, value, cut) => {
        const bytes = encodeTlv(tag, value);
        expect(parseTlv(bytes.subarray(0, 1 + (cut % (bytes.length - 1))))).toBeUndefined();
      }),
    );
  });

  it.each([...malformed, ["filler", "0000"] as const, ["a tag twice", "500141500142"] as const])(
    "are refused for %s",
    (_, bytes) => {
      expect(parseTlv(hex(bytes))).toBeUndefined();
    },
  );

  it("are refused beyond 64, and encoded up to 65535 bytes", () => {
    const many = (count: number): Buffer =>
      Buffer.concat(Array.from({ length: count }, (_, index) => encodeTlv(0x9f8100 + index, Buffer.alloc(0))));
    expect(parseTlv(many(64))?.size).toBe(64);
    expect(parseTlv(many(65))).toBeUndefined();
    expect(() => encodeTlv(0x70, Buffer.alloc(65_536))).toThrow(RangeError);
  });

  it("never make the parser throw, and stay inside the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const total = [...(parseTlv(bytes)?.values() ?? [])].reduce((sum, value) => sum + value.length, 0);
        expect(total).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("data objects of all levels", () => {
  it("are found inside one another, under tags of one and of two bytes", () => {
    const whole = parseTlvTree(hex("6f0e8402aabba508bf0c056103870101"))!;
    expect(findTlv(whole, 0x84).map(({ value }) => Buffer.from(value).toString("hex"))).toEqual(["aabb"]);
    expect(findTlv(whole, 0xbf0c)).toHaveLength(1);
    expect(findTlv(whole, 0x87)).toHaveLength(1);
  });

  it("may have lengths of two and three bytes, and filler between them", () => {
    expect(parseTlvTree(Buffer.concat([hex("00048180"), Buffer.alloc(0x80), hex("0000")]))).toHaveLength(1);
    expect(parseTlvTree(Buffer.concat([hex("04820100"), Buffer.alloc(0x100)]))).toHaveLength(1);
  });

  it.each(malformed)("are refused for %s", (_, bytes) => {
    expect(parseTlvTree(hex(bytes))).toBeUndefined();
  });

  it("are refused when they are too deep, or too many", () => {
    const nested = (depth: number): Buffer =>
      depth === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.of(0x6f, 2 * (depth - 1)), nested(depth - 1)]);
    expect(parseTlvTree(nested(5))).toHaveLength(1);
    expect(parseTlvTree(nested(6))).toBeUndefined();
    expect(parseTlvTree(hex("8700".repeat(64)))).toHaveLength(64);
    expect(parseTlvTree(hex("8700".repeat(65)))).toBeUndefined();
  });

  it("never make the parser throw or go on, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const objects = parseTlvTree(bytes);
        expect(objects === undefined || objects.length <= bytes.length).toBe(true);
      }),
    );
  });
});
