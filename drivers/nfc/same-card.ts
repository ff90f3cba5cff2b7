import type { NfcCredential } from "../../agent/core/credential.ts";
import type { CardFacts } from "./read-card.ts";
import { isRandomUid } from "./uid.ts";

/** What a card is known again by while it comes and goes on one reader: its UID, or what it showed where that is random. Never leaves the driver. */
export function sameCardKey({ uid, credentials = [], ndef }: CardFacts): string {
  if (!isRandomUid(uid)) return uid;
  const [shown] = credentials;
  return shown ? shownKey(shown) : JSON.stringify(ndef);
}

function shownKey(shown: NfcCredential): string {
  switch (shown.type) {
    case "sun":
    case "ev2":
      return shown.uid;
    case "smart-tap":
    case "vas":
      return `${shown.type} ${shown.keyName} ${shown.value}`;
  }
}
