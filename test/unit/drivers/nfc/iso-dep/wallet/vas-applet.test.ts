import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VasPass } from "../../../../../../agent/core/credential.ts";
import { vasApplet, type VasOptions } from "../../../../../../drivers/nfc/iso-dep/wallet/vas-applet.ts";
import {
  VirtualIphone,
  type VirtualIphoneOptions,
} from "../../../../../../drivers/nfc/virtual-cards/virtual-iphone.ts";
import { ManualClock } from "../../../../../support/manual-clock.ts";
import { newMerchantKeys } from "../../../../../support/merchant-keys.ts";
import { appletOf, tap, type Respond } from "../../../../../support/tapped-phone.ts";
import { hex } from "../../../../../support/nfc/vectors.ts";

const keys = newMerchantKeys();
const stranger = newMerchantKeys();
const clock = new ManualClock();
const gold = { keyName: "gold", passTypeId: "pass.com.example.gold", privateKeyPem: keys.pkcs8Pem };
const silver = { keyName: "silver", passTypeId: "pass.com.example.silver", privateKeyPem: keys.sec1Pem };
const goldPass = { passTypeId: gold.passTypeId, message: "会员 4711", publicKeyPem: keys.publicKeyPem };
const selectAnswer = hex("6f1d50084170706c655061799f210201009f2404e9caede39f23040000003e9000");

const applet = (passes: VasOptions["passes"] = [gold]) => appletOf(vasApplet({ passes }));

function iphone(options: Partial<VirtualIphoneOptions> = {}): Respond {
  const phone = new VirtualIphone({ passes: [goldPass], clock, ...options });
  return (apdu) => phone.respond(apdu);
}

async function passOf(respond: Respond, passes?: VasOptions["passes"]): Promise<VasPass> {
  const { reading } = await tap(applet(passes), respond);
  expect(reading).toMatchObject({ technology: "apple-wallet", credentials: [{ type: "vas" }] });
  return reading?.credentials?.[0] as VasPass;
}

/** Changes the answer to GET DATA, and only that. */
const changed =
  (respond: Respond, change: (answer: Buffer) => Uint8Array): Respond =>
  (apdu, count) =>
    apdu[1] === 0xca ? change(Buffer.from(respond(apdu, count))) : respond(apdu, count);

