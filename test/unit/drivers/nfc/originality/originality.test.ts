import { createHash, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curves } from "../../../../../drivers/nfc/originality/curve.ts";
import { decodePublicKey, verifyEcdsa } from "../../../../../drivers/nfc/originality/ecdsa.ts";
import { makerKeys } from "../../../../../drivers/nfc/originality/maker-keys.ts";
import { chipOfSignature, originalityOf } from "../../../../../drivers/nfc/originality/originality.ts";
import { hex, publishedVectors } from "../../../../support/nfc/vectors.ts";

interface Sample {
  readonly uid: string;
  readonly signature: string;
  readonly valid?: boolean;
}

interface OriginalityVectors {
  readonly families: readonly { readonly chip: string; readonly samples: readonly Sample[] }[];
  readonly ntag424_extra: { readonly samples: readonly Sample[] };
}

const { vectors, skipped } = publishedVectors("nxp-originality.json");
const published = vectors as OriginalityVectors | undefined;

/** From proxmark3 and icedevml/nfc-ev2-crypto, test_ecc.py. */
const samples = [
  ["Mifare Classic EV1", "0433619AB35780", "B9FAE369EC21C980650D87ED9AE9B1610E859131B4B8699C647548AB68D249BB"],
  [
    "NTAG424DNA",
    "0463474AA26A80",
    "27E9A50E6CA4BA9037C02F7D20A80D0284D0C1D83C67F5A5AC1D8A4EF86C9508417E4E9C6F85AA7920F0ABDED984CAF20467D66EA54BBF08",
  ],
  [
    "MIFARE Ultralight AES",
    "045E4CC2451390",
    "C9BBDA1B99EB6634CDFD8E3251AC5C4742EA5FA507B8A8A8B39B19AB7340D173331589C54C56C49F0CCA6DDBAC1E492A",
  ],
] as const;

describe("an originality signature", () => {
  it.each(samples)("of a %s is valid", (chip, uid, signature) => {
    expect(chipOfSignature(hex(uid), hex(signature))).toBe(chip);
    expect(originalityOf(hex(uid), hex(signature))).toBe("valid");
  });

  it("is forged over any other UID, or with one bit changed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(55), fc.nat(255), (sample, uidBit, signatureBit) => {
        const [uid, signature] = [hex(sample[1]), hex(sample[2])];
        const otherUid = Buffer.from(uid);
        otherUid[uidBit >> 3]! ^= 1 << (uidBit & 7);
        const otherSignature = Buffer.from(signature);
        otherSignature[signatureBit >> 3]! ^= 1 << (signatureBit & 7);
        expect(originalityOf(otherUid, signature)).toBe("forged");
        expect(originalityOf(uid, otherSignature)).toBe("forged");
      }),
      { numRuns: 30 },
    );
  });

  it("is forged where a chip gives zeros, ones, or anything of another length, and nothing is thrown", () => {
    for (const length of [0, 1, 31, 32, 48, 56, 64])
      for (const byte of [0, 0xff])
        expect(originalityOf(hex("04A1B2C3D4E5F6"), Buffer.alloc(length, byte))).toBe("forged");
    expect(originalityOf(Buffer.alloc(0), hex(samples[0][2]))).toBe("forged");
  });

  it("takes some milliseconds, whatever it is", () => {
    const signature = Buffer.alloc(56, 0x5a);
    const began = process.hrtime.bigint();
    const runs = 20;
    for (let run = 0; run < runs; run++) originalityOf(Buffer.of(4, run, 0, 0, 0, 0, 0), signature);
    const eachMs = Number(process.hrtime.bigint() - began) / 1e6 / runs;
    expect(eachMs).toBeLessThan(200);
  });

  it.skipIf(!published)(`verifies for every published sample, and for no published forgery${skipped}`, () => {
    const families = published?.families ?? [];
    expect(families.map(({ chip }) => chip)).toEqual(makerKeys.map(({ chip }) => chip));
    for (const { chip, samples } of families)
      for (const { uid, signature } of samples) expect(chipOfSignature(hex(uid), hex(signature))).toBe(chip);
    const extra = published?.ntag424_extra.samples ?? [];
    expect(extra).toHaveLength(15);
    for (const { uid, signature, valid } of extra)
      expect(originalityOf(hex(uid), hex(signature))).toBe(valid === true ? "valid" : "forged");
  });
});

describe("ECDSA over big integers", () => {
  it.each(["secp224r1", "prime192v1"] as const)("agrees with Node on what Node signs with %s", (name) => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: name });
    const curve = curves[name];
    const point = publicKey.export({ format: "der", type: "spki" }).subarray(-(1 + 2 * curve.bytes));
    const message = Buffer.from("a message");
    const signature = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
    const key = decodePublicKey(curve, point.toString("hex"));
    expect(verifyEcdsa(curve, key, createHash("sha256").update(message).digest(), signature)).toBe(true);
    expect(verifyEcdsa(curve, key, createHash("sha256").update("another").digest(), signature)).toBe(false);
  });

  it("refuses keys that are not on their curve", () => {
    const key = makerKeys[0]!.publicKey;
    for (const bad of [`${key.slice(0, -1)}0`, key.slice(2), `02${key.slice(2)}`, ""])
      expect(() => decodePublicKey(curves.secp128r1, bad)).toThrow(RangeError);
  });
});
