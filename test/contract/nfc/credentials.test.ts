import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { NdefRecord } from "../../../agent/core/observation.ts";
import { applications } from "../../../drivers/nfc/iso-dep/select.ts";
import { encodeNdefMessage } from "../../../drivers/nfc/ndef-encode.ts";
import { missingForPcscd, virtualReaders } from "../../../drivers/nfc/pcscd.ts";
import { holdCard, holdVirtualCard, type HeldCard, type VirtualCard } from "../../../drivers/nfc/virtual-card.ts";
import { cardWithApplications } from "../../../drivers/nfc/virtual-cards/chip-card.ts";
import { virtualBankCard, virtualPhone, virtualTransitCard } from "../../../drivers/nfc/virtual-cards/shop-cards.ts";
import { VirtualNtag424, type VirtualNtag424Content } from "../../../drivers/nfc/virtual-cards/virtual-ntag424.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { runNfc } from "../../support/nfc/running-nfc.ts";
import { type4Tag } from "../../support/nfc/type4-tag.ts";
import { hex } from "../../support/nfc/vectors.ts";
import { pcscdForBlock } from "../../support/pcscd.ts";
import { RawCard } from "../../support/raw-card.ts";
import { until } from "../../support/until.ts";

const missing = missingForPcscd();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;

const clock = new SystemClock();
const [first, second] = virtualReaders;
/** How long the reader must be empty for the next card to be another coming. */
const gapMs = 700;

/** A UID with its signature by NXP, from icedevml/nfc-ev2-crypto, test_ecc.py. */
const uid = "047728824D6580";
const signature = hex(
  "9C7068636A285FEBA1E2406654009DCE6E8A9C9CE318BE0262ED162519B970B32FB802858420D667D12CEBCD32BB4BC8AFE21C753A5A6C26",
);
const keys = { metaReadKey: Buffer.alloc(16, 1), fileReadKey: Buffer.alloc(16, 2), authKey: Buffer.alloc(16, 3) };
const sunKeys = { keyName: "members", metaReadKeyHex: "01".repeat(16), fileReadKeyHex: "02".repeat(16) };
const allKeys = { ...sunKeys, authKeyHex: "03".repeat(16) };

function ntag424(content: Partial<VirtualNtag424Content> = {}): VirtualNtag424 {
  return new VirtualNtag424({ uid, ...keys, url: "https://example.com/t", random: () => randomBytes(16), ...content });
}

function hold(card: VirtualCard, port: number = first.port): Promise<HeldCard> {
  const signal = new AbortController().signal;
  return holdVirtualCard(card, { port, clock, signal, patienceMs: 10_000, gapMs });
}

/** The driver with one key set. A card that was away for the gap is another coming, unless a test wants it otherwise. */
async function nfcWith(keySet: typeof sunKeys | typeof allKeys, repeatWindowMs = 200) {
  const nfc = runNfc({ options: { credentials: { ntag424: [keySet] }, repeatWindowMs } });
  await nfc.areAll("up");
  return nfc;
}

