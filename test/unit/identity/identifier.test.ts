import { createHmac } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import type { NfcCredential, SunMessage, VasPass } from "../../../agent/core/credential.ts";
import { asDeviceId, asLaneId, asZoneId } from "../../../agent/core/ids.ts";
import type { NdefRecord, NfcTap } from "../../../agent/core/observation.ts";
import type { KeyRules } from "../../../agent/identity/credential-judge.ts";
import { Identifier } from "../../../agent/identity/identifier.ts";
import { ProofMemory } from "../../../agent/identity/proof-memory.ts";
import { Tokens } from "../../../agent/identity/tokens.ts";
import { someInstant } from "../../support/entries.ts";

const secret = Buffer.alloc(32, 7);
const uid = "04A1B2C3D4E5F6";
const hmac = (text: string): string => createHmac("sha256", secret).update(text).digest("hex");

/** `recorded`: what the ledger holds of proofs. */
function newIdentifier(recorded: Readonly<Record<string, number>> = {}, rules: KeyRules = {}): Identifier {
  return new Identifier(
    new Tokens({ secret, version: 3 }),
    new ProofMemory({ lastCounter: (proof) => recorded[proof] }),
    rules,
  );
}

const identifier = newIdentifier();

function tap(ofUid: string, ndef: readonly NdefRecord[] = [], more: Partial<NfcTap> = {}): NfcTap {
  const seen = { deviceId: asDeviceId("till-5-nfc"), laneId: asLaneId("05"), at: someInstant };
  return { kind: "nfc-tap", readingId: "r1", uid: ofUid, technology: "ntag213", ndef, ...seen, ...more };
}

function shown(credential: NfcCredential, more: Partial<NfcTap> = {}): NfcTap {
  return tap(uid, [], { technology: "ntag424", credentials: [credential], ...more });
}

const sun = (counter: number, more: Partial<SunMessage> = {}): SunMessage => ({
  type: "sun",
  keyName: "card",
  isAuthentic: true,
  uid,
  counter,
  ...more,
});

const vas = (more: Partial<VasPass> = {}): VasPass => ({
  type: "vas",
  keyName: "club",
  isAuthentic: true,
  passTypeId: "pass.example.club",
  value: "4711",
  issuedAtMs: someInstant.wallMs - 1000,
  cryptogramHash: "ab".repeat(32),
  ...more,
});

test("makes a token of UID and NDEF content and lets neither through", () => {
  const evidence = identifier.tap(tap("04a1b2c3d4e5f6", [{ type: "uri", uri: "https://shop.example/m/42 " }]));
  expect(evidence).toEqual([
    { type: "nfc.uid", tier: "claimed", token: hmac(`nfc.uid:${uid}`), keyVersion: 3 },
    { type: "ndef.uri", tier: "claimed", token: hmac("ndef.uri:https://shop.example/m/42"), keyVersion: 3 },
  ]);
});

test.each([
  ["random", "08A1B2C3"],
  ["non-unique", "1FA1B2C3"],
])("takes a %s four-byte UID for nobody's", (_, ofUid) => {
  expect(identifier.tap(tap(ofUid))).toEqual([]);
});

test("takes a fixed four-byte UID as a claim", () => {
  expect(identifier.tap(tap("A1B2C3D4"))).toMatchObject([{ type: "nfc.uid", tier: "claimed" }]);
});

test("notes a valid originality signature beside a UID and doubts a forged one; neither is proof", () => {
  expect(identifier.tap(tap(uid, [], { originality: "valid" }))).toMatchObject([
    { tier: "claimed", note: "originality-valid" },
  ]);
  expect(identifier.tap(tap(uid, [], { originality: "forged" }))).toMatchObject([
    { tier: "claimed", doubt: "originality-forged" },
  ]);
});

