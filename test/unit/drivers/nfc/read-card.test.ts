import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdefRecord } from "../../../../agent/core/observation.ts";
import type { Transmit } from "../../../../drivers/nfc/apdu.ts";
import { KeySet } from "../../../../drivers/nfc/ntag424/key-set.ts";
import { readCard, type CardTools } from "../../../../drivers/nfc/read-card.ts";
import { VirtualTag } from "../../../../drivers/nfc/virtual-cards/virtual-tag.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { hex } from "../../../support/nfc/vectors.ts";

const uid = "04A1B2C3D4E5F6";
const classicAtr = Buffer.from("3b8f8001804f0ca000000306030001000000006a", "hex");

const tools: CardTools = { clock: new ManualClock(), applets: [], keySets: [] };

/** Reads a card through a reader that passes nothing through. */
function read(atr: Uint8Array, transmit: Transmit) {
  return readCard(atr, transmit, tools, false);
}

/** A tag and the commands it was sent. */
function tagWith(ndef: readonly NdefRecord[]): { tag: VirtualTag; transmit: Transmit; sent: string[] } {
  const tag = new VirtualTag({ uid, ndef });
  const sent: string[] = [];
  const transmit: Transmit = (apdu) => {
    sent.push(Buffer.from(apdu).toString("hex"));
    return Promise.resolve(tag.respond(apdu));
  };
  return { tag, transmit, sent };
}

describe("reading a card", () => {
  it("gives the UID, the kind of tag and its records", async () => {
    const ndef: NdefRecord[] = [
      { type: "uri", uri: "https://example.com/m/42" },
      { type: "text", language: "zh", text: "会员" },
    ];
    const { tag, transmit } = tagWith(ndef);
    expect(await read(tag.atr, transmit)).toEqual({
      status: "read",
      facts: { uid, technology: "ntag213", ndef },
    });
  });

  it("takes two commands for a short message and one more for each further 16 bytes", async () => {
    const short = tagWith([{ type: "uri", uri: "a:b" }]);
    await read(short.tag.atr, short.transmit);
    expect(short.sent).toEqual(["ffca000000", "ffb0000310"]);
    const longer = tagWith([{ type: "uri", uri: "https://example.com/m/4" }]);
    await read(longer.tag.atr, longer.transmit);
    expect(longer.sent).toEqual(["ffca000000", "ffb0000310", "ffb0000710", "ffb0000b10"].slice(0, longer.sent.length));
    expect(longer.sent).toHaveLength(4);
  });

  it("asks a card without Type 2 memory for its UID only", async () => {
    const { transmit, sent } = tagWith([]);
    expect(await read(classicAtr, transmit)).toEqual({
      status: "read",
      facts: { uid, technology: "mifare-classic-1k", ndef: [] },
    });
    expect(sent).toEqual(["ffca000000"]);
  });

  it("rejects when the card gives no UID, or one of a length that does not exist", async () => {
    const atr = new VirtualTag({ uid }).atr;
    for (const response of ["6300", "9000", "0102039000", ""]) {
      const answer: Transmit = () => Promise.resolve(Buffer.from(response, "hex"));
      await expect(read(atr, answer)).rejects.toThrow("no UID");
    }
  });

  it("rejects when the card leaves in mid-read, rather than pass half of it off as all", async () => {
    const { tag, transmit, sent } = tagWith([{ type: "uri", uri: "https://example.com/m/42" }]);
    const leaving: Transmit = (apdu, max) =>
      sent.length === 3 ? Promise.reject(new Error("removed")) : transmit(apdu, max);
    await expect(read(tag.atr, leaving)).rejects.toThrow("removed");
  });

  it("gives a tag whose memory makes no sense as one without records", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 180, maxLength: 180 }), async (memory) => {
        memory.set([0xe1, 0x10, 0x12, 0x00], 12);
        const { tag, transmit } = tagWith([]);
        const garbled: Transmit = (apdu, max) => {
          if (apdu[1] !== 0xb0) return transmit(apdu, max);
          const start = (apdu[3] ?? 0) * 4;
          const data = memory.subarray(start, start + 16);
          return Promise.resolve(data.length === 16 ? Buffer.concat([data, Buffer.of(0x90, 0)]) : Buffer.of(0x63, 0));
        };
        expect(await read(tag.atr, garbled)).toMatchObject({ status: "read", facts: { uid } });
      }),
    );
  });
});

