import type { NfcCredential } from "../../agent/core/credential.ts";
import { isRandomUid } from "../../agent/core/uid.ts";
import type { CardFacts } from "./read-card.ts";

/**
 * What a card is known again by while it comes and goes on one reader: its UID and what it showed. One that shows more than before, or
 * another forgery, is another tap. Never leaves the driver.
 */
export function sameCardKey({ uid, credentials = [], ndef }: CardFacts): string {
  const shown = credentials.map(shownKey);
  if (!isRandomUid(uid)) return JSON.stringify([uid, ...shown]);
  return JSON.stringify(shown.length > 0 ? shown : ndef);
}

/** An authentic one is the same at every reading. */
function shownKey(shown: NfcCredential): string {
  const { type, isAuthentic, fault = "" } = shown;
  switch (type) {
    case "sun":
      return `sun ${shown.uid} ${isAuthentic ? "" : `${fault} ${shown.counter}`}`;
    case "ev2":
      return `ev2 ${shown.uid} ${isAuthentic ? "" : fault}`;
    case "smart-tap":
      return `smart-tap ${shown.keyName} ${isAuthentic ? shown.value : fault}`;
    case "vas":
      return `vas ${shown.keyName} ${isAuthentic ? shown.value : shown.cryptogramHash}`;
  }
}
