import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VirtualAndroid } from "../../../../../drivers/nfc/virtual-cards/virtual-android.ts";
import { VirtualIphone } from "../../../../../drivers/nfc/virtual-cards/virtual-iphone.ts";
import type { VirtualCard } from "../../../../../drivers/nfc/virtual-card.ts";
import { signalApdu } from "../../../../../drivers/nfc/signal.ts";
import { ManualClock } from "../../../../support/manual-clock.ts";
import { newMerchantKeys } from "../../../../support/merchant-keys.ts";
import { hex } from "../../../../support/nfc/vectors.ts";

const { publicKeyPem } = newMerchantKeys();
const passes = [{ passTypeId: "pass.com.example", message: "1", publicKeyPem }];
const iphone = (clock = new ManualClock()): VirtualCard => new VirtualIphone({ passes, clock });
const android = (): VirtualCard =>
  new VirtualAndroid({
    collectorId: 1,
    merchantPublicKeyPem: publicKeyPem,
    objects: [{ kind: "loyalty", value: "1" }],
  });

const answer = (phone: VirtualCard, apdu: string): string => Buffer.from(phone.respond(hex(apdu))).toString("hex");
const selectWallet = "00a404000a4f53452e5641532e303100";

describe.each([
  ["iPhone", iphone],
  ["Android phone", android],
])("a virtual %s", (_, newPhone) => {
  it("has the answer to reset of a phone, a random UID, and hears the reader's signals", () => {
    const phone = newPhone();
    expect(phone.atr.subarray(1).reduce((check, byte) => check ^ byte, 0)).toBe(0);
    expect(answer(phone, "ffca000000")).toMatch(/^08[0-9a-f]{6}9000$/);
    expect(answer(phone, "ffca000000")).not.toBe(answer(newPhone(), "ffca000000"));
    expect(answer(phone, Buffer.from(signalApdu("accepted")).toString("hex"))).toBe("9000");
    expect(answer(phone, "ffb0000310")).toBe("6300");
  });

  it("has no payment card and no NDEF, and gives nothing before its wallet is selected", () => {
    for (const aid of ["325041592e5359532e4444463031", "d2760000850101"])
      expect(answer(newPhone(), `00a40400${(aid.length / 2).toString(16).padStart(2, "0")}${aid}00`)).toBe("6a82");
    for (const apdu of ["80ca010100", "9050000000", "9053000000", ""])
      expect(answer(newPhone(), apdu)).toMatch(/^(6d00|9400)$/);
  });

  it("never throws, whatever a reader sends", () => {
    const head = fc.constantFrom("80ca0101", "90530000", "90500000", "90c00000", "00a40400", "");
    fc.assert(
      fc.property(fc.array(fc.tuple(head, fc.uint8Array({ maxLength: 90 })), { maxLength: 4 }), (commands) => {
        const phone = newPhone();
        phone.respond(hex(selectWallet));
        for (const [head, data] of commands) {
          const apdu = Buffer.concat([hex(head), Buffer.of(data.length), data, Buffer.of(0)]);
          expect(phone.respond(apdu).length).toBeGreaterThanOrEqual(2);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("a virtual iPhone whose clock was reset", () => {
  it("still gives its pass", () => {
    const phone = iphone(new ManualClock(0));
    phone.respond(hex(selectWallet));
    const hash = createHash("sha256").update("pass.com.example").digest("hex");
    expect(answer(phone, `80ca0101239f2520${hash}00`)).toMatch(/^70.*9000$/);
  });
});
