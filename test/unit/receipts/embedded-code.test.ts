import { describe, expect, it } from "vitest";
import { embeddedByLine, embeddedByScheme, embeddedScheme } from "../../../agent/receipts/embedded-code.ts";
import { checkDigit } from "../../../agent/core/gs1-check-digit.ts";

const withCheck = (digits: string): string => `${digits}${checkDigit(digits)}`;
const piece = (amountMinor: number, units = 1n, scale = 0) => ({ amountMinor, quantity: { units, scale } });

describe("item codes with a price or weight in them", () => {
  it("reads the price a scheme says is there", () => {
    const code = withCheck("211234500799");
    expect(embeddedByScheme(code, ["22IIIIIWWWWWC", "21IIIIIPPPPPC"])).toEqual({
      itemReference: "12345",
      priceMinor: 799,
    });
  });

  it("reads the weight in kilograms", () => {
    expect(embeddedByScheme(withCheck("221234501236"), ["22IIIIIWWWWWC"])).toEqual({
      itemReference: "12345",
      weight: "1.236",
    });
  });

  it("finds an American code of 12 digits, filled up with zeros", () => {
    expect(embeddedByScheme("00205601000584", ["2IIIIIVPPPPC"])).toEqual({ itemReference: "05601", priceMinor: 58 });
    expect(embeddedByScheme("00205601000002", ["2IIIIIVPPPPC"])).toBeUndefined();
  });

  it("without a scheme says only what the line bears out", () => {
    const code = withCheck("221234500842");
    expect(embeddedByLine(code, piece(977, 842n, 3))).toEqual({ itemReference: "12345", weight: "0.842" });
    expect(embeddedByLine(code, piece(842))).toEqual({ itemReference: "12345", priceMinor: 842 });
    expect(embeddedByLine(code, piece(977))).toBeUndefined();
    expect(embeddedByLine("6901939621608", piece(2160))).toBeUndefined();
  });

  it.each(["21IIIIIPPPPPC", "2IIIIIVPPPPC", "02IIIIIWWWWWC"])("takes %s for a scheme", (scheme) => {
    expect(scheme).toMatch(embeddedScheme);
  });

  it.each(["IIIIIPPPPPC", "21PPPPPC", "21IIIIIC", "21IIPPWWC", "21IIIIIPPPPP"])("takes %s for none", (scheme) => {
    expect(scheme).not.toMatch(embeddedScheme);
  });
});
