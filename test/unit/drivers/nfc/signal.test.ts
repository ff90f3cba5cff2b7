import { describe, expect, it } from "vitest";
import { canSignal, parseSignal, signalApdu, signalFor, signalForUnread } from "../../../../drivers/nfc/signal.ts";

describe("what the reader tells the shopper", () => {
  it("is accepted only when the tap is safe", () => {
    expect(signalFor({ status: "recorded" })).toBe("accepted");
    expect(signalFor({ status: "duplicate" })).toBe("accepted");
    expect(signalFor({ status: "shed" })).toBe("refused");
    expect(signalFor({ status: "refused", code: "LEDGER_UNWRITABLE" })).toBe("refused");
  });

  it("is to try again, or that another card is wanted", () => {
    expect(signalForUnread("NFC_READ_TIMEOUT")).toBe("refused");
    expect(signalForUnread("NFC_BANK_CARD")).toBe("unsuitable");
  });

  it("is understood by the virtual card and taken for nothing else", () => {
    expect(parseSignal(signalApdu("accepted"))).toBe("accepted");
    expect(parseSignal(signalApdu("refused"))).toBe("refused");
    expect(parseSignal(signalApdu("unsuitable"))).toBe("unsuitable");
    expect(parseSignal(Uint8Array.of(0xff, 0xca, 0, 0, 0))).toBeUndefined();
  });

  it("goes to readers that are known to have the command", () => {
    expect(canSignal("ACS ACR122U PICC Interface 00 00")).toBe(true);
    expect(canSignal("Virtual PCD 00 00")).toBe(true);
    expect(canSignal("Identiv uTrust 3700 F")).toBe(false);
  });
});
