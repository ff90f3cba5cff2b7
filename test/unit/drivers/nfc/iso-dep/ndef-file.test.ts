import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeNdefMessage } from "../../../../../drivers/nfc/ndef-encode.ts";
import { appletsOf } from "../../../../../drivers/nfc/iso-dep/applets.ts";
import { parseContainer } from "../../../../../drivers/nfc/iso-dep/ndef-file.ts";
import type { ChipCard } from "../../../../../drivers/nfc/virtual-cards/chip-card.ts";
import { ask } from "../../../../support/nfc/asked-card.ts";
import { plainContainer, type4Tag } from "../../../../support/nfc/type4-tag.ts";
import { hex } from "../../../../support/nfc/vectors.ts";

const uid = "04A1B2C3D4E5F6";

function tagWith(message: Uint8Array, stepBytes = 256): ChipCard {
  return type4Tag({ uid, message, stepBytes });
}

describe("an NDEF message on an ISO-DEP card", () => {
  it("is read in as few commands as the card allows", async () => {
    const ndef = [{ type: "uri" as const, uri: "https://example.com/m/42" }];
    const card = tagWith(encodeNdefMessage(ndef));
    expect((await ask(card, uid, appletsOf())).reading).toEqual({ technology: "type4", ndef });
    const asked = ["00a4040007d276000085010100", "00a4000c02e103", "00b000000f", "00a4000c02e104", "00b000003b"];
    expect(card.asked).toEqual(asked);
  });

  it("is put together whatever its length, and whatever pieces it comes in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 40, max: 256 }), async (length, step) => {
        const ndef = [{ type: "uri" as const, uri: `https://example.com/${"x".repeat(length)}` }];
        const { reading } = await ask(tagWith(encodeNdefMessage(ndef), step), uid, appletsOf());
        expect(reading.ndef).toEqual(ndef);
      }),
      { numRuns: 50 },
    );
  });

  it("is none where the file is blank, longer than it may be, or cut off", async () => {
    for (const message of [Buffer.alloc(0), Buffer.alloc(2_049, 1), Buffer.alloc(40, 1)])
      expect((await ask(tagWith(message), uid, appletsOf())).reading).toEqual({ technology: "iso-dep" });
    const cutOff = tagWith(encodeNdefMessage([{ type: "uri", uri: "https://example.com/" }]), 0);
    expect((await ask(cutOff, uid, appletsOf())).reading).toEqual({ technology: "iso-dep" });
  });

  it.each([
    ["is cut off", "000f20003b00340406e10407ff00"],
    ["is of version 1", "000f10003b00340406e10407ff0000"],
    ["names no file", "000f20003b00340506e10407ff0000"],
    ["wants a password", "000f20003b00340406e10407ff8000"],
    ["has no room", "000f20003b00340406e10400020000"],
    ["lets nothing be read", "000f20000000340406e10407ff0000"],
  ])("is not looked for when the capability container %s", (_, bytes) => {
    expect(parseContainer(hex(bytes))).toBeUndefined();
    expect(parseContainer(plainContainer)).toEqual({ fileId: 0xe104, maxBytes: 0x7ff, maxReadBytes: 0x3b });
  });

  it("has a capability container that may be anything", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const place = parseContainer(bytes);
        expect(place === undefined || (place.maxBytes > 2 && place.maxReadBytes > 2)).toBe(true);
      }),
    );
  });
});