describe("reading an Apple VAS pass", () => {
  it.each(["pass-in-derivation", "pass-as-associated-data"] as const)(
    "gives the pass, its time and the hash of its cryptogram (%s)",
    async (sharedInfo) => {
      const cryptograms: string[] = [];
      const seen = changed(iphone({ sharedInfo }), (answer) => {
        cryptograms.push(createHash("sha256").update(answer.subarray(8, -2)).digest("hex"));
        return answer;
      });
      expect(await passOf(seen)).toEqual({
        type: "vas",
        keyName: "gold",
        isAuthentic: true,
        passTypeId: gold.passTypeId,
        value: "会员 4711",
        issuedAtMs: clock.now().wallMs,
        cryptogramHash: cryptograms[0],
      });
    },
  );

  it("takes what any message and any key of the merchant make", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 20 }), async (message) => {
        expect(await passOf(iphone({ passes: [{ ...goldPass, message }] }))).toMatchObject({
          isAuthentic: true,
          value: message,
        });
      }),
      { numRuns: 50 },
    );
  });

  it("asks for one pass after the other until the phone has one, and says that more will come", async () => {
    const { reading, sent } = await tap(applet([silver, gold]), iphone());
    expect(reading?.credentials).toMatchObject([{ keyName: "gold" }]);
    expect(sent.map((apdu) => apdu.match(/9f2604(\d{8})/)?.[1])).toEqual([undefined, "00800082", "00800002"]);
    const first = await tap(applet([gold, silver]), iphone());
    expect(first.sent).toHaveLength(2);
  });

  it("opens a pass with the key it names, while keys are being changed", async () => {
    const old = { ...gold, keyName: "gold-old", privateKeyPem: stranger.pkcs8Pem };
    expect(await passOf(iphone(), [old, gold])).toMatchObject({ keyName: "gold", isAuthentic: true });
    expect(
      await passOf(iphone({ passes: [{ ...goldPass, publicKeyPem: stranger.publicKeyPem }] }), [old, gold]),
    ).toMatchObject({
      keyName: "gold-old",
      isAuthentic: true,
    });
  });

  it("leaves a late time stamp and a replayed cryptogram to the agent, with what it needs to judge", async () => {
    expect(await passOf(iphone({ clockSkewMs: -3_600_000 }))).toMatchObject({
      isAuthentic: true,
      issuedAtMs: clock.now().wallMs - 3_600_000,
    });
    const replaying = iphone({ replays: true });
    expect(await passOf(replaying)).toEqual(await passOf(replaying));
    const fresh = iphone();
    expect((await passOf(fresh)).cryptogramHash).not.toBe((await passOf(fresh)).cryptogramHash);
  });

  it("asks to unlock a phone that has the pass and is locked", async () => {
    const { reading } = await tap(applet([silver, gold]), iphone({ isLocked: true }));
    expect(reading).toEqual({ technology: "apple-wallet", refusal: "NFC_PHONE_LOCKED" });
  });

  it("says that the phone has no pass, also when it only took note of the signup address", async () => {
    const none = await tap(applet(), iphone({ passes: [] }));
    expect(none.reading).toEqual({ technology: "apple-wallet", refusal: "NFC_NO_PASS" });
    const noted = await tap(
      applet(),
      changed(iphone(), () => hex("70039f2a009000")),
    );
    expect(noted.reading).toEqual(none.reading);
  });

  it("finds no application on a card without a wallet or with Google's", async () => {
    const google = hex("6f0c500a416e64726f69645061799000");
    for (const answer of [hex("6a82"), google, hex(""), hex("90"), hex("9000")])
      expect((await tap(applet(), () => answer)).reading).toBeUndefined();
  });

  it("lets it be known when the phone goes away, and nothing else", async () => {
    const gone: Respond = (apdu, count) => {
      if (count === 2) throw new Error("removed");
      return iphone()(apdu, count);
    };
    await expect(tap(applet(), gone)).rejects.toThrow("removed");
  });
});

describe("a pass that is not what it says", () => {
  it.each([
    ["made for another key", { ...goldPass, publicKeyPem: stranger.publicKeyPem }, "key-id-mismatch"],
    [
      "made for another key under the name of ours",
      { ...goldPass, publicKeyPem: stranger.publicKeyPem, claimedKeyPem: keys.publicKeyPem },
      "tag-mismatch",
    ],
  ])("is not authentic when %s", async (_, pass, fault) => {
    expect(await passOf(iphone({ passes: [pass] }))).toMatchObject({
      isAuthentic: false,
      fault,
      value: "",
      issuedAtMs: 0,
    });
  });

  it("is not authentic when it was made for another kind of pass", async () => {
    const phone = new VirtualIphone({ passes: [{ ...goldPass, passTypeId: silver.passTypeId }], clock });
    let answer: Uint8Array = hex("6a83");
    await tap(applet([silver]), (apdu) => (answer = phone.respond(apdu)));
    expect(await passOf(changed(iphone(), () => answer))).toMatchObject({ isAuthentic: false, fault: "tag-mismatch" });
  });

  it("is not authentic with any bit of its cryptogram turned over", async () => {
    const kept = iphone({ replays: true });
    const { length } = cryptogramIn(await answerOf(kept));
    await fc.assert(
      fc.asyncProperty(fc.nat(length * 8 - 1), async (bit) => {
        const turned = changed(kept, (answer) => {
          const at = answer.length - 2 - length + (bit >> 3);
          answer.writeUInt8(answer.readUInt8(at) ^ (1 << (bit & 7)), at);
          return answer;
        });
        expect(await passOf(turned)).toMatchObject({ isAuthentic: false, value: "", issuedAtMs: 0 });
      }),
      { numRuns: 300 },
    );
  });

  it("is not authentic when it is too short to hold anything", async () => {
    for (const cryptogram of ["00", "00".repeat(55)]) {
      const body = `9f27${(cryptogram.length / 2).toString(16).padStart(2, "0")}${cryptogram}`;
      const answer = hex(`70${(body.length / 2).toString(16).padStart(2, "0")}${body}9000`);
      expect(await passOf(changed(iphone(), () => answer))).toMatchObject({ isAuthentic: false, fault: "too-short" });
    }
  });
});

