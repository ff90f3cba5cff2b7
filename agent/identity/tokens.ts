import { createHmac } from "node:crypto";
import type { Evidence } from "../core/entry.ts";
import type { NfcTap } from "../core/observation.ts";

/** The region's key and its version, kept with every token. */
export interface RegionKey {
  readonly secret: Uint8Array;
  readonly version: number;
}

/**
 * Turns raw identifiers into tokens: HMAC-SHA256 under the region's key over type and normalised value, in lower-case hexadecimal.
 * The same card gives the same token in every store of a region, and nobody without the key can tell which card it was.
 */
export class Tokens {
  readonly #key: RegionKey;

  constructor(key: RegionKey) {
    this.#key = key;
  }

  /** What a tap proves of who tapped: nothing above `claimed`, since UID and NDEF content of a storage tag can be copied. */
  ofTap({ uid, ndef }: NfcTap): readonly Evidence[] {
    const evidence: Evidence[] = [];
    if (identifies(uid)) evidence.push(this.#claimed("nfc.uid", uid.toUpperCase()));
    for (const record of ndef) {
      if (record.type === "uri") evidence.push(this.#claimed("ndef.uri", record.uri.trim()));
      else evidence.push(this.#claimed("ndef.text", record.text.trim()));
    }
    return evidence;
  }

  #claimed(type: string, value: string): Evidence {
    const token = createHmac("sha256", this.#key.secret).update(`${type}:${value}`).digest("hex");
    return { type, tier: "claimed", token, keyVersion: this.#key.version };
  }
}

/**
 * Whether a UID can stand for one card. Single-size UIDs that begin with 08 are random, those with low nibble F in their first byte are
 * shared by several cards (ISO/IEC 14443-3, 6.5.4; NXP AN10927): neither is ever identity.
 */
function identifies(uid: string): boolean {
  if (uid.length !== 8) return uid.length > 8;
  return !uid.startsWith("08") && uid[1]?.toUpperCase() !== "F";
}