describe("what a tag shows beyond UID and records", () => {
  /** From proxmark3, client/src/cmdhfmfu.c: an NTAG21x. */
  const sample = {
    uid: "04E10CDA993C80",
    signature: "8B76052EE42F5567BEB53238B3E3F9950707C0DCC956B5C5EFCFDB709B2D82B3",
  };

  it("is its maker's signature over the UID, where the reader passes the question on", async () => {
    const tag = new VirtualTag({ uid: sample.uid, signature: hex(sample.signature) });
    const transmit: Transmit = (apdu) => Promise.resolve(tag.respond(apdu));
    const facts = { uid: sample.uid, technology: "ntag213", originality: "valid" };
    expect(await readCard(tag.atr, transmit, tools, true)).toMatchObject({ status: "read", facts });
    const unasked = await read(tag.atr, transmit);
    expect(unasked.status === "read" && unasked.facts.originality).toBeUndefined();
  });

  it("is a forgery when the signature is another UID's, and nothing when there is none", async () => {
    const copy = new VirtualTag({ uid, signature: hex(sample.signature) });
    const forged = await readCard(copy.atr, (apdu) => Promise.resolve(copy.respond(apdu)), tools, true);
    expect(forged).toMatchObject({ status: "read", facts: { originality: "forged" } });
    const { tag, transmit } = tagWith([]);
    const mute: Transmit = (apdu, max) => (apdu[1] === 0 ? Promise.reject(new Error("mute")) : transmit(apdu, max));
    expect(await readCard(tag.atr, mute, tools, true)).toEqual({
      status: "read",
      facts: { uid, technology: "ntag213", ndef: [] },
    });
  });

  it("is no signature when the reader's answer is anything else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (answer) => {
        const { tag, transmit } = tagWith([]);
        const garbled: Transmit = (apdu, max) => (apdu[1] === 0 ? Promise.resolve(answer) : transmit(apdu, max));
        const facts = { uid, technology: "ntag213", ndef: [] };
        expect(await readCard(tag.atr, garbled, tools, true)).toEqual({ status: "read", facts });
      }),
    );
  });

  it("is no proof when a SUN message was copied onto it: the chips that make them are no Type 2 tags", async () => {
    // AN12196, page 12, with the UID and the message of the tag there.
    const zeros = "00".repeat(16);
    const keySets = [new KeySet({ keyName: "tags", metaReadKeyHex: zeros, fileReadKeyHex: zeros })];
    const uri = "https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086";
    const copy = new VirtualTag({ uid: "04DE5F1EACC040", ndef: [{ type: "uri", uri }] });
    const reading = await readCard(
      copy.atr,
      (apdu) => Promise.resolve(copy.respond(apdu)),
      { ...tools, keySets },
      false,
    );
    const sun = { type: "sun", keyName: "tags", uid: "04DE5F1EACC040", counter: 61 };
    const credentials = [{ ...sun, isAuthentic: false, fault: "copied" }];
    expect(reading).toMatchObject({ status: "read", facts: { credentials } });
  });

  it("is nothing to go by where the UID is random", async () => {
    const transmit: Transmit = () => Promise.resolve(hex("08A1B2C39000"));
    const reading = { status: "unsuitable", reason: "NFC_NOTHING_USABLE", technology: "mifare-classic-1k" };
    expect(await read(classicAtr, transmit)).toEqual(reading);
  });
});

describe("a virtual tag", () => {
  it("refuses content that an NTAG213 cannot hold", () => {
    expect(() => new VirtualTag({ uid: "0102030405" })).toThrow(RangeError);
    expect(() => new VirtualTag({ uid, ndef: [{ type: "uri", uri: "x".repeat(150) }] })).toThrow(RangeError);
  });

  it("has the check bytes of ISO/IEC 14443-3 in its first pages", () => {
    const memory = new VirtualTag({ uid }).respond(Uint8Array.of(0xff, 0xb0, 0, 0, 16));
    const [a = 0, b = 0, c = 0, check0, d = 0, e = 0, f = 0, g = 0, check1] = memory;
    expect(check0).toBe(0x88 ^ a ^ b ^ c);
    expect(check1).toBe(d ^ e ^ f ^ g);
  });

  it("answers any command with data and a status word", () => {
    const tag = new VirtualTag({ uid });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (apdu) => {
        expect(tag.respond(apdu).length).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});
