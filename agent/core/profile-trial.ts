import type { Transaction } from "./transaction.ts";

/** A field read from a line, and the characters it was read from (UTF-16 units, `to` not included). */
export interface LineMark {
  /** E.g. `sequenceNumber`, `tender cash`, `item`, `items begin`. */
  readonly field: string;
  readonly from: number;
  readonly to: number;
}

/** A line of a tried slip. */
export interface TrialLine {
  readonly text: string;
  readonly marks: readonly LineMark[];
  /** It stands among the items, and no row of the profile explains it. */
  readonly unread: boolean;
}

/** One field of a sample and what came of it. */
export interface FieldCheck {
  /** Below `expect`, e.g. `["tenders", 0, "amountMinor"]`. */
  readonly path: readonly (string | number)[];
  readonly expected: unknown;
  /** `undefined` when nothing was found. */
  readonly found: unknown;
  readonly passed: boolean;
}

/** What a profile made of one slip. */
export interface ProfileTrial {
  readonly profile: string;
  /** The sample's name, or the capture file and which slip in it. */
  readonly slip: string;
  /** All as expected: the profile takes the slip, its fields are those of the sample, its arithmetic does not fail. */
  readonly passed: boolean;
  /** The profile that takes the slip when all are asked, or `none`. */
  readonly takenBy: string;
  readonly transaction: Transaction;
  readonly lines: readonly TrialLine[];
  /** Fields expected by the sample; none for a capture. */
  readonly checks: readonly FieldCheck[];
  /** Fields the profile has a pattern for that was found on no line. */
  readonly missing: readonly string[];
}
