import type { NfcCredential } from "../../../agent/core/credential.ts";
import type { ErrorCode } from "../../../agent/core/error-catalogue.ts";
import type { NdefRecord } from "../../../agent/core/observation.ts";
import type { EpochMs } from "../../../agent/core/time.ts";

/**
 * Sends one command APDU (ISO/IEC 7816-4) to the card and resolves to data and status word, of 258 bytes at most where nothing else is said.
 * Rejects when the card or the reader is gone, never because of a status word.
 */
export type SendApdu = (apdu: Uint8Array, maxResponseBytes?: number) => Promise<Uint8Array>;

/** What an application is given beside the card. */
export interface AppletContext {
  /** Wall clock, for nonces and time stamps that go to the card. */
  readonly nowMs: EpochMs;
  /** UID of the anticollision, upper-case hexadecimal; random on phones. */
  readonly uid: string;
}

/** What an application on the card gave. */
export interface AppletReading {
  /** What kind of card or phone it is, e.g. `ntag424`, `google-wallet`, `apple-wallet`, `emv`. */
  readonly technology: string;
  readonly credentials?: readonly NfcCredential[];
  readonly ndef?: readonly NdefRecord[];
  /** What the maker's signature says of the UID, where the chip gave one: see {@link import("../../../agent/core/observation.ts").NfcTap}. */
  readonly originality?: "valid" | "forged";
  /** Why nothing that identifies is taken from it: ends the tap politely, whatever else is on the card. */
  readonly refusal?: ErrorCode;
}

/**
 * Looks for one application on an ISO-DEP card and reads it. Answers `undefined` when the card does not have it, so that the next is tried.
 * Whatever the card answers, it ends: a bounded number of APDUs, no throw but for a card that went away.
 */
export interface Applet {
  /** As in the configuration's order of selection: `vas`, `smart-tap`, `ntag424`, `ndef`, `transit`, `emv`. */
  readonly name: string;
  read(send: SendApdu, context: AppletContext): Promise<AppletReading | undefined>;
}
