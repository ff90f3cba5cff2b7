import type { SunMessage } from "../../../agent/core/credential.ts";
import type { NdefRecord } from "../../../agent/core/observation.ts";
import { parseNdefMessage } from "../ndef.ts";
import type { KeySet } from "../ntag424/key-set.ts";
import { verifySun } from "../ntag424/sun.ts";
import type { Applet, SendApdu } from "./applet.ts";
import { readNdefFile } from "./ndef-file.ts";
import { applications, select } from "./select.ts";

/** The records of the NDEF message of a selected Type 4 application; none when there is no valid one. */
export async function readRecords(send: SendApdu): Promise<readonly NdefRecord[]> {
  const message = await readNdefFile(send);
  const parsed = message && parseNdefMessage(message);
  return parsed?.ok === true ? parsed.records : [];
}

/** A card's records, and the SUN message that was among them. */
export interface Message {
  readonly sun?: SunMessage;
  /** What is left: a link with a SUN message in it is another one at every reading, and of no use as a record. */
  readonly ndef: readonly NdefRecord[];
}

/** Takes the first SUN message out of a card's records, checked against the card's own UID. */
export function takeSun(records: readonly NdefRecord[], keySets: readonly KeySet[], uid: string): Message {
  for (const record of records) {
    const sun = record.type === "uri" ? verifySun(record.uri, keySets, uid) : undefined;
    if (sun) return { sun, ndef: records.filter((other) => other !== record) };
  }
  return { ndef: records };
}

/** Reads the NDEF message of any Type 4 tag, and verifies what an NTAG 424 DNA mirrored into it. */
export function ndefApplet(keySets: readonly KeySet[]): Applet {
  return {
    name: "ndef",
    async read(send, { uid }) {
      if (!(await select(send, applications.ndef))) return undefined;
      const { sun, ndef } = takeSun(await readRecords(send), keySets, uid);
      if (!sun && ndef.length === 0) return undefined;
      // Only a tag of that kind makes such a message; a copy of one can be on anything.
      const technology = sun?.isAuthentic === true ? "ntag424" : "type4";
      return { technology, ndef, ...(sun && { credentials: [sun] }) };
    },
  };
}
