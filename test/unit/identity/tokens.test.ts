import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { NdefRecord, NfcTap } from "../../../agent/core/observation.ts";
import { Tokens } from "../../../agent/identity/tokens.ts";
import { someInstant } from "../../support/entries.ts";

const secret = Buffer.alloc(32, 7);
const tokens = new Tokens({ secret, version: 3 });

function tap(uid: string, ndef: readonly NdefRecord[] = []): NfcTap {
  const seen = { deviceId: asDeviceId("till-5-nfc"), laneId: asLaneId("05"), at: someInstant };
  return { kind: "nfc-tap", readingId: "r1", uid, technology: "ntag213", ndef, ...seen };
}

const hmac = (text: string): string => createHmac("sha256", secret).update(text).digest("hex");

test("makes a token of UID and NDEF content and lets neither through", () => {
  const evidence = tokens.ofTap(tap("04a1b2c3d4e5f6", [{ type: "uri", uri: "https://shop.example/m/42 " }]));
  expect(evidence).toEqual([
    { type: "nfc.uid", tier: "claimed", token: hmac("nfc.uid:04A1B2C3D4E5F6"), keyVersion: 3 },
    { type: "ndef.uri", tier: "claimed", token: hmac("ndef.uri:https://shop.example/m/42"), keyVersion: 3 },
  ]);
});

test.each([
  ["random", "08A1B2C3"],
  ["non-unique", "1FA1B2C3"],
])("takes a %s four-byte UID for nobody's", (_, uid) => {
  expect(tokens.ofTap(tap(uid))).toEqual([]);
});

test("takes a fixed four-byte UID as a claim", () => {
  expect(tokens.ofTap(tap("A1B2C3D4"))).toMatchObject([{ type: "nfc.uid", tier: "claimed" }]);
});
