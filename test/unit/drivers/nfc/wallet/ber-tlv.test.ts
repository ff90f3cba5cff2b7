import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeTlv, parseTlv } from "../../../../../drivers/nfc/iso-dep/wallet/ber-tlv.ts";
import { hex } from "./wallet-vectors.ts";

const tag = fc.constantFrom(0x50, 0x6f, 0x9f21, 0x9f27, 0xbf0c, 0xdf8101);

describe("BER-TLV", () => {
  it("reads back what it encodes, whatever the lengths", () => {
    const objects = fc.uniqueArray(fc.tuple(tag, fc.uint8Array({ maxLength: 400 })), { selector: ([tag]) => tag });
    fc.assert(
      fc.property(objects, (objects) => {
        const bytes = Buffer.concat(objects.map(([tag, value]) => encodeTlv(tag, value)));
        const read = [...(parseTlv(bytes) ?? [])].map(([tag, value]) => [tag, Buffer.from(value).toString("hex")]);
        expect(read).toEqual(objects.map(([tag, value]) => [tag, Buffer.from(value).toString("hex")]));
      }),
    );
  });

  it("takes no prefix of an object for an object", () => {
    fc.assert(
      fc.property(tag, fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (tag, value, cut) => {
        const bytes = encodeTlv(tag, value);
        expect(parseTlv(bytes.subarray(0, 1 + (cut % (bytes.length - 1))))).toBeUndefined();
      }),
    );
  });

  it.each([
    ["an indefinite length", "6f80"],
    ["a length of three bytes", "6f83000001aa"],
    ["a value cut off", "500241"],
    ["a tag without an end", "9f"],
    ["a tag of four bytes", "9f81818101aa"],
    ["a tag of zero", "0000"],
    ["a tag twice", "500141500142"],
    ["a length cut off", "6f82ff"],
  ])("refuses %s", (_, bytes) => {
    expect(parseTlv(hex(bytes))).toBeUndefined();
  });

  it("never throws, and stays inside the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const total = [...(parseTlv(bytes)?.values() ?? [])].reduce((sum, value) => sum + value.length, 0);
        expect(total).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});
