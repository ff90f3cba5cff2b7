import { createECDH, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { loadMerchantKey } from "../../../../../../drivers/nfc/iso-dep/wallet/merchant-key.ts";
import { newMerchantKeys } from "../../../../../support/merchant-keys.ts";

const reasonOf = (pem: string): string => {
  const loaded = loadMerchantKey(pem);
  return loaded.ok ? "" : loaded.reason;
};

describe("a merchant's private key", () => {
  it("is read from PKCS#8, from SEC 1 and from what openssl writes before it, as the same key", () => {
    const { pkcs8Pem, sec1Pem } = newMerchantKeys();
    const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    const ids = [pkcs8Pem, sec1Pem, parameters + sec1Pem].map((pem) => {
      const loaded = loadMerchantKey(pem);
      return loaded.ok && Buffer.from(loaded.merchantKey.vasKeyId).toString("hex");
    });
    expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
    expect(new Set(ids).size).toBe(1);
  });

  it("is refused with a reason that does not quote it", () => {
    const { publicKeyPem, pkcs8Pem } = newMerchantKeys();
    const other = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
    const locked = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    }).privateKey;
    expect(reasonOf(other.export({ type: "pkcs8", format: "pem" }).toString())).toBe("not a key on the curve P-256");
    for (const pem of ["", "hunter2", publicKeyPem, locked, pkcs8Pem.slice(0, 90)])
      expect(reasonOf(pem)).toBe("not an unencrypted private key in PEM text (PKCS#8 or SEC 1)");
  });

  it("agrees on the same secret with either point of an x, and on none with what is no point", () => {
    const loaded = loadMerchantKey(newMerchantKeys().sec1Pem);
    if (!loaded.ok) throw new Error(loaded.reason);
    const other = createECDH("prime256v1");
    const x = Buffer.from(other.generateKeys()).subarray(1, 33);
    const secrets = [2, 3].map((sign) => loaded.merchantKey.agree(Buffer.concat([Buffer.of(sign), x])));
    expect(secrets[0]).toHaveLength(32);
    expect(secrets[0]).toEqual(secrets[1]);
    for (const point of [Buffer.alloc(33, 0xff), Buffer.alloc(33), Buffer.of(2), Buffer.concat([Buffer.of(4), x])])
      expect(loaded.merchantKey.agree(point)).toBeUndefined();
  });
});
