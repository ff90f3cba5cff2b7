import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeRecords } from "../../../../../../drivers/nfc/iso-dep/wallet/nested-records.ts";
import { parseServiceObjects } from "../../../../../../drivers/nfc/iso-dep/wallet/smart-tap-objects.ts";
import { hex } from "../../../../../support/nfc/vectors.ts";

/** One object in a bundle, with these fields in hexadecimal. */
const bundle = (type: string, ...fields: readonly (readonly [string, string])[]): Uint8Array =>
  encodeRecords([["asv", encodeRecords([[type, encodeRecords(fields.map(([name, value]) => [name, hex(value)]))]])]]);

/** A field that is a well-known text named `n`, in one message with nothing else. */
const textField = (payload: string): Uint8Array => {
  const bytes = hex(payload);
  const field = Buffer.concat([Buffer.of(0xd9, 1, bytes.length, 1), Buffer.from("Tn"), bytes]);
  return encodeRecords([["asv", encodeRecords([["ly", field]])]]);
};

describe("objects of a Smart Tap bundle", () => {
  it.each([
    ["unspecified", "0034373131", "4711"],
    ["ASCII", "0134373131", "4711"],
    ["UTF-8", "02e4bc9ae59198", "会员"],
    ["UTF-16", "03004100420043", "ABC"],
    ["UTF-16 with a byte order mark", "03fffe41004200", "AB"],
    ["binary", "0400ab7f", "00AB7F"],
    ["BCD", "05047110", "047110"],
    ["BCD with a filler", "0504711f", "04711"],
  ])("give a member number that is %s", (_, field, value) => {
    expect(parseServiceObjects(bundle("ly", ["oid", "0411"], ["n", field]))).toEqual([
      { objectType: "loyalty", value },
    ]);
  });

  it.each([
    ["without a language", "0034373131", "4711"],
    ["with a language", "02656e34373131", "4711"],
    ["in UTF-16", "82656e00340037", "47"],
  ])("give a member number that is a text %s", (_, payload, value) => {
    expect(parseServiceObjects(textField(payload))).toEqual([{ objectType: "loyalty", value }]);
  });

  it("give a customer by its identifier, and an object without a number by its own", () => {
    expect(parseServiceObjects(bundle("cus", ["cid", "04a1b2"]))).toEqual([{ objectType: "customer", value: "A1B2" }]);
    expect(parseServiceObjects(bundle("gr", ["oid", "0411aa"]))).toEqual([{ objectType: "generic", value: "11AA" }]);
  });

  it.each([
    ["BCD that is none", bundle("ly", ["n", "0504a1"])],
    ["text that is none", bundle("ly", ["n", "02ff"])],
    ["an unknown data format", bundle("ly", ["n", "0934"])],
    ["an empty number", bundle("ly", ["n", "01"])],
    ["a gift card", bundle("gc", ["n", "0134"])],
  ])("leave out %s", (_, message) => {
    expect(parseServiceObjects(message)).toEqual([]);
  });

  it("come loyalty first, and not at all from a message that is none", () => {
    const object = (type: string, field: string): readonly [string, Uint8Array] => [
      type,
      encodeRecords([[field, hex("0131")]]),
    ];
    const message = encodeRecords([
      ["asv", encodeRecords([object("cus", "cid"), object("gr", "n"), object("ly", "n")])],
    ]);
    const types = parseServiceObjects(message)?.map(({ objectType }) => objectType);
    expect(types).toEqual(["loyalty", "generic", "customer"]);
    expect(parseServiceObjects(hex("00"))).toBeUndefined();
    expect(parseServiceObjects(encodeRecords([["asv", hex("00")]]))).toBeUndefined();
  });

  it("never make it throw, whatever the bytes", () => {
    const loose = fc.array(
      fc.tuple(fc.constantFrom("asv", "ly", "n", "cus", "cid"), fc.uint8Array({ maxLength: 40 })),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const nested = fc
      .array(loose, { minLength: 1, maxLength: 3 })
      .map((levels) =>
        levels.reduce<Uint8Array>((inner, level) => encodeRecords([...level, ["asv", inner]]), new Uint8Array()),
      );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), nested), (bytes) => {
        for (const { value } of parseServiceObjects(bytes) ?? []) expect(value).not.toBe("");
      }),
      { numRuns: 3000 },
    );
  });
});
