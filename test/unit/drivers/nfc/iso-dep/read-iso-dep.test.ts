import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Applet } from "../../../../../drivers/nfc/iso-dep/applet.ts";
import { appletsOf } from "../../../../../drivers/nfc/iso-dep/applets.ts";
import { isoDepAtr } from "../../../../../drivers/nfc/virtual-cards/chip-card.ts";
import { ask } from "../../../../support/nfc/asked-card.ts";
import { hex } from "../../../../support/nfc/vectors.ts";

const uid = "04A1B2C3D4E5F6";
const keyHex = "00".repeat(16);
const ntag424 = [{ keyName: "tags", metaReadKeyHex: keyHex, fileReadKeyHex: keyHex, authKeyHex: keyHex }];

/** An applet that asks until it is stopped. */
const endless: Applet = {
  name: "endless",
  async read(send) {
    for (;;) await send(Uint8Array.of(0, 0, 0, 0));
  },
};

function found(name: string): Applet {
  return { name, read: () => Promise.resolve({ technology: name, ndef: [{ type: "uri", uri: "a:b" }] }) };
}

describe("asking an ISO-DEP card", () => {
  it("ends with the first applet that finds something", async () => {
    const nothing: Applet = { name: "nothing", read: () => Promise.resolve(undefined) };
    const poor: Applet = { name: "poor", read: () => Promise.resolve({ technology: "poor" }) };
    const card = { atr: isoDepAtr, respond: () => hex("6a82") };
    const { reading } = await ask(card, uid, [nothing, poor, found("first"), found("second")]);
    expect(reading.technology).toBe("first");
    expect((await ask(card, uid, [poor, nothing])).reading).toEqual({ technology: "poor" });
  });

  it("ends after 64 commands, or when its time is over", async () => {
    const card = { atr: isoDepAtr, respond: () => hex("9000") };
    expect(await ask(card, uid, [endless])).toMatchObject({ reading: { technology: "iso-dep" }, apdus: 64 });
    const slow = await ask(card, uid, [endless], 100);
    expect(slow.apdus).toBe(16);
    expect(slow.tookMs).toBe(1_600);
  });

  it("rejects when the card goes away", async () => {
    const gone = {
      atr: isoDepAtr,
      respond: () => {
        throw new Error("removed");
      },
    };
    await expect(ask(gone, uid, appletsOf())).rejects.toThrow("removed");
    for (const rest of ["", "90"]) {
      const leaving = { atr: isoDepAtr, respond: () => hex(rest) };
      await expect(ask(leaving, uid, appletsOf())).rejects.toThrow("broke off");
    }
  });

  it("is bounded and gives nothing authentic, whatever a card answers", async () => {
    const status = fc.constantFrom("9000", "9100", "91af", "9190", "6a82", "6700");
    const answer = fc
      .tuple(fc.oneof(fc.uint8Array({ maxLength: 260 }), ndefLike()), status)
      .map(([data, word]) => Buffer.concat([data, hex(word)]));
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 80 }), async (script) => {
        let next = 0;
        const card = { atr: isoDepAtr, respond: () => Buffer.from(script[next++ % script.length]!) };
        const { reading, apdus } = await ask(card, uid, appletsOf({ ntag424 }));
        expect(apdus).toBeLessThanOrEqual(64);
        for (const shown of reading.credentials ?? []) expect(shown.isAuthentic).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

/** Bytes that lead deeper in than chance would: version frames, containers, files. */
function ndefLike(): fc.Arbitrary<Uint8Array> {
  return fc.constantFrom(
    hex("04040230001105"),
    hex("001720010000ff0406e104010000000506e10500808283"),
    hex("000f20000300340406e10407ff0000"),
    hex("0005d1010155"),
    hex("07fed1010155"),
    Buffer.alloc(16, 0x5a),
    Buffer.alloc(32, 0x5a),
    Buffer.alloc(56, 0x5a),
    Buffer.alloc(0),
  );
}
