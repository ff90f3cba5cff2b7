import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchReader } from "../../../../drivers/nfc/match-reader.ts";

function named(...readers: readonly string[]): { reader: string }[] {
  return readers.map((reader) => ({ reader }));
}

describe("which configured reader a PC/SC reader is", () => {
  it("is the one with its whole name before one with its beginning", () => {
    expect(matchReader("Virtual PCD 00 00", named("Virtual PCD", "Virtual PCD 00 00"))).toBe(1);
  });

  it("is the first of equals, so that two of a model serve two lanes", () => {
    expect(matchReader("ACS ACR122U 01 00", named("ACS ACR122U", "ACS ACR122U"))).toBe(0);
  });

  it("is none when no name fits", () => {
    expect(matchReader("ACS ACR122U 01 00", named("Virtual PCD", "ACS ACR122U 01 00 and more"))).toBe(-1);
    expect(matchReader("ACS ACR122U 01 00", [])).toBe(-1);
  });

  it("is by its serial number the same in any port and under any number", () => {
    const lanes = [
      { reader: "ACS ACR122U PICC Interface", serial: "A1B2" },
      { reader: "ACS ACR122U PICC Interface (C3D4) 00 00", serial: "c3d4" },
    ];
    for (const numbers of ["00 00", "01 00", "0A 00"]) {
      expect(matchReader(`ACS ACR122U PICC Interface (A1B2) ${numbers}`, lanes)).toBe(0);
      expect(matchReader(`ACS ACR122U PICC Interface (C3D4) ${numbers}`, lanes)).toBe(1);
    }
  });

  it("is none when the serial number is another's, or not told: a lane is not given the wrong reader", () => {
    const lanes = [{ reader: "ACS ACR122U", serial: "A1B2" }];
    for (const name of ["ACS ACR122U (C3D4) 00 00", "ACS ACR122U 00 00", "ACS ACR122U A1B2 00 00", "HID (A1B2) 00 00"])
      expect(matchReader(name, lanes)).toBe(-1);
  });

  it("leaves the reader with a serial number to the lane that has it", () => {
    const lanes = [{ reader: "ACS ACR122U (A1B2) 00 00" }, { reader: "ACS ACR122U", serial: "A1B2" }];
    expect(matchReader("ACS ACR122U (A1B2) 00 00", lanes)).toBe(1);
    expect(matchReader("ACS ACR122U (C3D4) 01 00", [{ reader: "ACS ACR122U" }, lanes[1]!])).toBe(0);
  });

  it("gives each of two readers its own lane, in whatever order and under whatever numbers they come", () => {
    const serials = ["A1B2", "C3D4"];
    fc.assert(
      fc.property(fc.boolean(), fc.nat(255), fc.nat(255), (isReversed, ...numbers) => {
        const lanes = serials.map((serial) => ({ reader: "ACS ACR122U", serial }));
        const free = [...lanes];
        for (const serial of isReversed ? serials.toReversed() : serials) {
          const number = numbers.pop()!.toString(16).toUpperCase().padStart(2, "0");
          const index = matchReader(`ACS ACR122U PICC Interface (${serial}) ${number} 00`, free);
          expect(free.splice(index, 1)[0]?.serial).toBe(serial);
        }
      }),
    );
  });
});
