import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { secretRules } from "../../../config/secret-rules.ts";

const isFit = (name: keyof typeof secretRules, secret: string, holder: object = {}): boolean =>
  secretRules[name](secret, holder) === undefined;
const digits = (length: number): string => "0123456789abcdefABCDEF".repeat(4).slice(0, length);

describe("a secret", () => {
  it("that protects card numbers is 64 hexadecimal digits, with blanks around them or not", () => {
    expect([digits(64), ` ${digits(64)}\n`].map((secret) => isFit("regionKey", secret))).toEqual([true, true]);
    const refused = [digits(63), digits(65), digits(32), `${digits(63)}g`, `x${digits(64)}`, ""];
    expect(refused.filter((secret) => isFit("regionKey", secret))).toEqual([]);
  });

  it.each(["identityKey", "irk", "metaReadKey", "fileReadKey", "authKey"] as const)(
    "that is an AES key is 32 hexadecimal digits, with blanks around them or not: %s",
    (name) => {
      expect([digits(32), ` ${digits(32)}\n`].map((secret) => isFit(name, secret))).toEqual([true, true]);
      const refused = [digits(31), digits(33), digits(64), `x${digits(32)}`, `${digits(32)}x`, `${digits(31)}g`, ""];
      expect(refused.filter((secret) => isFit(name, secret))).toEqual([]);
    },
  );

  it.each(["metaReadKey", "fileReadKey", "authKey"] as const)(
    "of a tag is none that tags are delivered with: %s",
    (name) => {
      expect(isFit(name, "0".repeat(32))).toBe(false);
      expect(isFit(name, `${"0".repeat(31)}1`)).toBe(true);
    },
  );

  it("that tags' keys are made from may be twice as long, only where they are", () => {
    const diversified = { diversified: "nfc-developer" };
    expect(isFit("metaReadKey", digits(64), diversified)).toBe(true);
    expect(isFit("metaReadKey", digits(32), diversified)).toBe(true);
    const refused = [digits(48), digits(63), digits(65), `x${digits(64)}`, `${digits(64)}x`, "0".repeat(64)];
    expect(refused.filter((secret) => isFit("metaReadKey", secret, diversified))).toEqual([]);
    expect(isFit("metaReadKey", digits(64), { diversified: "another" })).toBe(false);
  });

  it("of a merchant is a key on P-256, in PEM", () => {
    const pem = (namedCurve: string): string =>
      generateKeyPairSync("ec", { namedCurve }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const ed25519 = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(isFit("privateKey", pem("P-256"))).toBe(true);
    expect([pem("P-384"), ed25519, digits(64), ""].filter((secret) => isFit("privateKey", secret))).toEqual([]);
  });

  it("that is a password may be anything", () => {
    expect(["x", " ", digits(80)].every((secret) => isFit("password", secret))).toBe(true);
  });
});
