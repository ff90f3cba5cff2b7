import type { EpochMs } from "./time.ts";

interface Shown {
  /** The configured name of the key or pass it was checked with. */
  readonly keyName: string;
  /** Whether the cryptography holds. What was seen before, and whether the time fits, is for the agent to judge. */
  readonly isAuthentic: boolean;
  /** Why not: a stable word, e.g. `mac-mismatch`. */
  readonly fault?: string;
}

/** A Secure Unique NFC message of an NTAG 424 DNA: UID and read counter under a MAC (NXP AN12196, 4.2). */
export interface SunMessage extends Shown {
  readonly type: "sun";
  /** Upper-case hexadecimal. */
  readonly uid: string;
  /** SDMReadCtr: grows by one with every reading, from 0 to 16777215. */
  readonly counter: number;
  /** What the tag mirrored encrypted, as text. */
  readonly fileData?: string;
}

/** A live mutual authentication with a card that holds our key (NXP AN12196, 6.6: AuthenticateEV2First). */
export interface LiveAuthentication extends Shown {
  readonly type: "ev2";
  /** The real UID, read under the session's keys or, where that is not allowed, from the anticollision. */
  readonly uid: string;
}

/** An object of Google Smart Tap 2.1, decrypted under the merchant's key. */
export interface SmartTapObject extends Shown {
  readonly type: "smart-tap";
  readonly collectorId: string;
  /** E.g. `loyalty`, `customer`. */
  readonly objectType: string;
  /** The member number or object id it carries. */
  readonly value: string;
}

/** A pass of Apple VAS, decrypted under the merchant's key. */
export interface VasPass extends Shown {
  readonly type: "vas";
  readonly passTypeId: string;
  /** The message of the pass: what the merchant put into it. */
  readonly value: string;
  /** When the phone made the cryptogram, by the phone's clock. */
  readonly issuedAtMs: EpochMs;
  /** SHA-256 of the cryptogram, in hexadecimal: the same one twice is a replay. */
  readonly cryptogramHash: string;
}

/** What a card or a phone showed beyond its UID and its NDEF message. */
export type NfcCredential = SunMessage | LiveAuthentication | SmartTapObject | VasPass;
