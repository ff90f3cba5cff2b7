import { describe, expect, it } from "vitest";
import { cmac, truncateMac } from "../../../../../drivers/nfc/ntag424/cmac.ts";
import { lrpCmac, lrpKey } from "../../../../../drivers/nfc/ntag424/lrp.ts";
import { hex } from "../../../../support/nfc/vectors.ts";

describe("AES-CMAC (RFC 4493, 4)", () => {
  const key = hex("2b7e151628aed2a6abf7158809cf4f3c");
  const message = hex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
  );

  it.each([
    [0, "bb1d6929e95937287fa37d129b756746"],
    [16, "070a16b46b4d4144f79bdd9dd04a287c"],
    [40, "dfa66747de9ae63030ca32611497c827"],
    [64, "51f0bebf7e3b9d92fc49741779363cfe"],
  ])("is as published for %i bytes", (length, expected) => {
    expect(cmac(key, message.subarray(0, length)).toString("hex")).toBe(expected);
  });

  it("is truncated to every second byte", () => {
    expect(truncateMac(hex("000102030405060708090a0b0c0d0e0f")).toString("hex")).toBe("01030507090b0d0f");
  });
});

describe("CMAC with the leakage resilient primitive (AN12304; copied by nfc-developer/sdm-backend, tests/test_lrp_cmac_vectors.py)", () => {
  it.each([
    ["63A0169B4D9FE42C72B2784C806EAC21", "", "0E07C601970814A4176FDA633C6FC3DE"],
    ["8195088CE6C393708EBBE6C7914ECB0B", "BBD5B85772C7", "AD8595E0B49C5C0DB18E77355F5AAFF6"],
    ["5AA9F6C6DE5138113DF5D6B6C77D5D52", "A4434D740C2CB665FE5396959189383F", "8B43ADF767E46B692E8F24E837CB5EFC"],
    [
      "651312D289F4DE957C208D35827C07E4",
      "D39E4B336C46FCDCFDF803A49EB3A603851CFCFA72B3A5F843768EBDEDEB939891059275C79F1DADE2B97E288A91E3",
      "9B1530F1AD35213EB8903D5610BFD7C4",
    ],
  ])("is as published under %s", (key, message, expected) => {
    expect(
      lrpCmac(lrpKey(hex(key), 0), hex(message))
        .toString("hex")
        .toUpperCase(),
    ).toBe(expected);
  });
});
