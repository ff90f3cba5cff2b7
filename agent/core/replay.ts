import type { EntryId, LaneId, Seq } from "./ids.ts";
import type { EpochMs } from "./time.ts";
import type { Reconciliation, TransactionKind } from "./transaction.ts";

/** Which recorded slips are to be read again. */
export interface ReplayScope {
  /** Only those recorded at this moment or later, by the wall clock. */
  readonly sinceMs?: EpochMs;
  readonly laneId?: LaneId;
  /** Only readings by this profile count. */
  readonly profile?: string;
  /** Nothing is written. */
  readonly dryRun: boolean;
}

/** What a reading comes to, in a few words. */
export interface ReadingSummary {
  readonly kind: TransactionKind;
  readonly sequenceNumber?: string;
  readonly totalMinor?: number;
  readonly currencyCode?: string;
  readonly currencyExponent?: number;
  readonly reconciliation: Reconciliation["state"];
  readonly profile: string;
}

/** A slip whose reading changed. */
export interface ReplayChange {
  /** The entry that was amended; absent for a slip that was found in the bytes of another. */
  readonly entryId?: EntryId;
  readonly seq?: Seq;
  readonly before?: ReadingSummary;
  readonly after: ReadingSummary;
}

/** What reading again came to. Each slip is counted once. */
export interface ReplayReport {
  readonly dryRun: boolean;
  /** Slips in the scope. */
  readonly examined: number;
  /** New readings recorded (or to be recorded, on a dry run). */
  readonly amended: number;
  /** Slips found in the bytes of another, recorded as transactions of their own. */
  readonly found: number;
  readonly unchanged: number;
  /** Read less well than before: left as they are. */
  readonly worse: number;
  /** Their bytes are no longer kept. */
  readonly gone: number;
  /** The first changes, at most 1000. */
  readonly changes: readonly ReplayChange[];
}

/** What a daemon is asked to do: which slips, and with which profiles, whose sources the schema has accepted. */
export interface ReplayRequest {
  readonly scope: ReplayScope;
  readonly profiles: readonly unknown[];
}