describe.skipIf(missing !== undefined)(
  `what cards show through pcscd, vpcd and nfc-pcsc${skipped}`,
  { timeout: 60_000 },
  () => {
    pcscdForBlock();

    it("is proof where a tag holds our key: authenticated live, with its SUN message and its signature, within two seconds", async () => {
      await using nfc = await nfcWith(allKeys);
      expect(await hold(ntag424({ signature, counter: 7 }))).toEqual({ status: "accepted" });
      // The only one: after two seconds a card that was not read yet would have been told of.
      expect(nfc.running.offered).toMatchObject([
        {
          kind: "nfc-tap",
          uid,
          technology: "ntag424",
          originality: "valid",
          credentials: [
            { type: "ev2", keyName: "members", isAuthentic: true, uid },
            { type: "sun", keyName: "members", isAuthentic: true, uid, counter: 8 },
          ],
        },
      ]);
    });

    it("is a counter that grows with every reading, and one that does not where a message is played again", async () => {
      await using nfc = await nfcWith(sunKeys);
      const tag = ntag424();
      expect(await hold(tag)).toEqual({ status: "accepted" });
      expect(await hold(tag)).toEqual({ status: "accepted" });
      // A chip card with the same UID and a message of the tag that was written down: the MAC fits, the counter stands still.
      const message = encodeNdefMessage([{ type: "uri", uri: tag.mirroredUrl() }]);
      const copy = type4Tag({ uid, message });
      expect(await hold(copy)).toEqual({ status: "accepted" });
      expect(await hold(copy)).toEqual({ status: "accepted" });
      const shown = nfc.running.of("nfc-tap").map(({ credentials = [] }) => credentials[0]);
      expect(shown).toMatchObject([1, 2, 3, 3].map((counter) => ({ type: "sun", isAuthentic: true, uid, counter })));
    });

    it("is no proof where a message was copied to a tag of another kind, or to another UID", async () => {
      await using nfc = await nfcWith(sunKeys);
      const ndef: NdefRecord[] = [{ type: "uri", uri: ntag424().mirroredUrl() }];
      const signal = new AbortController().signal;
      await holdCard({ uid, ndef, port: first.port, clock, signal, gapMs });
      await hold(type4Tag({ uid: "04A1B2C3D4E5F6", message: encodeNdefMessage(ndef) }));
      const shown = nfc.running
        .of("nfc-tap")
        .map(({ technology, credentials = [] }) => ({ technology, ...credentials[0] }));
      expect(shown).toMatchObject([
        { technology: "ntag213", isAuthentic: false, fault: "copied", uid },
        { technology: "type4", isAuthentic: false, fault: "uid-mismatch", uid },
      ]);
    });

    it("is no proof where a card has the UID and all that can be read of a tag, and not its key", async () => {
      await using nfc = await nfcWith(allKeys);
      await hold(ntag424({ signature, authKey: Buffer.alloc(16, 9) }));
      expect(nfc.running.of("nfc-tap")).toMatchObject([
        {
          uid,
          originality: "valid",
          credentials: [{ type: "ev2", isAuthentic: false, fault: "key-mismatch" }, { type: "sun" }],
        },
      ]);
    });

    it("is a forgery where a signature was copied to another UID, and valid where it is the UID's, also of an NTAG213", async () => {
      await using nfc = await nfcWith(sunKeys);
      // From proxmark3, client/src/cmdhfmfu.c.
      const ntagSignature = hex("8B76052EE42F5567BEB53238B3E3F9950707C0DCC956B5C5EFCFDB709B2D82B3");
      const signal = new AbortController().signal;
      for (const uid of ["04E10CDA993C80", "04A1B2C3D4E5F6"])
        await holdCard({ uid, signature: ntagSignature, port: first.port, clock, signal, gapMs });
      expect(nfc.running.of("nfc-tap").map(({ originality }) => originality)).toEqual(["valid", "forged"]);
    });

    it("refuses a bank card without asking for more than whether it is one", async () => {
      await using nfc = await nfcWith(allKeys);
      const card = virtualBankCard("04A1B2C3D4E5F6");
      expect(await hold(card)).toEqual({ status: "unsuitable" });
      expect(nfc.running.offered).toMatchObject([{ kind: "nfc-unread", reason: "NFC_BANK_CARD", technology: "emv" }]);
      // SELECT by name and nothing else: no GET PROCESSING OPTIONS (80A8), no READ RECORD (00B2), no payment application.
      expect(new Set(card.asked.map((apdu) => apdu.slice(0, 8)))).toEqual(new Set(["00a40400"]));
      const names = card.asked.map((apdu) => apdu.slice(10, -2));
      expect(names).toEqual([applications.ndef, applications.ndef, applications.tUnion, applications.ppse]);
    });

    it("refuses a transit card, a phone without a pass, and a card with a random UID and nothing else", async () => {
      await using nfc = await nfcWith(sunKeys);
      const cards = [
        virtualTransitCard("04A1B2C3D4E5F6"),
        virtualPhone("08A1B2C3"),
        cardWithApplications("08A1B2C4", {}),
      ];
      for (const card of cards) expect(await hold(card)).toEqual({ status: "unsuitable" });
      expect(nfc.running.offered).toMatchObject([
        { kind: "nfc-unread", reason: "NFC_TRANSIT_CARD", technology: "t-union" },
        { kind: "nfc-unread", reason: "NFC_NOTHING_USABLE", technology: "phone" },
        { kind: "nfc-unread", reason: "NFC_NOTHING_USABLE", technology: "iso-dep" },
      ]);
    });

    it("tells of one card on each of two readers at once, each for its lane", async () => {
      await using nfc = await nfcWith(allKeys);
      const held = [hold(ntag424()), hold(virtualBankCard("04A1B2C3D4E5F6"), second.port)];
      expect(await Promise.all(held)).toEqual([{ status: "accepted" }, { status: "unsuitable" }]);
      expect(nfc.running.of("nfc-tap")).toMatchObject([{ laneId: "01", uid }]);
      expect(nfc.running.of("nfc-unread")).toMatchObject([{ laneId: "02", reason: "NFC_BANK_CARD" }]);
    });

    it("reads a tag that is left on the reader once", async () => {
      await using nfc = await nfcWith(allKeys);
      const tag = ntag424();
      using _card = new RawCard(first.port, tag.atr, (apdu) => tag.respond(apdu));
      await until(() => nfc.running.offered.length > 0);
      const asked = tag.asked.length;
      await clock.sleep(2_500, new AbortController().signal);
      expect(nfc.running.of("nfc-tap")).toHaveLength(1);
      expect(tag.asked).toHaveLength(asked);
    });

    it("takes a tag that comes right back for the same tap, also where its UID is another each time", async () => {
      await using nfc = await nfcWith(allKeys, 5_000);
      expect(await hold(ntag424({ shownUid: "08000001" }))).toEqual({ status: "accepted" });
      expect(await hold(ntag424({ shownUid: "08000002" }))).toEqual({ status: "accepted" });
      expect(nfc.running.of("nfc-tap")).toMatchObject([
        {
          credentials: [
            { type: "ev2", uid },
            { type: "sun", uid },
          ],
        },
      ]);
    });

    it("tells of a chip card that answers nothing in time, and goes on", async () => {
      await using nfc = await nfcWith(allKeys);
      const tag = ntag424();
      {
        using _mute = new RawCard(first.port, tag.atr, (apdu) => (apdu[0] === 0xff ? tag.respond(apdu) : undefined));
        await until(() => nfc.running.of("nfc-unread").some(({ reason }) => reason === "NFC_READ_TIMEOUT"));
      }
      await until(async () => (await hold(tag)).status === "accepted", { timeoutMs: 20_000 });
      expect(nfc.running.of("nfc-tap")).toMatchObject([{ uid, technology: "ntag424" }]);
    });

    it("logs no key, no UID and nothing of a message", async () => {
      await using nfc = await nfcWith(allKeys);
      await hold(ntag424({ signature }));
      await hold(virtualTransitCard("04A1B2C3D4E5F6"));
      const log = JSON.stringify(nfc.logger.lines).toUpperCase();
      expect(log).toContain("NFC_TRANSIT_CARD");
      for (const secret of [
        uid,
        "04A1B2C3D4E5F6",
        "01".repeat(8),
        "02".repeat(8),
        "03".repeat(8),
        "5A5A",
        "EXAMPLE.COM",
      ])
        expect(log).not.toContain(secret);
    });
  },
);
