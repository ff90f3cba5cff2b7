import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { appletsOf } from "../../../../../drivers/nfc/iso-dep/applets.ts";
import { diversifyAn10922 } from "../../../../../drivers/nfc/ntag424/diversify.ts";
import type { Ntag424KeyOptions } from "../../../../../drivers/nfc/ntag424/key-set.ts";
import type { VirtualCard } from "../../../../../drivers/nfc/virtual-card.ts";
import {
  VirtualNtag424,
  type VirtualNtag424Content,
} from "../../../../../drivers/nfc/virtual-cards/virtual-ntag424.ts";
import { ask } from "../../../../support/nfc/asked-card.ts";
import { hex } from "../../../../support/nfc/vectors.ts";

/** A UID with its signature by NXP, from icedevml/nfc-ev2-crypto, test_ecc.py. */
const uid = "047728824D6580";
const signature = hex(
  "9C7068636A285FEBA1E2406654009DCE6E8A9C9CE318BE0262ED162519B970B32FB802858420D667D12CEBCD32BB4BC8AFE21C753A5A6C26",
);
const keys = { metaReadKey: Buffer.alloc(16, 1), fileReadKey: Buffer.alloc(16, 2), authKey: Buffer.alloc(16, 3) };
const [metaReadKeyHex, fileReadKeyHex, authKeyHex] = Object.values(keys).map((key) => key.toString("hex")) as [
  string,
  string,
  string,
];
const all: Ntag424KeyOptions = { keyName: "members", metaReadKeyHex, fileReadKeyHex, authKeyHex };
const sunOnly: Ntag424KeyOptions = { keyName: "members", metaReadKeyHex, fileReadKeyHex };

function card(content: Partial<VirtualNtag424Content> = {}): VirtualNtag424 {
  return new VirtualNtag424({ uid, ...keys, url: "https://example.com/t", random: () => randomBytes(16), ...content });
}

async function read(tag: VirtualCard, uidShown: string, ...ntag424: readonly Ntag424KeyOptions[]) {
  return await ask(tag, uidShown, appletsOf({ ntag424 }));
}

const live = { type: "ev2", keyName: "members", isAuthentic: true, uid };
const sun = { type: "sun", keyName: "members", isAuthentic: true, uid, counter: 1 };

describe("an NTAG 424 DNA", () => {
  it("is proven alive by its application key, and gives its SUN message and its signature on the way", async () => {
    const { reading, apdus } = await read(card({ signature }), uid, all);
    expect(reading).toMatchObject({ technology: "ntag424", credentials: [live, sun], originality: "valid" });
    // The link with the message in it is another one at every tap.
    expect(reading.ndef).toEqual([]);
    expect(apdus).toBeLessThanOrEqual(12);
  });

  it("is proven by its SUN message alone where no application key is held, with a counter that grows", async () => {
    const tag = card({ counter: 41 });
    const counters: unknown[] = [];
    for (let tap = 0; tap < 2; tap++) {
      const { reading } = await read(tag, uid, sunOnly);
      expect(reading).toMatchObject({ technology: "ntag424", credentials: [{ type: "sun", isAuthentic: true, uid }] });
      counters.push(reading.credentials?.map((shown) => shown.type === "sun" && shown.counter));
    }
    expect(counters).toEqual([[42], [43]]);
  });

  it("gives its real UID under the session where it shows a random one", async () => {
    const { reading } = await read(card({ signature, shownUid: "08A1B2C3" }), "08A1B2C3", all);
    expect(reading).toMatchObject({ credentials: [live, sun], originality: "valid" });
  });

  it("is authenticated with a key of its own", async () => {
    const own = { authKey: diversifyAn10922(keys.authKey, hex(uid)) };
    const options = { keyName: "members", authKeyHex, diversified: "an10922" } as const;
    expect((await read(card(own), uid, options)).reading.credentials).toEqual([live]);
    // With a random UID, and no SUN message that tells the real one, its key cannot be known.
    const { reading } = await read(card({ ...own, shownUid: "08A1B2C3" }), "08A1B2C3", options);
    expect(reading.credentials).toBeUndefined();
  });

  it("is asked with the key set that its SUN message is of", async () => {
    const other = {
      keyName: "other",
      metaReadKeyHex: authKeyHex,
      fileReadKeyHex: authKeyHex,
      authKeyHex: fileReadKeyHex,
    };
    expect((await read(card(), uid, other, all)).reading.credentials).toEqual([live, sun]);
  });

  it("is tried with one key once, so that its count of failures does not run up", async () => {
    const tag = card({ authKey: Buffer.alloc(16, 9) });
    const { reading } = await read(tag, uid, all, { ...all, keyName: "more" });
    expect(reading.credentials).toMatchObject([{ type: "ev2", isAuthentic: false, fault: "key-mismatch" }, sun]);
    expect(tag.asked.filter((apdu) => apdu.startsWith("9071"))).toHaveLength(1);
  });

  it("is not tried at all when its message shows that it is somebody else's, or of a set without such a key", async () => {
    const foreign = card({ metaReadKey: Buffer.alloc(16, 7), fileReadKey: Buffer.alloc(16, 8) });
    const { reading } = await read(foreign, uid, all);
    expect(reading.credentials).toMatchObject([{ type: "sun", isAuthentic: false }]);
    const ours = card();
    await read(ours, uid, sunOnly, { keyName: "other", authKeyHex });
    for (const { asked } of [foreign, ours]) expect(asked.some((apdu) => apdu.startsWith("9071"))).toBe(false);
  });
});

