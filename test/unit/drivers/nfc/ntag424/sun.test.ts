import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeySet, type Ntag424KeyOptions } from "../../../../../drivers/nfc/ntag424/key-set.ts";
import { findSunMirror } from "../../../../../drivers/nfc/ntag424/sun-mirror.ts";
import { verifySun } from "../../../../../drivers/nfc/ntag424/sun.ts";
import { hex, publishedVectors } from "../../../../support/nfc/vectors.ts";

interface SunVector {
  readonly id: string;
  readonly kind: string;
  readonly sdmMetaReadKey?: string;
  readonly sdmFileReadKey?: string;
  readonly masterKey?: string;
  readonly piccEncData?: string;
  readonly encFileData?: string | null;
  readonly macInputAscii?: string;
  readonly sdmmac: string;
  readonly uid?: string;
  readonly ctrMirror?: string;
  readonly expect: "reject" | { readonly uid: string; readonly readCtr: number; readonly fileDataHex: string | null };
}

const { vectors, skipped } = publishedVectors("ntag424-sun.json");
const suns = (vectors as { readonly sun: readonly SunVector[] } | undefined)?.sun ?? [];
/** A card that does not tell which it is. */
const randomUid = "08A1B2C3";
const zeros = "00".repeat(16);

function keySet(options: Partial<Ntag424KeyOptions> = {}): KeySet {
  return new KeySet({ keyName: "tags", metaReadKeyHex: zeros, fileReadKeyHex: zeros, ...options });
}

/** From AN12196, pages 12 and 18, and from nfc-developer/sdm-backend, tests/test_libsdm.py. */
const published = {
  piccOnly: "https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086",
  withFile:
    "https://www.my424dna.com/?picc_data=FD91EC264309878BE6345CBE53BADF40&enc=CEE9A53E3E463EF1F459635736738962&cmac=ECC1E7F6C6C73BF6",
  plain: "https://example.com/t?uid=041E3C8A2D6B80&ctr=000006&cmac=4B00064004B0B3D3",
  lrp: "https://example.com/?picc_data=1FCBE61B3E4CAD980CBFDD333E7A4AC4A579569BAFD22C5F&cmac=4231608BA7B02BA9",
  lrpWithFile:
    "https://example.com/?picc_data=07D9CA2545881D4BFDD920BE1603268C0714420DD893A497&enc=D6E921C47DB4C17C56F979F81559BB83&cmac=F9481AC7D855BDB6",
};