describe("a SUN message", () => {
  it("is proof once, under the token of the tag's UID, and its URI becomes no token", () => {
    const uri: NdefRecord = { type: "uri", uri: "https://shop.example/t?e=1&c=2" };
    const [first, ...rest] = newIdentifier().tap(shown(sun(5), { ndef: [uri] }));
    expect(first).toMatchObject({ type: "nfc.sun", tier: "proven", token: hmac(`nfc.uid:${uid}`), counter: 5 });
    expect(rest.map(({ type }) => type)).toEqual(["nfc.uid"]);
  });

  it.each([5, 4, 0])("with counter %i after 5 is a replay, in the same moment too", (counter) => {
    const knowing = newIdentifier();
    knowing.tap(shown(sun(5)));
    expect(knowing.tap(shown(sun(counter)))[0]).toMatchObject({
      tier: "claimed",
      doubt: "counter-replayed",
      counter,
      lastCounter: 5,
    });
    expect(knowing.tap(shown(sun(6)))[0]).toMatchObject({ tier: "proven" });
  });

  it("is held against what an earlier life of the agent recorded", () => {
    const proof = `sun:${hmac(`nfc.uid:${uid}`)}`;
    const [evidence] = newIdentifier({ [proof]: 9 }).tap(shown(sun(9)));
    expect(evidence).toMatchObject({ tier: "claimed", doubt: "counter-replayed", lastCounter: 9 });
    expect(evidence?.proof).toBeUndefined();
  });

  it.each<[string, SunMessage, Partial<NfcTap>, string]>([
    ["forged", sun(7, { isAuthentic: false, fault: "mac-mismatch" }), {}, "mac-mismatch"],
    ["copied to a storage tag", sun(7), { technology: "ntag215" }, "copied"],
    ["of another tag", sun(7, { uid: "04FFFFFFFFFFFF" }), {}, "uid-mismatch"],
  ])("that is %s proves nothing and spoils nothing", (_, message, more, doubt) => {
    const knowing = newIdentifier();
    expect(knowing.tap(shown(message, more))[0]).toMatchObject({ type: "nfc.sun", tier: "claimed", doubt });
    expect(knowing.tap(shown(sun(7)))[0]).toMatchObject({ tier: "proven" });
  });

  it("on a card that does not prove live that it has our key is none, where it was asked to", () => {
    const live = { type: "ev2", keyName: "card", uid } as const;
    const failed = { ...live, isAuthentic: false, fault: "key-mismatch" };
    const knowing = newIdentifier({}, { authenticating: new Set(["card"]) });
    expect(knowing.tap(shown(sun(7)))[0]).toMatchObject({ tier: "claimed", doubt: "not-authenticated" });
    expect(knowing.tap(shown(sun(7, { keyName: "other" })))[0]).toMatchObject({ tier: "proven" });
    const credentials = (first: NfcCredential, counter: number) => ({ credentials: [first, sun(counter)] });
    expect(newIdentifier().tap(tap(uid, [], { technology: "ntag424", ...credentials(failed, 7) }))).toMatchObject([
      { type: "nfc.ev2", tier: "claimed", doubt: "key-mismatch" },
      { type: "nfc.sun", tier: "claimed", doubt: "not-authenticated" },
      { type: "nfc.uid", tier: "claimed" },
    ]);
    const genuine = { ...live, isAuthentic: true };
    // Beside a live authentication its URI is as little of a token as alone.
    const uri: NdefRecord = { type: "uri", uri: "https://shop.example/t?e=1&c=2" };
    const evidence = knowing.tap(tap(uid, [uri], { technology: "ntag424", ...credentials(genuine, 8) }));
    expect(evidence.map(({ tier }) => tier)).toEqual(["proven", "proven", "claimed"]);
  });

  it("is proof of a tag that hides its UID from the anticollision", () => {
    expect(newIdentifier().tap(shown(sun(1), { uid: "08A1B2C3" }))[0]).toMatchObject({ tier: "proven" });
  });
});

