import type { Applet } from "./applet.ts";
import { findTlv, parseTlvTree } from "./ber-tlv.ts";
import { applications, select } from "./select.ts";

/** ADF name in a directory entry of the payment environment (EMV Contactless Book B, 3.3.1). */
const adfNameTag = 0x4f;

/**
 * The names of the payment applications in an answer to SELECT of the payment environment, in upper-case hexadecimal; `undefined` when the
 * answer is not well-formed.
 */
export function paymentApplications(answer: Uint8Array): readonly string[] | undefined {
  const objects = parseTlvTree(answer);
  if (!objects) return undefined;
  return findTlv(objects, adfNameTag).map(({ value }) => Buffer.from(value).toString("hex").toUpperCase());
}

/**
 * Tells bank cards, and phones that offer one, by their payment environment, and refuses them. Nothing further is asked: no processing
 * options, no record, so that no card number is ever on its way.
 */
export const emvApplet: Applet = {
  name: "emv",
  async read(send) {
    const answer = await select(send, applications.ppse);
    if (!answer) return undefined;
    // A wallet without a card has the environment, and nothing in it. What cannot be understood counts as a bank card.
    const isEmpty = paymentApplications(answer)?.length === 0;
    return isEmpty ? undefined : { technology: "emv", refusal: "NFC_BANK_CARD" };
  },
};
