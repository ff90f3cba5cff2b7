import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import type { Outcome } from "../../agent/core/observation.ts";

/** What the reader tells the shopper. */
export type ShopperSignal = "accepted" | "refused" | "unsuitable";

/**
 * Bi-colour LED and buzzer control of the ACR122U (Application Programming Interface V2.04, 6.2): `FF 00 40 P2 04 T1 T2 n link`,
 * T1 and T2 in units of 100 ms. Accepted: green once with one short beep. Refused, so try again: red twice with two longer beeps.
 * Unsuitable, so another card is wanted: red once with one long tone.
 */
const apdus: Readonly<Record<ShopperSignal, Uint8Array>> = {
  accepted: Uint8Array.of(0xff, 0x00, 0x40, 0xa0, 0x04, 0x01, 0x01, 0x01, 0x01),
  refused: Uint8Array.of(0xff, 0x00, 0x40, 0x50, 0x04, 0x02, 0x01, 0x02, 0x01),
  unsuitable: Uint8Array.of(0xff, 0x00, 0x40, 0x50, 0x04, 0x06, 0x01, 0x01, 0x01),
};

const signals: readonly ShopperSignal[] = ["accepted", "refused", "unsuitable"];

/** The pseudo-APDU that gives a signal. */
export function signalApdu(signal: ShopperSignal): Uint8Array {
  return apdus[signal];
}

/** Which signal an APDU is, if it is one. The other end of {@link signalApdu}, for the virtual card. */
export function parseSignal(apdu: Uint8Array): ShopperSignal | undefined {
  const bytes = Buffer.from(apdu);
  return signals.find((signal) => bytes.equals(apdus[signal]));
}

/** What an outcome is to the shopper: only what is safely recorded counts as accepted. */
export function signalFor(outcome: Outcome): ShopperSignal {
  return outcome.status === "recorded" || outcome.status === "duplicate" ? "accepted" : "refused";
}

/** Cards that are not wanted here, however well they are held to the reader. */
const unsuitable: readonly ErrorCode[] = ["NFC_BANK_CARD", "NFC_TRANSIT_CARD", "NFC_NOTHING_USABLE", "NFC_NO_PASS"];

/** What a reason why nothing was read is to the shopper: mostly worth another try. */
export function signalForUnread(reason: ErrorCode): ShopperSignal {
  return unsuitable.includes(reason) ? "unsuitable" : "refused";
}

/** Whether a reader, by its PC/SC name, understands the signal APDU. The virtual reader passes it on to the virtual card. */
export function canSignal(readerName: string): boolean {
  return /acr122|^virtual pcd/i.test(readerName);
}