describe("a SUN message", () => {
  it("is authentic with UID and counter encrypted", () => {
    const sun = { type: "sun", keyName: "tags", isAuthentic: true, uid: "04DE5F1EACC040", counter: 61 };
    expect(verifySun(published.piccOnly, [keySet()], "04DE5F1EACC040")).toEqual(sun);
  });

  it("gives the file data, which the MAC covers", () => {
    const sun = verifySun(published.withFile, [keySet()], "04958CAA5C5E80");
    expect(sun).toMatchObject({ isAuthentic: true, uid: "04958CAA5C5E80", counter: 8, fileData: "x".repeat(16) });
  });

  it("is authentic with UID and counter in plain", () => {
    expect(verifySun(published.plain, [keySet()], "041E3C8A2D6B80")).toMatchObject({ isAuthentic: true, counter: 6 });
  });

  it("is authentic from a tag in LRP mode", () => {
    const plain = verifySun(published.lrp, [keySet()], "04940E2A2F7080");
    expect(plain).toMatchObject({ isAuthentic: true, counter: 3 });
    const withFile = verifySun(published.lrpWithFile, [keySet()], randomUid);
    expect(withFile).toMatchObject({
      isAuthentic: true,
      uid: "049B112A2F7080",
      counter: 4,
      fileData: "NTXXb7dz3PsYYBlU",
    });
  });

  it("is authentic from a tag with keys of its own, all mirrors in one parameter", () => {
    const master = "47BBB68AFA73F31310BEEFCE5DDA692DBAD671A03FEAD5A9BBDBCF3CD6D4C521";
    const keys = keySet({
      metaReadKeyHex: master,
      fileReadKeyHex: master,
      diversified: "nfc-developer",
      parameters: { picc: "d", enc: "d", mac: "d" },
    });
    const uri =
      "https://example.com/?d=4F5B914723915D456C038FE658686CD55CE7DCDEA93F5DA7AAA0AADC97485ABFFFCD8DE82AD05289";
    const sun = { isAuthentic: true, uid: "047D5F2AAA6180", counter: 2, fileData: "CC\x04aaaaEEEEEEEEE" };
    expect(verifySun(uri, [keys], randomUid)).toMatchObject(sun);
  });

  it("is not when one digit of the MAC or of the data differs", () => {
    for (const uri of Object.values(published)) {
      const at = uri.length - 1;
      const forged = uri.slice(0, at) + (uri[at] === "0" ? "1" : "0");
      expect(verifySun(forged, [keySet()], randomUid)).toMatchObject({ isAuthentic: false, fault: "mac-mismatch" });
    }
    const other = published.withFile.replace("enc=CEE9", "enc=CEE8");
    const sun = verifySun(other, [keySet()], randomUid);
    expect(sun).toMatchObject({ isAuthentic: false, fault: "mac-mismatch" });
    expect(sun).not.toHaveProperty("fileData");
    const counted = published.plain.replace("000006", "000007");
    expect(verifySun(counted, [keySet()], randomUid)).toMatchObject({ isAuthentic: false, counter: 7 });
  });

  it("is not of this card when it names another tag", () => {
    const sun = verifySun(published.piccOnly, [keySet()], "04A1B2C3D4E5F6");
    expect(sun).toMatchObject({ isAuthentic: false, fault: "uid-mismatch", uid: "04DE5F1EACC040" });
  });

  it("names the card when no key opens what it says", () => {
    const keys = keySet({ metaReadKeyHex: "11".repeat(16) });
    expect(verifySun(published.piccOnly, [keys], "04A1B2C3D4E5F6")).toEqual({
      type: "sun",
      keyName: "tags",
      isAuthentic: false,
      fault: "picc-data-invalid",
      uid: "04A1B2C3D4E5F6",
      counter: 0,
    });
  });

  it("is checked with every key set, and named after the one that fits", () => {
    const others = [
      keySet({ keyName: "other", metaReadKeyHex: "11".repeat(16) }),
      keySet({ keyName: "half", fileReadKeyHex: "11".repeat(16) }),
    ];
    expect(verifySun(published.piccOnly, [...others, keySet()], randomUid)?.keyName).toBe("tags");
    expect(verifySun(published.piccOnly, others, randomUid)).toMatchObject({ keyName: "half", fault: "mac-mismatch" });
  });

  it("is none where no key could check it", () => {
    expect(verifySun(published.piccOnly, [], randomUid)).toBeUndefined();
    expect(
      verifySun(published.piccOnly, [new KeySet({ keyName: "auth", authKeyHex: zeros })], randomUid),
    ).toBeUndefined();
    expect(
      verifySun(published.piccOnly, [new KeySet({ keyName: "plain", fileReadKeyHex: zeros })], randomUid),
    ).toBeUndefined();
  });

  it("is none in an ordinary link", () => {
    const links = [
      "https://example.com/m/42",
      "https://example.com/?e=1&c=2",
      "a:b",
      "",
      "https://example.com/?c=94EED9EE65337086",
    ];
    for (const link of links) expect(verifySun(link, [keySet()], randomUid)).toBeUndefined();
  });

  it("is looked for by the configured names only", () => {
    const renamed = published.plain.replace("uid=", "u=").replace("ctr=", "n=").replace("cmac=", "m=");
    expect(verifySun(renamed, [keySet()], randomUid)).toBeUndefined();
    const keys = keySet({ parameters: { uid: "u", counter: "n", mac: "m" } });
    expect(verifySun(renamed, [keys], randomUid)?.isAuthentic).toBe(true);
    expect(verifySun(published.plain, [keys], randomUid)).toBeUndefined();
  });

  it("is never found authentic in garbage, and nothing is thrown", () => {
    const digits = fc.string({ unit: fc.constantFrom(...Array.from("0123456789ABCDEFg&=?#")), maxLength: 140 });
    const uris = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.tuple(digits, digits, digits).map(([picc, enc, mac]) => `x:?picc_data=${picc}&enc=${enc}&cmac=${mac}`),
      digits.map((mirrors) => `x:?d=${mirrors}`),
      fc.string({ maxLength: 5_000 }),
    );
    const sets = [keySet(), keySet({ parameters: { picc: "d", enc: "d", mac: "d" } })];
    fc.assert(
      fc.property(uris, (uri) => {
        expect(verifySun(uri, sets, randomUid)?.isAuthentic ?? false).toBe(false);
      }),
    );
  });

  it("is found wherever its URI is cut, or not at all", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(published)), fc.nat(200), (uri, length) => {
        const cut = uri.slice(0, length);
        expect(findSunMirror(cut) !== undefined).toBe(length >= uri.length);
      }),
    );
  });
});

describe.skipIf(suns.length === 0)(`every published SUN message${skipped}`, () => {
  it.each(suns)("$id", (vector) => {
    const options = {
      metaReadKeyHex: vector.masterKey ?? vector.sdmMetaReadKey,
      fileReadKeyHex: vector.masterKey ?? vector.sdmFileReadKey,
    };
    const isJoined = typeof vector.encFileData === "string" && vector.macInputAscii === vector.encFileData;
    const keys = new KeySet({
      keyName: vector.id,
      ...(options.metaReadKeyHex !== undefined && { metaReadKeyHex: options.metaReadKeyHex }),
      ...(options.fileReadKeyHex !== undefined && { fileReadKeyHex: options.fileReadKeyHex }),
      ...(vector.masterKey !== undefined && { diversified: "nfc-developer" as const }),
      ...(isJoined && { parameters: { picc: "p", enc: "d", mac: "d" } }),
    });
    const sun = verifySun(uriOf(vector, isJoined), [keys], randomUid);
    if (vector.expect === "reject") {
      expect(sun).toMatchObject({ isAuthentic: false, fault: "mac-mismatch" });
      return;
    }
    expect(sun).toMatchObject({ isAuthentic: true, uid: vector.expect.uid, counter: vector.expect.readCtr });
    expect(sun?.fileData).toBe(
      vector.expect.fileDataHex === null ? undefined : hex(vector.expect.fileDataHex).toString(),
    );
  });
});

function uriOf({ piccEncData, encFileData, uid, ctrMirror, sdmmac }: SunVector, isJoined: boolean): string {
  if (piccEncData === undefined) return `https://example.com/?uid=${uid}&ctr=${ctrMirror}&cmac=${sdmmac}`;
  if (isJoined) return `https://example.com/?p=${piccEncData}&d=${encFileData}${sdmmac}`;
  const file = typeof encFileData === "string" ? `&enc=${encFileData}` : "";
  return `https://example.com/?picc_data=${piccEncData}${file}&cmac=${sdmmac}`;
}
