import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refineType2, technologyOfAtr } from "../../../../drivers/nfc/technology.ts";

const atr = (hex: string) => technologyOfAtr(Buffer.from(hex, "hex"));

describe("the technology of a card", () => {
  it("is read off the ATR that a reader makes for a storage card", () => {
    expect(atr("3b8f8001804f0ca000000306030001000000006a")).toBe("mifare-classic-1k");
    expect(atr("3b8f8001804f0ca0000003060300030000000068")).toBe("mifare-ultralight");
    expect(atr("3b8f8001804f0ca00000030603f0120000000000")).toBe("felica-424k");
    expect(atr("3b8f8001804f0ca0000003060377770000000000")).toBe("unknown");
  });

  it("is iso-dep for a card with an ATR of its own, unknown without one", () => {
    expect(atr("3b8180018080")).toBe("iso-dep");
    expect(atr("")).toBe("unknown");
  });

  it("is never an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 33 }), (bytes) => {
        expect(technologyOfAtr(bytes)).toMatch(/^[a-z0-9-]+$/);
      }),
    );
  });

  it("tells the NTAGs apart by the size in their capability container", () => {
    expect([0x12, 0x3e, 0x6d, 0x06].map((size) => refineType2("mifare-ultralight", size))).toEqual([
      "ntag213",
      "ntag215",
      "ntag216",
      "mifare-ultralight",
    ]);
    expect(refineType2("mifare-ultralight-c", 0x12)).toBe("mifare-ultralight-c");
  });
});
