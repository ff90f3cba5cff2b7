import { describe, expect, it } from "vitest";
import { appletsOf } from "../../../../../drivers/nfc/iso-dep/applets.ts";
import { paymentApplications } from "../../../../../drivers/nfc/iso-dep/emv.ts";
import { applications } from "../../../../../drivers/nfc/iso-dep/select.ts";
import { cardWithApplications } from "../../../../../drivers/nfc/virtual-cards/chip-card.ts";
import {
  virtualBankCard,
  virtualPhone,
  virtualTransitCard,
} from "../../../../../drivers/nfc/virtual-cards/shop-cards.ts";
import { ask } from "../../../../support/nfc/asked-card.ts";
import { hex, publishedVectors } from "../../../../support/nfc/vectors.ts";

interface PpseVectors {
  readonly select: string;
  readonly vectors: readonly { readonly rsp: string; readonly aids: readonly string[]; readonly note?: string }[];
}

const ppse = publishedVectors("emv-ppse.json");
const payment = ppse.vectors as PpseVectors | undefined;
const known = publishedVectors("wallet-detect.json");
const detect = known.vectors as { readonly aids: Readonly<Record<string, string>> } | undefined;
const uid = "04A1B2C3D4E5F6";
const randomUid = "08A1B2C3";

describe("a bank card", () => {
  it("is refused by its payment environment, and asked for nothing else", async () => {
    const card = virtualBankCard(uid);
    const { reading } = await ask(card, uid, appletsOf());
    expect(reading).toEqual({ technology: "emv", refusal: "NFC_BANK_CARD" });
    expect(card.asked.map((apdu) => apdu.slice(0, 8))).toEqual(["00a40400", "00a40400", "00a40400"]);
    expect(card.asked.at(-1)).toBe("00a404000e325041592e5359532e444446303100");
  });

  it("is refused when what it says of itself makes no sense", async () => {
    const card = cardWithApplications(uid, { [applications.ppse]: hex("6f80") });
    expect((await ask(card, uid, appletsOf())).reading.refusal).toBe("NFC_BANK_CARD");
  });

  it.skipIf(!payment)(`names its applications as published${ppse.skipped}`, async () => {
    expect(payment?.select.toLowerCase()).toBe(`00a404000e${applications.ppse}00`);
    for (const { rsp, aids, note } of payment?.vectors ?? []) {
      const answer = hex(note === undefined ? rsp.slice(0, -4) : rsp);
      expect(paymentApplications(answer)).toEqual(aids);
      const card = cardWithApplications(uid, { [applications.ppse]: answer });
      expect((await ask(card, uid, appletsOf())).reading.refusal).toBe("NFC_BANK_CARD");
    }
  });
});

describe("a transit card", () => {
  it("is refused, and what it says is blotted out", async () => {
    const card = virtualTransitCard(uid);
    let answer: Uint8Array | undefined;
    const watched = {
      atr: card.atr,
      respond: (apdu: Uint8Array) => {
        const response = card.respond(apdu);
        if (response.length > 2) answer = response;
        return response;
      },
    };
    expect((await ask(watched, uid, appletsOf())).reading).toEqual({
      technology: "t-union",
      refusal: "NFC_TRANSIT_CARD",
    });
    expect(answer?.every((byte) => byte === 0)).toBe(true);
  });
});

describe("a phone without a pass", () => {
  it("is told by Android's card emulation, or by its wallet", async () => {
    expect((await ask(virtualPhone(randomUid), randomUid, appletsOf())).reading).toEqual({ technology: "phone" });
    const other = cardWithApplications(randomUid, { [applications.wallet]: hex("6f0a50084170706c65506179") });
    expect((await ask(other, randomUid, appletsOf())).reading).toEqual({ technology: "phone" });
  });

  it("is none where the UID is not random, and no card is a phone for its UID alone", async () => {
    expect((await ask(virtualPhone(uid), uid, appletsOf())).reading).toEqual({ technology: "iso-dep" });
    const bare = cardWithApplications(randomUid, {});
    expect((await ask(bare, randomUid, appletsOf())).reading).toEqual({ technology: "iso-dep" });
  });

  it.skipIf(!detect)(`is looked for by the published names${known.skipped}`, () => {
    const names = Object.keys(detect?.aids ?? {}).map((name) => name.toLowerCase());
    // Smart Tap's own name is looked for by the applet that reads passes.
    expect(names).toEqual(expect.arrayContaining(Object.values(applications)));
  });
});

describe("the order of what cards are asked for", () => {
  it("is the configured one, and leaves out what it does not name", () => {
    const zeros = "00".repeat(16);
    const ntag424 = [{ keyName: "tags", authKeyHex: zeros }];
    expect(appletsOf().map(({ name }) => name)).toEqual(["ndef", "transit", "emv"]);
    expect(appletsOf({ ntag424 }).map(({ name }) => name)).toEqual(["ntag424", "ndef", "transit", "emv"]);
    expect(appletsOf({ ntag424, order: ["emv", "loyalty", "ndef"] }).map(({ name }) => name)).toEqual(["emv", "ndef"]);
  });
});
