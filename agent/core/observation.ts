import type { DeviceId, LaneId, StreamId } from "./ids.ts";
import type { Instant } from "./time.ts";

/** What every observation says: which device saw it, on which lane, when. */
export interface Seen {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly at: Instant;
}

/**
 * Bytes a POS sent to its printer, as they arrived. Offered at once and in order, whatever their meaning.
 * When the offer resolves to `recorded` the bytes survive a power cut.
 */
export interface PrintBytes extends Seen {
  readonly kind: "print-bytes";
  readonly streamId: StreamId;
  /** Position of the first byte in its stream, from 0, without gaps. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The end of a stream of print bytes: the connection closed, or the line went away. No byte follows. */
export interface PrintEnd extends Seen {
  readonly kind: "print-end";
  readonly streamId: StreamId;
  /** `closed`: the POS ended it; `lost`: it broke off (reset, unplugged, driver stopped). */
  readonly reason: "closed" | "lost";
}

/** One NDEF record of a well-known type (NFC Forum RTD Text 1.0, RTD URI 1.0). */
export type NdefRecord =
  | { readonly type: "text"; readonly language: string; readonly text: string }
  | { readonly type: "uri"; readonly uri: string };

/** A contactless card or tag held to a reader and read. Raw identifiers: they become tokens before anything is stored. */
export interface NfcTap extends Seen {
  readonly kind: "nfc-tap";
  /** Identifier of this one reading (a UUID): offering the same reading twice records it once. */
  readonly readingId: string;
  /** The UID in upper-case hexadecimal, 4, 7 or 10 bytes (ISO/IEC 14443-3). */
  readonly uid: string;
  /** What kind of tag it is, as far as the ATR and its memory tell, e.g. `ntag213`, `mifare-classic-1k`, `unknown`. */
  readonly technology: string;
  readonly ndef: readonly NdefRecord[];
  /** The card lay there when its reader came up, so this may be a tap that was read before the reader or its driver went down. */
  readonly foundLying?: boolean;
}

/** A card was on the reader and nothing usable was read: an event, not silence. */
export interface NfcUnread extends Seen {
  readonly kind: "nfc-unread";
  readonly readingId: string;
  /** Stable code of the reason, e.g. `NFC_READ_TIMEOUT`, `NFC_CARD_REMOVED`. */
  readonly reason: string;
}

/** Anything a device can report. A closed union: a new device kind adds a member here first. */
export type Observation = PrintBytes | PrintEnd | NfcTap | NfcUnread;

/** What became of an offered observation. Only `recorded` and `duplicate` mean that it is safe. */
export type Outcome =
  | { readonly status: "recorded" }
  /** Already known; nothing new was written. */
  | { readonly status: "duplicate" }
  /** Dropped on purpose because the inbox was full. Never happens to print bytes. */
  | { readonly status: "shed" }
  /**
   * The ledger refused: the observation is not safe. `code` is the error's stable code. With `CAPTURE_GAP` goes the stream position that
   * is kept so far, for a source that can send again from there.
   */
  | { readonly status: "refused"; readonly code: string; readonly resumeAt?: number };

/** Hands an observation to the agent. Never rejects; awaiting it is back-pressure. */
export type Offer = (observation: Observation) => Promise<Outcome>;