describe("a wallet pass", () => {
  it("of Apple VAS is proof while it is fresh and new, by the secret that it carries, letter for letter", () => {
    const knowing = newIdentifier();
    const [first] = knowing.tap(shown(vas({ value: "aB-3" }), { uid: "08A1B2C3" }));
    expect(first).toMatchObject({ type: "wallet.vas", tier: "proven", token: hmac("wallet.secret:club:aB-3") });
    const [other] = knowing.tap(shown(vas({ value: "Ab3", cryptogramHash: "cd" })));
    expect(other?.token).not.toBe(first?.token);
  });

  it.each(["", " - "])("without content (%o) is nobody's, and joins nobody", (value) => {
    const knowing = newIdentifier();
    const [first] = knowing.tap(shown(vas({ value })));
    const [second] = knowing.tap(shown(vas({ value, cryptogramHash: "cd" })));
    expect([first, second]).toMatchObject([
      { tier: "claimed", doubt: "empty" },
      { tier: "claimed", doubt: "empty" },
    ]);
    expect(first?.token).not.toBe(second?.token);
  });

  it.each<[string, VasPass, Partial<NfcTap>, string, string]>([
    ["made long ago", vas({ issuedAtMs: someInstant.wallMs - 121_000 }), {}, "claimed", "expired"],
    ["made in the future", vas({ issuedAtMs: someInstant.wallMs + 121_000 }), {}, "claimed", "expired"],
    ["made at no time", vas({ issuedAtMs: Number.NaN }), {}, "claimed", "expired"],
    ["not decrypted", vas({ isAuthentic: false, fault: "tag-mismatch" }), {}, "claimed", "tag-mismatch"],
    ["shown to a wrong clock", vas(), { at: { ...someInstant, trusted: false } }, "presented", "clock-untrusted"],
  ])("%s is no proof", (_, pass, more, tier, doubt) => {
    expect(newIdentifier().tap(shown(pass, more))[0]).toMatchObject({ tier, doubt });
  });

  it.each([
    [-120_001, "claimed"],
    [-120_000, "proven"],
    [120_000, "proven"],
    [120_001, "claimed"],
  ])("made %i ms from now is %s", (offMs, tier) => {
    expect(newIdentifier().tap(shown(vas({ issuedAtMs: someInstant.wallMs + offMs })))[0]).toMatchObject({ tier });
  });

  it.each([
    [0, "1970-01-01T00:00:00.000Z"],
    [253_402_300_799_999, "9999-12-31T23:59:59.999Z"],
    [253_402_300_800_000, undefined],
    [-1, undefined],
    [Infinity, undefined],
    [Number.NaN, undefined],
  ])("says when it was made where RFC 3339 can: %d", (issuedAtMs, issuedAt) => {
    expect(newIdentifier().tap(shown(vas({ issuedAtMs })))[0]?.issuedAt).toBe(issuedAt);
  });

  it("shown twice is a replay the second time, whatever the clock", () => {
    const knowing = newIdentifier();
    knowing.tap(shown(vas(), { at: { ...someInstant, trusted: false } }));
    expect(knowing.tap(shown(vas()))[0]).toMatchObject({ tier: "claimed", doubt: "cryptogram-replayed" });
  });

  it("that carries a member number and no secret is as good as that number", () => {
    const ledger = { lastCounter: () => undefined };
    const numbered = new Identifier(new Tokens({ secret, version: 3 }), new ProofMemory(ledger), {
      numbered: new Set(["club"]),
    });
    const [pass] = numbered.tap(shown(vas()));
    expect(pass).toMatchObject({ tier: "presented", token: hmac("member.number:club:4711") });
    const code = { kind: "member", programme: "club", value: "47-11" } as const;
    expect(numbered.scan(code, "hid-pos")).toMatchObject([{ tier: "presented", token: pass?.token }]);
    expect(numbered.scan(code, "magstripe")).toMatchObject([{ tier: "claimed", token: pass?.token }]);
    expect(numbered.tap(shown(vas({ keyName: "other", cryptogramHash: "cd" })))[0]).toMatchObject({ tier: "proven" });
  });

  it("of Smart Tap is proof when it is authentic", () => {
    const object = {
      type: "smart-tap",
      keyName: "club",
      collectorId: "1",
      objectType: "loyalty",
      value: "4711",
    } as const;
    expect(identifier.tap(shown({ ...object, isAuthentic: true }))[0]).toMatchObject({ tier: "proven" });
    expect(identifier.tap(shown({ ...object, isAuthentic: false }))[0]).toMatchObject({
      tier: "claimed",
      doubt: "not-authentic",
    });
  });
});