describe("whatever a phone answers to an Apple VAS reader", () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([bytes, hex("9000")])),
    fc
      .uint8Array({ maxLength: 120 })
      .map((bytes) => Buffer.concat([Buffer.of(0x70, bytes.length), bytes, hex("9000")])),
    fc
      .uint8Array({ maxLength: 120 })
      .map((bytes) => Buffer.concat([Buffer.of(0x70, bytes.length + 3, 0x9f, 0x27, bytes.length), bytes, hex("9000")])),
  );

  it("ends after one command and one for each pass, without a throw, and nothing is authentic", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 4 }), fc.boolean(), async (answers, isApple) => {
        const { reading, sent } = await tap(applet([silver, gold]), (_, count) =>
          isApple && count === 1 ? selectAnswer : (answers[count % answers.length] ?? hex("")),
        );
        expect(sent.length).toBeLessThanOrEqual(3);
        expect(reading?.credentials?.filter((credential) => credential.isAuthentic) ?? []).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("is not taken when it is cut off anywhere", async () => {
    const whole = [selectAnswer, await answerOf(iphone())];
    for (const [index, answer] of whole.entries()) {
      for (let length = 0; length < answer.length; length++) {
        const respond: Respond = (_, count) =>
          count === index + 1 ? answer.subarray(0, length) : (whole[count - 1] ?? hex("6a83"));
        const { reading } = await tap(applet(), respond);
        expect(reading?.credentials).toBeUndefined();
      }
    }
  });
});

describe("options of an Apple VAS reader", () => {
  it.each([
    ["a key that is none", { privateKeyPem: "x" }, "not an unencrypted private key in PEM text (PKCS#8 or SEC 1)"],
    ["no pass type", { passTypeId: "" }, "the pass type identifier is empty"],
    ["an address without https", { url: "http://example.com/" }, "the signup address is not an https address"],
    [
      "an address too long",
      { url: "https://example.com/".padEnd(197, "a") },
      "the signup address is longer than 196 bytes",
    ],
  ])("are refused before any tap for %s", (_, fault, reason) => {
    const refused = { ok: false, code: "NFC_WALLET_KEY_INVALID", keyName: "gold", reason };
    expect(vasApplet({ passes: [silver, { ...gold, ...fault }] })).toEqual(refused);
  });

  it("are refused without a pass, and with more kinds than a tap has time for", () => {
    expect(vasApplet({ passes: [] })).toMatchObject({ ok: false, reason: "no pass is given" });
    const many = Array.from({ length: 9 }, (_, index) => ({ ...gold, passTypeId: `pass.${index}` }));
    expect(vasApplet({ passes: many })).toMatchObject({ ok: false, reason: "more than 8 kinds of pass" });
  });
});

/** What a phone answers to GET DATA for the gold pass. */
async function answerOf(respond: Respond): Promise<Uint8Array> {
  let last: Uint8Array = hex("");
  await tap(applet(), (apdu, count) => (last = respond(apdu, count)));
  return last;
}

/** The cryptogram in an answer: after two templates' headers and the empty object, before the status word. */
function cryptogramIn(answer: Uint8Array): Uint8Array {
  return answer.subarray(8, -2);
}
