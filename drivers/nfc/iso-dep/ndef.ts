import type { SunMessage } from "../../../agent/core/credential.ts";
import type { NdefRecord } from "../../../agent/core/observation.ts";
import { parseNdefMessage } from "../ndef.ts";
import type { KeySet } from "../ntag424/key-set.ts";
import { verifySun } from "../ntag424/sun.ts";
import { isRandomUid } from "../uid.ts";
import type { Applet, SendApdu } from "./applet.ts";
import { readNdefFile } from "./ndef-file.ts";
import { applications, select } from "./select.ts";

/** The records of the NDEF message of a selected Type 4 application; none when there is no valid one. */
export async function readRecords(send: SendApdu): Promise<readonly NdefRecord[]> {
  const message = await readNdefFile(send);
  const parsed = message && parseNdefMessage(message);
  return parsed?.ok === true ? parsed.records : [];
}

/** The first SUN message among a card's records, checked against the card's own UID where that is not random. */
export function sunIn(records: readonly NdefRecord[], keySets: readonly KeySet[], uid: string): SunMessage | undefined {
  const cardUid = isRandomUid(uid) ? undefined : uid;
  for (const record of records) {
    const sun = record.type === "uri" ? verifySun(record.uri, keySets, cardUid) : undefined;
    if (sun) return sun;
  }
  return undefined;
}

/** Reads the NDEF message of any Type 4 tag, and verifies what an NTAG 424 DNA mirrored into it. */
export function ndefApplet(keySets: readonly KeySet[]): Applet {
  return {
    name: "ndef",
    async read(send, { uid }) {
      if (!(await select(send, applications.ndef))) return undefined;
      const ndef = await readRecords(send);
      if (ndef.length === 0) return undefined;
      const sun = sunIn(ndef, keySets, uid);
      // Only a tag of that kind makes such a message; a copy of one can be on anything.
      const technology = sun?.isAuthentic === true ? "ntag424" : "type4";
      return { technology, ndef, ...(sun && { credentials: [sun] }) };
    },
  };
}
