import { parseSignal } from "../../signal.ts";

/** The end of an ISO-DEP card that a virtual reader talks to. */
export interface VirtualPhone {
  /** The answer to reset that a reader makes up for a phone: no historical bytes (PC/SC part 3, 3.1.3.2.3.1). */
  readonly atr: Uint8Array;
  /** Data and status word for a command. Never throws. */
  respond(apdu: Uint8Array): Uint8Array;
}

/** `3B 80 80 01` and its check byte. */
export const phoneAtr: Uint8Array = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);

/**
 * What the reader itself would answer for any card: the UID (PC/SC part 3, 3.2.2.1.3) and its signals to the shopper. vpcd passes these
 * on to the card. `undefined` for commands that are the phone's own.
 */
export function answerForReader(apdu: Uint8Array, uid: Uint8Array): Uint8Array | undefined {
  if (parseSignal(apdu)) return Uint8Array.of(0x90, 0x00);
  const [cla, ins] = apdu;
  if (cla !== 0xff) return undefined;
  return ins === 0xca ? Buffer.concat([uid, Buffer.of(0x90, 0x00)]) : Uint8Array.of(0x63, 0x00);
}

/** Data with a status word. */
export function answerWith(status: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Buffer.concat([data, Buffer.of(status >> 8, status & 0xff)]);
}

/** The data field of a short command (ISO/IEC 7816-4, 5.1); empty when there is none, or less than Lc says. */
export function commandData(apdu: Uint8Array): Uint8Array {
  const length = apdu[4] ?? 0;
  return apdu.length >= 5 + length ? apdu.subarray(5, 5 + length) : new Uint8Array();
}