describe("a card that is not what it says", () => {
  it("is found out when it shows another UID than its own", async () => {
    const { reading } = await read(card({ shownUid: "04A1B2C3D4E5F6" }), "04A1B2C3D4E5F6", all);
    expect(reading.credentials).toMatchObject([
      { type: "ev2", isAuthentic: false, fault: "uid-mismatch", uid },
      { type: "sun", isAuthentic: false, fault: "uid-mismatch", uid },
    ]);
  });

  it("is found out when it copies a UID and a recorded message, and does not hold the key", async () => {
    const copy = card({ authKey: Buffer.alloc(16) });
    const { reading } = await read(copy, uid, all);
    expect(reading.credentials?.[0]).toMatchObject({ type: "ev2", isAuthentic: false, fault: "key-mismatch" });
  });

  it("is found out when it answers the challenge with anything, or with nothing", async () => {
    const answering = (body: Buffer, status: string): VirtualCard => {
      const tag = card();
      const proof = Buffer.concat([body, hex(status)]);
      return { atr: tag.atr, respond: (apdu) => (apdu[1] === 0xaf && apdu.length > 5 ? proof : tag.respond(apdu)) };
    };
    const anything = await read(answering(randomBytes(32), "9100"), uid, all);
    expect(anything.reading.credentials?.[0]).toMatchObject({ fault: "card-not-authentic", isAuthentic: false });
    const nothing = await read(answering(Buffer.alloc(0), "9100"), uid, all);
    expect(nothing.reading.credentials?.[0]).toMatchObject({ fault: "card-not-authentic", isAuthentic: false });
  });

  it("is found out when it refuses to be authenticated, or bends the UID of its session", async () => {
    const tag = card();
    const refusing: VirtualCard = {
      atr: tag.atr,
      respond: (apdu) => (apdu[1] === 0x71 ? hex("9140") : tag.respond(apdu)),
    };
    const refused = await read(refusing, uid, all);
    expect(refused.reading.credentials?.[0]).toMatchObject({ fault: "authentication-refused", isAuthentic: false });
    const bending: VirtualCard = {
      atr: tag.atr,
      respond: (apdu) => (apdu[1] === 0x51 ? Buffer.concat([randomBytes(24), hex("9100")]) : tag.respond(apdu)),
    };
    const bent = await read(bending, uid, all);
    expect(bent.reading.credentials?.[0]).toMatchObject({ fault: "uid-unreadable", isAuthentic: false });
  });

  it("is forged when its signature is another UID's", async () => {
    const other = "04A1B2C3D4E5F6";
    expect((await read(card({ uid: other, signature }), other, all)).reading.originality).toBe("forged");
  });
});
