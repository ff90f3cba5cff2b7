import { parseSignal } from "../signal.ts";

/** Answers of a virtual card that are a status word alone (ISO/IEC 7816-4, 5.6). */
export const answers = {
  ok: Buffer.of(0x90, 0x00),
  fileNotFound: Buffer.of(0x6a, 0x82),
  unknownInstruction: Buffer.of(0x6d, 0x00),
  wrongOffset: Buffer.of(0x6b, 0x00),
} as const;

/** Answer to reset that a reader makes of an ISO-DEP card without historical bytes (PC/SC part 3, 3.1.3.2.3.1). */
export const isoDepAtr: Uint8Array = Buffer.from("3b80800101", "hex");

/** What a chip card does with a command; the reader's own are not among them. */
export type Respond = (apdu: Buffer) => Uint8Array;

/**
 * A card that speaks ISO-DEP behind a reader. What the reader itself would answer for any card, the UID (PC/SC part 3, 3.2.2.1.3) and
 * signals to the shopper, is answered for it: vpcd passes these on. What reaches the card is kept.
 */
export class ChipCard {
  /** Every command that reached the card, in hexadecimal: what it was asked, and what it was not. */
  readonly asked: string[] = [];
  readonly atr = isoDepAtr;
  readonly #uid: Buffer;
  readonly #respond: Respond;

  constructor(uid: string, respond: Respond) {
    this.#uid = Buffer.from(uid, "hex");
    this.#respond = respond;
  }

  /** Data and status word. */
  respond(apdu: Uint8Array): Uint8Array {
    if (parseSignal(apdu)) return answers.ok;
    if (apdu[0] === 0xff) return apdu[1] === 0xca ? Buffer.concat([this.#uid, answers.ok]) : Buffer.of(0x63, 0x00);
    this.asked.push(Buffer.from(apdu).toString("hex"));
    return this.#respond(Buffer.from(apdu));
  }
}

/** Data with a status word. */
export function answerWith(status: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Buffer.concat([data, Buffer.of(status >> 8, status & 0xff)]);
}

/** The data field of a short command (ISO/IEC 7816-4, 5.1); empty when there is none, or less than Lc says. */
export function commandData(apdu: Buffer): Buffer {
  const length = apdu[4] ?? 0;
  return apdu.length >= 5 + length ? apdu.subarray(5, 5 + length) : Buffer.alloc(0);
}

/** The name of the application that a command selects, in hexadecimal; `undefined` for any other command. */
export function selectedName(apdu: Buffer): string | undefined {
  if (!apdu.subarray(0, 3).equals(Buffer.of(0x00, 0xa4, 0x04))) return undefined;
  return commandData(apdu).toString("hex");
}

/** A card that has some applications, each with what it says when it is selected, and does nothing else. */
export function cardWithApplications(uid: string, applications: Readonly<Record<string, Uint8Array>>): ChipCard {
  return new ChipCard(uid, (apdu) => {
    const name = selectedName(apdu);
    if (name === undefined) return answers.unknownInstruction;
    const information = applications[name];
    return information ? Buffer.concat([information, answers.ok]) : answers.fileNotFound;
  });
}
