import { applications } from "../iso-dep/select.ts";
import { cardWithApplications, type ChipCard } from "./chip-card.ts";

/** A bank card up to where it is told: its payment environment names one application (EMV Contactless Book B, 3.3.1). It holds no number. */
export function virtualBankCard(uid: string): ChipCard {
  const answer = "6f2f840e325041592e5359532e4444463031a51dbf0c1a61184f07a0000000031010500a56495341204445424954870101";
  return cardWithApplications(uid, { [applications.ppse]: Buffer.from(answer, "hex") });
}

/** A transit card of China T-Union up to where it is told. What it says when it is selected is filler, where a real one has its number. */
export function virtualTransitCard(uid: string): ChipCard {
  return cardWithApplications(uid, { [applications.tUnion]: Buffer.alloc(60, 0x5a) });
}

/** A phone without a pass: Android's card emulation, and a wallet's payment environment with nothing in it. Its UID is random. */
export function virtualPhone(uid: string): ChipCard {
  const empty = "6f15840e325041592e5359532e4444463031a503bf0c00";
  return cardWithApplications(uid, {
    [applications.androidHce]: Buffer.alloc(0),
    [applications.ppse]: Buffer.from(empty, "hex"),
  });
}
