import type { EntryKind } from "./entry.ts";
import type { Seq } from "./ids.ts";
import type { Outcome } from "./observation.ts";
import type { ScannedCode } from "./scanned-code.ts";

/** What a person plays into a running agent. Where no place is named, the first that has such a device is taken. */
export type SimulateRequest =
  | {
      readonly kind: "nfc";
      readonly laneId?: string;
      /** Upper-case hexadecimal, 4, 7 or 10 bytes; one of a card that nobody has when absent. */
      readonly uid?: string;
      /** The URI of its NDEF message. */
      readonly uri?: string;
    }
  | { readonly kind: "scan"; readonly laneId?: string; readonly code: string }
  | {
      readonly kind: "receipt";
      readonly laneId?: string;
      /** Print bytes, in Base64; a receipt of the virtual store when absent. */
      readonly bytes?: string;
    }
  | {
      readonly kind: "ble";
      readonly zoneId?: string;
      /** The configured name of the beacon; the first one when absent. */
      readonly beaconId?: string;
      readonly rssiDbm?: number;
      /** How long it is heard. */
      readonly seconds?: number;
    };

/** Whether it is of a kind that is known. What else is in it may be anything: it comes from outside, and is checked by who plays it. */
export function isSimulateRequest(asked: object): asked is SimulateRequest {
  return "kind" in asked && ["nfc", "scan", "receipt", "ble"].some((kind) => kind === asked.kind);
}

/** An entry that came of what was played. */
export interface SimulatedEntry {
  readonly seq: Seq;
  readonly kind: EntryKind;
}

/** What became of what was played. */
export interface SimulateReport {
  /** Of the observation, or of the last of several. */
  readonly outcome: Outcome;
  /** The lane or zone it was played on. */
  readonly place: string;
  /** What a scanned code was taken for. */
  readonly codeKind?: ScannedCode["kind"];
  readonly entries: readonly SimulatedEntry[];
}

/** What a device did when it was asked to show itself. */
export type IdentifyOutcome =
  /** It blinks or beeps. */
  | "shown"
  /** It has nothing to show itself with, or is not there. */
  | "cannot";
