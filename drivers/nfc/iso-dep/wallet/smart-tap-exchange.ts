import type { ErrorCode } from "../../../../agent/core/error-catalogue.ts";
import { parseAnswer, type Answer } from "../../apdu.ts";
import type { SendApdu } from "../applet.ts";
import { getMoreCommand } from "./smart-tap-messages.ts";

/** Why a session ends without an object. Thrown inside the Smart Tap reader only, and turned into a reading there. */
export class SessionEnded extends Error {
  override readonly name = "SessionEnded";
  readonly refusal: ErrorCode;

  constructor(refusal: ErrorCode) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** A phone that says "try again" is asked so often in all. */
const maxRetries = 2;

/** All answers of a tap together come in so many parts at most: 4 KB, and a loyalty card takes two. */
const maxParts = 17;

/** More data to come: `9100`; the table of status words in kormax/google-smart-tap prints `9091`. */
const moreData: readonly number[] = [0x9100, 0x9091];

/** The only status word of category 93 with a published meaning; for the others, unlocking the phone is the likely remedy. */
const chooseOnPhone = 0x9302;

/**
 * Sends the commands of one tap and acts on status words by their first byte (Google's reference, "Status words": the second need not be
 * understood): 90 and 91 go on, 92 tries again, 93 is for the shopper to act on, all else ends. A bounded number of commands.
 */
export class SmartTapExchange {
  readonly #send: SendApdu;
  #retries = 0;
  #parts = 0;

  constructor(send: SendApdu) {
    this.#send = send;
  }

  /** The answer as it is, whatever its status word. */
  async ask(apdu: Uint8Array): Promise<Answer> {
    return parseAnswer(await this.#send(apdu));
  }

  /** All parts of an answer, put together. Throws {@link SessionEnded} for a status word that is no success. */
  async complete(apdu: Uint8Array): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let next = apdu;
    while (this.#parts < maxParts) {
      this.#parts++;
      const answer = await this.#succeed(next);
      parts.push(answer.data);
      if (!moreData.includes(answer.status)) return Buffer.concat(parts);
      next = getMoreCommand;
    }
    throw new SessionEnded("NFC_WALLET_UNREADABLE");
  }

  async #succeed(apdu: Uint8Array): Promise<Answer> {
    for (;;) {
      const answer = await this.ask(apdu);
      const category = answer.status >> 8;
      if (category === 0x90 || category === 0x91) return answer;
      if (category !== 0x92 || this.#retries === maxRetries) throw new SessionEnded(refusalFor(answer.status));
      this.#retries++;
    }
  }
}

function refusalFor(status: number): ErrorCode {
  if (status === chooseOnPhone) return "NFC_PASS_CHOICE";
  return status >> 8 === 0x93 ? "NFC_PHONE_LOCKED" : "NFC_WALLET_UNREADABLE";
}
