import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTlv, parseTlv } from "../../../../../drivers/nfc/iso-dep/tlv.ts";
import { hex } from "../../../../support/nfc/vectors.ts";

describe("data objects of an answer to SELECT", () => {
  it("are found inside one another, under tags of one and of two bytes", () => {
    const whole = parseTlv(hex("6f0e8402aabba508bf0c056103870101"))!;
    expect(findTlv(whole, 0x84).map(({ value }) => Buffer.from(value).toString("hex"))).toEqual(["aabb"]);
    expect(findTlv(whole, 0xbf0c)).toHaveLength(1);
    expect(findTlv(whole, 0x87)).toHaveLength(1);
  });

  it("may have lengths of two and three bytes, and filler between them", () => {
    expect(parseTlv(Buffer.concat([hex("00048180"), Buffer.alloc(0x80), hex("0000")]))).toHaveLength(1);
    expect(parseTlv(Buffer.concat([hex("04820100"), Buffer.alloc(0x100)]))).toHaveLength(1);
  });

  it.each([
    ["a length past the end", "8403aabb"],
    ["an indefinite length", "6f8084000000"],
    ["a length of four bytes", "84830000010a"],
    ["a tag that goes on past the end", "9f"],
    ["a tag of four bytes", "1f81818100"],
    ["a tag without a length", "84"],
  ])("are refused for %s", (_, bytes) => {
    expect(parseTlv(hex(bytes))).toBeUndefined();
  });

  it("are refused when they are too deep, or too many", () => {
    const nested = (depth: number): Buffer =>
      depth === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.of(0x6f, 2 * (depth - 1)), nested(depth - 1)]);
    expect(parseTlv(nested(5))).toHaveLength(1);
    expect(parseTlv(nested(6))).toBeUndefined();
    expect(parseTlv(hex("8700".repeat(64)))).toHaveLength(64);
    expect(parseTlv(hex("8700".repeat(65)))).toBeUndefined();
  });

  it("never make the parser throw or go on, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const objects = parseTlv(bytes);
        expect(objects === undefined || objects.length <= bytes.length).toBe(true);
      }),
    );
  });
});
