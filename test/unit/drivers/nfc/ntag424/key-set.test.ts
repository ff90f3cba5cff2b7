import { describe, expect, it } from "vitest";
import { diversifyAn10922, nfcDeveloper } from "../../../../../drivers/nfc/ntag424/diversify.ts";
import { KeySet } from "../../../../../drivers/nfc/ntag424/key-set.ts";
import { hex, publishedVectors } from "../../../../support/nfc/vectors.ts";

interface KdfVectors {
  readonly kdf: {
    readonly vectors: readonly {
      readonly masterKey: string;
      readonly undiversifiedKey1: string;
      readonly tagKeys: readonly { readonly uid: string; readonly keyNo: number; readonly key: string }[];
    }[];
  };
}

const { vectors, skipped } = publishedVectors("ntag424-sun.json");
const kdf = (vectors as KdfVectors | undefined)?.kdf.vectors;
const uid = hex("04782E21801D80");

describe("a tag's own key", () => {
  it("is as AN10922 publishes it (2.2.1)", () => {
    const key = diversifyAn10922(hex("00112233445566778899AABBCCDDEEFF"), hex("04782E21801D803042F54E585020416275"));
    expect(key.toString("hex").toUpperCase()).toBe("A8DD63A3B89D54B37CA802473FDA9175");
  });

  it("takes an input of 1 to 31 bytes", () => {
    const lengths = [1, 15, 16, 30, 31].map((length) => diversifyAn10922(hex("00".repeat(16)), Buffer.alloc(length)));
    expect(new Set(lengths.map((key) => key.toString("hex"))).size).toBe(5);
    for (const length of [0, 32])
      expect(() => diversifyAn10922(hex("00".repeat(16)), Buffer.alloc(length))).toThrow(RangeError);
  });

  it("is that of nfc-developer's tools where they set the tag up (sdm-backend, tests/test_kdf.py)", () => {
    const master = hex("C9EB67DF090AFF47C3B19A2516680B9D");
    expect(nfcDeveloper.metaReadKey(master).toString("hex")).toBe("a13086f194d7bdfd108dd11716ea2bdf");
    const key = nfcDeveloper.tagKey(master, hex("010203040506AB"), 1);
    expect(key.toString("hex")).toBe("f18cdd9389d47ae7ab381e80e5ab6fe3");
  });

  it("is a delivery key still where the master key is", () => {
    expect(nfcDeveloper.tagKey(Buffer.alloc(16), uid, 2)).toEqual(Buffer.alloc(16));
    expect(nfcDeveloper.metaReadKey(Buffer.alloc(16))).toEqual(Buffer.alloc(16));
  });

  it.skipIf(!kdf)(`is as published for every master key, UID and number${skipped}`, () => {
    const all = kdf ?? [];
    expect(all.length).toBeGreaterThan(1);
    for (const { masterKey, undiversifiedKey1, tagKeys } of all) {
      expect(nfcDeveloper.metaReadKey(hex(masterKey)).toString("hex")).toBe(undiversifiedKey1);
      for (const tag of tagKeys)
        expect(nfcDeveloper.tagKey(hex(masterKey), hex(tag.uid), tag.keyNo).toString("hex")).toBe(tag.key);
    }
  });
});

describe("a key set", () => {
  const zeros = "00".repeat(16);

  it("gives the configured keys where they are not diversified", () => {
    const keys = new KeySet({ keyName: "tags", metaReadKeyHex: zeros, fileReadKeyHex: zeros });
    expect([keys.metaReadKey, keys.fileReadKey(uid), keys.authKey(uid)]).toEqual([hex(zeros), hex(zeros), undefined]);
    expect([keys.readsFiles, keys.authenticates]).toEqual([true, false]);
  });

  it("gives each tag its own by AN10922, with what is configured after the UID", () => {
    const keys = new KeySet({
      keyName: "tags",
      authKeyHex: "00112233445566778899AABBCCDDEEFF",
      diversified: "an10922",
      diversificationSuffixHex: "3042F54E585020416275",
    });
    expect(keys.authKey(uid)).toEqual(hex("A8DD63A3B89D54B37CA802473FDA9175"));
  });

  it("refuses keys that are none, and says no byte of them", () => {
    const bad = ["00", "zz".repeat(16), "00".repeat(32), "0".repeat(31)];
    for (const authKeyHex of bad) expect(() => new KeySet({ keyName: "tags", authKeyHex })).toThrow(/^a key (of|is)/);
    expect(() => new KeySet({ keyName: "tags", authKeyHex: zeros, authKeyNumber: 5 })).toThrow(RangeError);
  });
});