test("takes a live authentication as proof, and a failed one as a claim that says so", () => {
  const live = { type: "ev2", keyName: "card", uid } as const;
  expect(identifier.tap(shown({ ...live, isAuthentic: true }))[0]).toMatchObject({ type: "nfc.ev2", tier: "proven" });
  expect(identifier.tap(shown({ ...live, isAuthentic: false }))[0]).toMatchObject({
    tier: "claimed",
    doubt: "authentication-failed",
  });
});

test.each<[string, NfcCredential, string]>([
  ["SUN message", sun(7, { isAuthentic: false }), "mac-mismatch"],
  ["VAS pass", vas({ isAuthentic: false }), "not-authentic"],
])("says why a %s is doubted also where its check did not say", (_, credential, doubt) => {
  expect(newIdentifier().tap(shown(credential))[0]).toMatchObject({ tier: "claimed", doubt });
});

test("gives one card one token however its UID is written", () => {
  const lower = uid.toLowerCase();
  const tokens = [uid, lower].flatMap((written) => {
    const live = { type: "ev2", keyName: "card", uid: written, isAuthentic: true } as const;
    const credentials = [live, sun(7, { uid: written })];
    return newIdentifier().tap(tap(written, [], { technology: "ntag424", credentials }));
  });
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(1);
  expect(tokens.map(({ tier }) => tier)).toEqual(["proven", "proven", "claimed", "proven", "proven", "claimed"]);
});

test("leaves the blanks around a text out of its token", () => {
  const written = (text: string) => [
    ...identifier.scan({ kind: "voucher", value: text }, "hid-pos"),
    ...identifier.scan({ kind: "other", value: text }, "hid-pos"),
    ...identifier.tap(
      tap("08A1B2C3", [
        { type: "uri", uri: text },
        { type: "text", language: "en", text },
      ]),
    ),
  ];
  expect(written(" V-1\n")).toEqual(written("V-1"));
  expect(new Set(written("V-1").map(({ token }) => token)).size).toBe(4);
});

test("makes tokens of vouchers and unknown codes, and none of articles, payments and invoices", () => {
  expect(identifier.scan({ kind: "voucher", value: "V-1" }, "hid-pos")).toMatchObject([
    { type: "voucher", tier: "presented" },
  ]);
  expect(identifier.scan({ kind: "other", value: "x" }, "hid-pos")).toMatchObject([
    { type: "code.other", tier: "claimed" },
  ]);
  expect(identifier.scan({ kind: "gtin", gtin: "06901939621608" }, "hid-pos")).toEqual([]);
  expect(identifier.scan({ kind: "payment", scheme: "wechat" }, "hid-pos")).toEqual([]);
});

test("takes a beacon for something nearby", () => {
  const evidence = identifier.sighting({
    kind: "ble-sighting",
    deviceId: asDeviceId("radio-1"),
    zoneId: asZoneId("entrance"),
    at: someInstant,
    beaconId: "cart-12",
    identifier: "ibeacon:x:1:2",
    rssiDbm: -60,
    adverts: 3,
  });
  expect(evidence).toEqual([
    { type: "ble.beacon", tier: "nearby", token: hmac("ble.beacon:ibeacon:x:1:2"), keyVersion: 3 },
  ]);
});
