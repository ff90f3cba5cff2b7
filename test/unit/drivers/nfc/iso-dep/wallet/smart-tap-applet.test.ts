import { createCipheriv, createHmac, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openBundle } from "../../../../../../drivers/nfc/iso-dep/wallet/smart-tap-bundle.ts";
import { smartTapApplet } from "../../../../../../drivers/nfc/iso-dep/wallet/smart-tap-applet.ts";
import { vasApplet } from "../../../../../../drivers/nfc/iso-dep/wallet/vas-applet.ts";
import {
  VirtualAndroid,
  type VirtualAndroidOptions,
} from "../../../../../../drivers/nfc/virtual-cards/virtual-android.ts";
import { VirtualIphone } from "../../../../../../drivers/nfc/virtual-cards/virtual-iphone.ts";
import { ManualClock } from "../../../../../support/manual-clock.ts";
import { newMerchantKeys } from "../../../../../support/merchant-keys.ts";
import { appletOf, tap, type Respond } from "../../../../../support/tapped-phone.ts";
import { hex } from "../../../../../support/nfc/vectors.ts";

const keys = newMerchantKeys();
const stranger = newMerchantKeys();
const options = { keyName: "wallet", collectorId: "20180608", keyVersion: 1, privateKeyPem: keys.pkcs8Pem };
const applet = appletOf(smartTapApplet(options));
const shown = { type: "smart-tap", keyName: "wallet", collectorId: "20180608", isAuthentic: true };
const customerId = "00112233445566778899AABBCCDDEEFF";
const loyalty = { kind: "loyalty", value: "4711" } as const;

function android(changes: Partial<VirtualAndroidOptions> = {}): Respond {
  const phone = new VirtualAndroid({
    collectorId: 20180608,
    merchantPublicKeyPem: keys.publicKeyPem,
    objects: [loyalty],
    ...changes,
  });
  return (apdu) => phone.respond(apdu);
}

/** Changes the answers to one command, and only those. */
const changed =
  (respond: Respond, ins: number, change: (answer: Buffer) => Uint8Array): Respond =>
  (apdu, count) => {
    const answer = Buffer.from(respond(apdu, count));
    return apdu[1] === ins ? change(answer) : answer;
  };

const negotiate = 0x53;
const getData = 0x50;
/** Where the bundle begins in an answer that is a short record. */
const bundleAt = 28;
const refusalOf = async (respond: Respond) => (await tap(applet, respond)).reading?.refusal;

