import type { NfcCredential } from "./credential.ts";
import type { DeviceId, LaneId, StreamId, ZoneId } from "./ids.ts";
import type { ScannedCode } from "./scanned-code.ts";
import type { Instant } from "./time.ts";

/** What every observation says: which device saw it, when, and whether it was only played. */
interface Observed {
  readonly deviceId: DeviceId;
  readonly at: Instant;
  /** Played by a person through `storeloop simulate`: kept and marked as a test, never counted. */
  readonly isTest?: true;
}

/** What every observation at a counter says. */
export interface Seen extends Observed {
  readonly laneId: LaneId;
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
  /** What was shown with the help of a key, checked by the driver as far as a driver can. */
  readonly credentials?: readonly NfcCredential[];
  /**
   * NXP's originality signature over the UID, where the tag gave one: a note, never proof. A signature can be copied with its UID;
   * one that does not verify shows a fake.
   */
  readonly originality?: "valid" | "forged";
  /** The card lay there when its reader came up, so this may be a tap that was read before the reader or its driver went down. */
  readonly foundLying?: boolean;
}

/** A card was on the reader and nothing usable was read: an event, not silence. */
export interface NfcUnread extends Seen {
  readonly kind: "nfc-unread";
  readonly readingId: string;
  /** Stable code of the reason, e.g. `NFC_READ_TIMEOUT`, `NFC_CARD_REMOVED`, `NFC_BANK_CARD`. */
  readonly reason: string;
  /** What kind of card it was, as far as that showed, e.g. `emv`. */
  readonly technology?: string;
}

/** A code read by a scanner, or the track of a magnetic stripe, told apart. Raw values: they become tokens before anything is stored. */
export interface Scan extends Seen {
  readonly kind: "scan";
  /** Identifier of this one reading (a UUID): offering the same reading twice records it once. */
  readonly readingId: string;
  /** What it was read with: HID-POS reports (USB HID POS 1.02), a keyboard wedge, or a magnetic stripe. */
  readonly via: "hid-pos" | "keyboard" | "magstripe";
  /** Symbology identifier (ISO/IEC 15424), e.g. `]E0`, where the scanner tells. */
  readonly symbology?: string;
  readonly code: ScannedCode;
}

/**
 * A known beacon as one radio heard it over about a second: the driver thins what the air brings, so that adverts by the thousand
 * become one of these a beacon and second. Beacons that nobody configured never become one.
 */
export interface BleSighting extends Observed {
  readonly kind: "ble-sighting";
  readonly zoneId: ZoneId;
  /** The configured name of the beacon, or of the group it belongs to. */
  readonly beaconId: string;
  /** What tells it from others of its group, in one spelling, e.g. `ibeacon:<uuid>:<major>:<minor>`. Raw: becomes a token. */
  readonly identifier: string;
  /** The median of what was heard, in dBm. */
  readonly rssiDbm: number;
  /** Expected at one metre, where the beacon says, in dBm. */
  readonly txPowerDbm?: number;
  /** Adverts it stands for. */
  readonly adverts: number;
}

/** Anything a device at a counter can report. */
export type LaneObservation = PrintBytes | PrintEnd | NfcTap | NfcUnread | Scan;

/** Anything a device can report. A closed union: a new device kind adds a member here first. */
export type Observation = LaneObservation | BleSighting;

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
