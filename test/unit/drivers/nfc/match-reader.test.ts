import { describe, expect, it } from "vitest";
import { matchReader } from "../../../../drivers/nfc/match-reader.ts";

describe("which configured reader a PC/SC reader is", () => {
  it("is the one with its whole name before one with its beginning", () => {
    expect(matchReader("Virtual PCD 00 00", ["Virtual PCD", "Virtual PCD 00 00"])).toBe(1);
  });

  it("is the first of equals, so that two of a model serve two lanes", () => {
    expect(matchReader("ACS ACR122U 01 00", ["ACS ACR122U", "ACS ACR122U"])).toBe(0);
  });

  it("is none when no name fits", () => {
    expect(matchReader("ACS ACR122U 01 00", ["Virtual PCD", "ACS ACR122U 01 00 and more"])).toBe(-1);
    expect(matchReader("ACS ACR122U 01 00", [])).toBe(-1);
  });
});