describe("reading Google Wallet by Smart Tap", () => {
  it("gives the loyalty object in four commands", async () => {
    const { reading, sent } = await tap(applet, android());
    const credentials = [{ ...shown, objectType: "loyalty", value: "4711" }];
    expect(reading).toEqual({ technology: "google-wallet", credentials });
    expect(sent.map((apdu) => apdu.slice(0, 4))).toEqual(["00a4", "00a4", "9053", "9050"]);
  });

  it("gives all that tell who it is, and asks for nothing else", async () => {
    const objects = [
      { kind: "offer", value: "half-price" },
      { kind: "customer", value: customerId },
      { kind: "generic", value: "G-1", isText: false },
      loyalty,
    ] as const;
    const { reading, sent } = await tap(applet, android({ objects }));
    expect(reading?.credentials).toEqual([
      { ...shown, objectType: "loyalty", value: "4711" },
      { ...shown, objectType: "generic", value: "G-1" },
      { ...shown, objectType: "customer", value: customerId },
    ]);
    const asked = sent
      .at(-1)
      ?.match(/737472(..)/g)
      ?.map((found) => found.slice(6));
    expect(asked).toEqual(["03", "12", "40"]);
  });

  it("puts an answer together from parts of any size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 14, max: 256 }),
        fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 60 }),
        async (partBytes, value) => {
          const { reading } = await tap(applet, android({ partBytes, objects: [{ kind: "loyalty", value }] }));
          expect(reading?.credentials).toEqual([{ ...shown, objectType: "loyalty", value }]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("stops asking a phone that always has more", async () => {
    const endless = changed(android(), 0xc0, () => hex("9100"));
    const { reading, sent } = await tap(
      applet,
      changed(endless, getData, () => hex("9100")),
    );
    expect(reading).toEqual({ technology: "google-wallet", refusal: "NFC_WALLET_UNREADABLE" });
    expect(sent.length).toBeLessThanOrEqual(21);
  });

  it("tries again when the phone says so, twice and no more", async () => {
    let busy = 2;
    const hesitant = changed(android(), negotiate, (answer) => (busy-- > 0 ? hex("9200") : answer));
    expect((await tap(applet, hesitant)).reading?.credentials).toHaveLength(1);
    const never = await tap(
      applet,
      changed(android(), negotiate, () => hex("9200")),
    );
    expect(never.reading?.refusal).toBe("NFC_WALLET_UNREADABLE");
    expect(never.sent).toHaveLength(5);
  });

  it("tells the shopper to unlock, to choose, or that there is no pass", async () => {
    expect(await refusalOf(android({ waitsFor: "unlock" }))).toBe("NFC_PHONE_LOCKED");
    expect(await refusalOf(android({ waitsFor: "choice" }))).toBe("NFC_PASS_CHOICE");
    expect(await refusalOf(android({ objects: [] }))).toBe("NFC_NO_PASS");
    expect(await refusalOf(android({ objects: [{ kind: "offer", value: "x" }] }))).toBe("NFC_NO_PASS");
    expect(await refusalOf(changed(android(), getData, () => hex("9001")))).toBe("NFC_NO_PASS");
  });

  it("is turned away by a phone that knows another merchant, or this one by another key", async () => {
    expect(await refusalOf(android({ collectorId: 1 }))).toBe("NFC_NO_PASS");
    expect(await refusalOf(android({ merchantPublicKeyPem: stranger.publicKeyPem }))).toBe("NFC_NO_PASS");
  });

  it("signs afresh for every tap", async () => {
    const [first, second] = [await tap(applet, android()), await tap(applet, android())];
    expect(first.sent[2]).not.toBe(second.sent[2]);
  });

  it("finds no application on an iPhone, and Apple's reader finds none on an Android phone", async () => {
    const pass = { passTypeId: "pass.com.example", message: "1", publicKeyPem: keys.publicKeyPem };
    const phone = new VirtualIphone({ passes: [pass], clock: new ManualClock() });
    expect((await tap(applet, (apdu) => phone.respond(apdu))).reading).toBeUndefined();
    const setup = vasApplet({ passes: [{ ...pass, keyName: "a", privateKeyPem: keys.pkcs8Pem }] });
    expect((await tap(appletOf(setup), android())).reading).toBeUndefined();
    for (const answer of ["6a82", "", "9000"]) expect((await tap(applet, () => hex(answer))).reading).toBeUndefined();
  });

  it("lets it be known when the phone goes away at any step, and nothing else", async () => {
    for (const step of [1, 2, 3, 4]) {
      const respond = android();
      const gone: Respond = (apdu, count) => {
        if (count === step) throw new Error("removed");
        return respond(apdu, count);
      };
      await expect(tap(applet, gone)).rejects.toThrow("removed");
    }
  });
});

describe("an object that is not what it says", () => {
  const notAuthentic = (fault: string) => [{ ...shown, isAuthentic: false, fault, objectType: "unknown", value: "" }];

  it("is not authentic when it was recorded in another session", async () => {
    const replaying = android({ replays: true });
    expect((await tap(applet, replaying)).reading?.credentials).toMatchObject([{ isAuthentic: true }]);
    expect((await tap(applet, replaying)).reading?.credentials).toEqual(notAuthentic("mac-mismatch"));
  });

  it("is not authentic, and not even read, when it was not encrypted", async () => {
    expect((await tap(applet, android({ sendsPlain: true }))).reading?.credentials).toEqual(
      notAuthentic("not-encrypted"),
    );
  });

  it("is never authentic with any bit of its bundle turned over", async () => {
    const length = (await answerOf(android())).length - 2 - bundleAt;
    await fc.assert(
      fc.asyncProperty(fc.nat(length * 8 - 1), async (bit) => {
        const turned = changed(android(), getData, (answer) => {
          // What the phone packs differs in length by a byte or so from tap to tap.
          const at = Math.min(bundleAt + (bit >> 3), answer.length - 3);
          answer.writeUInt8(answer.readUInt8(at) ^ (1 << (bit & 7)), at);
          return answer;
        });
        const { reading } = await tap(applet, turned);
        expect(reading?.technology).toBe("google-wallet");
        expect(reading?.credentials?.filter((each) => each.isAuthentic) ?? []).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("is refused when the phone's key is not a point of the curve", async () => {
    const off = changed(android(), negotiate, (answer) =>
      Buffer.concat([answer.subarray(0, -34), Buffer.alloc(32, 0xff), hex("9000")]),
    );
    expect(await refusalOf(off)).toBe("NFC_WALLET_UNREADABLE");
  });

  it.each([
    ["in another session, when it negotiates", negotiate, 12, 0xff],
    ["in another session, when it gives data", getData, 12, 0xff],
    ["out of order", getData, 20, 0x02],
    ["with a session that is not well", getData, 21, 0x02],
  ])("is refused %s", async (_, ins, at, bits) => {
    const other = changed(android(), ins, (answer) => {
      answer.writeUInt8(answer.readUInt8(at) ^ bits, at);
      return answer;
    });
    expect(await refusalOf(other)).toBe("NFC_WALLET_UNREADABLE");
  });
});

describe("whatever a phone answers to a Smart Tap reader", () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.uint8Array({ maxLength: 256 }), fc.constantFrom("9000", "9001", "9100", "9200", "9302", "9400", "6f00"))
      .map(([bytes, status]) => Buffer.concat([bytes, hex(status)])),
  );

  it("ends within 21 commands, without a throw, and nothing is authentic, at whatever step it begins", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(garbage, { minLength: 1, maxLength: 5 }),
        async (from, answers) => {
          const phone = android();
          const { reading, sent } = await tap(applet, (apdu, count) =>
            count < from ? phone(apdu, count) : (answers[count % answers.length] ?? hex("")),
          );
          expect(sent.length).toBeLessThanOrEqual(21);
          expect(reading?.credentials?.filter((each) => each.isAuthentic) ?? []).toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("is not taken when it is cut off anywhere", async () => {
    for (const step of [1, 2, 3, 4]) {
      const { length } = await answerOf(android(), step);
      for (let kept = 0; kept < length; kept++) {
        const phone = android();
        const { reading } = await tap(applet, (apdu, count) => {
          const answer = phone(apdu, count);
          return count === step
            ? Buffer.concat([answer.subarray(0, Math.min(kept, answer.length - 3)), hex("9000")])
            : answer;
        });
        expect(reading?.credentials).toBeUndefined();
      }
    }
  });

  it("does not unpack into more than a phone has any reason to send", () => {
    const secret = { sharedX: hex("01"), devicePoint: hex("02"), signedData: hex("03"), signature: hex("04") };
    const bundleOf = (content: Buffer): Uint8Array => {
      const keys = Buffer.from(hkdfSync("sha256", hex("01"), hex("02"), hex("0304"), 48));
      const cipher = createCipheriv("aes-128-ctr", keys.subarray(0, 16), Buffer.alloc(16));
      const sealed = Buffer.concat([Buffer.alloc(12), cipher.update(deflateSync(content))]);
      return Buffer.concat([Buffer.of(3), sealed, createHmac("sha256", keys.subarray(16)).update(sealed).digest()]);
    };
    expect(openBundle(bundleOf(Buffer.alloc(16_384)), secret)).toMatchObject({ isAuthentic: true });
    expect(openBundle(bundleOf(Buffer.alloc(16_385)), secret)).toEqual({ isAuthentic: false, fault: "not-inflatable" });
  });
});

describe("options of a Smart Tap reader", () => {
  it.each([
    [{ privateKeyPem: "" }, "not an unencrypted private key in PEM text (PKCS#8 or SEC 1)"],
    [{ collectorId: "0" }, "the collector ID is not a number Google gives out"],
    [{ collectorId: "4294967296" }, "the collector ID is not a number Google gives out"],
    [{ collectorId: "12a" }, "the collector ID is not a number Google gives out"],
    [{ keyVersion: -1 }, "the key version is not a number from 0 to 4294967295"],
    [{ keyVersion: 1.5 }, "the key version is not a number from 0 to 4294967295"],
  ])("are refused before any tap: %j", (fault, reason) => {
    const refused = { ok: false, code: "NFC_WALLET_KEY_INVALID", keyName: "wallet", reason };
    expect(smartTapApplet({ ...options, ...fault })).toEqual(refused);
  });
});

/** What a phone answers to the step of that number, the last by default. */
async function answerOf(respond: Respond, step = 4): Promise<Uint8Array> {
  let answer: Uint8Array = hex("");
  await tap(applet, (apdu, count) => {
    const given = respond(apdu, count);
    if (count === step) answer = given;
    return given;
  });
  return answer;
}
