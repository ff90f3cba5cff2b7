import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReportDescriptor } from "../../../../drivers/hid/report-descriptor.ts";
import { findField, readNumber } from "../../../../drivers/hid/report-fields.ts";
import { usage, usages } from "../../../../drivers/hid/usages.ts";
import { scannerDescriptor } from "../../../../drivers/hid/virtual/scanner-writer.ts";
import { keyboardDescriptor, magtekDescriptor, stripeDescriptor } from "../../../support/hid-devices.ts";

function parsed(bytes: Uint8Array) {
  const result = parseReportDescriptor(bytes);
  if (result.status !== "parsed") throw new Error(result.reason);
  return result.descriptor;
}

const parse = (hex: string) => parseReportDescriptor(Buffer.from(hex.replaceAll(" ", ""), "hex"));

describe("report descriptors of HID devices", () => {
  it("finds a scanner's fields where Honeywell's firmware has them", () => {
    const { applications, fields, isNumbered } = parsed(scannerDescriptor);
    expect({ applications, isNumbered }).toEqual({ applications: [usage(0x8c, 0x02)], isNumbered: true });
    expect(findField(fields, usages.byteCount)).toEqual({ reportId: 2, bitOffset: 0, bitSize: 8 });
    expect(findField(fields, usages.symbologyIdentifier[2])).toEqual({ reportId: 2, bitOffset: 24, bitSize: 8 });
    expect(findField(fields, usages.decodedData, { isRun: true })).toEqual({
      reportId: 2,
      bitOffset: 32,
      bitSize: 448,
    });
    expect(findField(fields, usage(0xff66, 0x04))).toEqual({ reportId: 2, bitOffset: 480, bitSize: 8 });
    expect(findField(fields, usages.decodedDataContinued)).toEqual({ reportId: 2, bitOffset: 496, bitSize: 1 });
  });

  it("reads a boot keyboard: eight modifiers, six places for keys", () => {
    const { applications, fields, isNumbered } = parsed(keyboardDescriptor);
    expect({ applications, isNumbered }).toEqual({ applications: [usages.keyboard], isNumbered: false });
    const inputs = fields.filter(({ kind, isConstant }) => kind === "input" && !isConstant);
    expect(inputs).toMatchObject([
      { bitOffset: 0, bitSize: 1, count: 8, isVariable: true, usages: [{ from: usage(7, 0xe0), to: usage(7, 0xe7) }] },
      { bitOffset: 16, bitSize: 8, count: 6, isVariable: false, usages: [{ from: usage(7, 0), to: usage(7, 0xff) }] },
    ]);
  });

  it("reads stripe readers by the tables and on a maker's own page", () => {
    const track2 = { bitOffset: (3 + 79) * 8, bitSize: 40 * 8 };
    expect(findField(parsed(stripeDescriptor).fields, usage(0x8e, 0x22), { isRun: true })).toMatchObject(track2);
    const magtek = { bitOffset: 117 * 8, bitSize: 110 * 8 };
    expect(findField(parsed(magtekDescriptor).fields, usage(0xff00, 0x31), { isRun: true })).toMatchObject(magtek);
  });

  it("keeps pushed states, and takes usages of four bytes with their own page", () => {
    const hex = "05 01 09 02 a1 01 75 08 95 01 05 09 a4 05 01 75 04 95 02 0b 01 00 8c 00 81 02 b4 09 01 81 02 c0";
    const { fields } = parsed(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    expect(fields).toMatchObject([
      { bitSize: 4, count: 2, usages: [{ from: usage(0x8c, 1), to: usage(0x8c, 1) }] },
      { bitSize: 8, count: 1, bitOffset: 8, usages: [{ from: usage(0x09, 1), to: usage(0x09, 1) }] },
    ]);
  });

  it.each([
    ["an item that is cut off", "05 8c 09 02 a1 01 26 ff"],
    ["a collection that is not closed", "05 8c 09 02 a1 01"],
    ["a collection that did not begin", "c0"],
    ["a report id of 0", "05 8c 09 02 a1 01 85 00 c0"],
    ["a state that was not pushed", "b4"],
    ["a report of more than 4096 bytes", "05 8c 09 02 a1 01 75 08 96 01 10 09 fe 81 02 c0"],
    ["reports with and without an id", "05 8c 09 02 a1 01 75 08 95 01 09 fe 81 02 85 02 09 fe 81 02 c0"],
    ["a range of usages that ends before it begins", "05 07 19 e7 29 e0"],
  ])("refuses %s", (_, hex) => {
    expect(parse(hex).status).toBe("malformed");
  });

  it("passes over long items", () => {
    expect(parse("fe 03 f0 01 02 03 05 8c 09 02 a1 01 c0").status).toBe("parsed");
  });

  it("takes any bytes without throwing, in bounded time", () => {
    const bytes = fc.uint8Array({ maxLength: 5000 });
    fc.assert(fc.property(bytes, (any) => ["parsed", "malformed"].includes(parseReportDescriptor(any).status)));
  });

  it("survives any change of one byte of a real descriptor, and places no field outside 4096 bytes", () => {
    const descriptors = fc.constantFrom(scannerDescriptor, keyboardDescriptor, stripeDescriptor, magtekDescriptor);
    fc.assert(
      fc.property(descriptors, fc.nat(), fc.integer({ min: 0, max: 255 }), (descriptor, at, value) => {
        const result = parseReportDescriptor(descriptor.with(at % descriptor.length, value));
        if (result.status === "malformed") return;
        for (const field of result.descriptor.fields) {
          expect(field.bitOffset + field.bitSize * field.count).toBeLessThanOrEqual(8 * 4096);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("fields of reports", () => {
  it("reads back a number of any size from any bit", () => {
    const numbers = fc.record({ bitOffset: fc.nat(40), bitSize: fc.integer({ min: 1, max: 32 }), value: fc.nat() });
    fc.assert(
      fc.property(numbers, ({ bitOffset, bitSize, value }) => {
        const kept = BigInt(value) & ((1n << BigInt(bitSize)) - 1n);
        const payload = Buffer.alloc(16);
        payload.writeBigUInt64LE((kept << BigInt(bitOffset)) & 0xffffffffffffffffn, 0);
        payload.writeBigUInt64LE((kept << BigInt(bitOffset)) >> 64n, 8);
        expect(readNumber(payload, { bitOffset, bitSize })).toBe(Number(kept));
        expect(readNumber(payload.subarray(0, 1), { bitOffset: 8, bitSize })).toBeUndefined();
      }),
    );
  });
});
