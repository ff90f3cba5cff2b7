import type { LinkEntry, TransactionEntry } from "../core/entry.ts";
import type { EntryId, Seq } from "../core/ids.ts";
import type { LiveEvent } from "../core/live-event.ts";
import type { ReplayReport, ReplayRequest } from "../core/replay.ts";
import type { IdentifyOutcome, SimulateReport, SimulateRequest } from "../core/simulate.ts";
import type { EpochMs } from "../core/time.ts";
import type { Snapshot } from "./snapshot.ts";

/** A recorded slip with what the ledger knows of it. Field names are those of the ledger's entry. */
export interface Receipt extends TransactionEntry {
  readonly seq: Seq;
  readonly entryId: EntryId;
  /** When it was recorded, by the wall clock. */
  readonly recordedAtMs: EpochMs;
  /** How often it was read anew since, when this is not the first reading. */
  readonly amendment?: number;
  /** The newest link entry that names it. */
  readonly link?: LinkEntry;
}

/** Which receipts: the newest `limit` of those before `before` (exclusive), or of all. */
export interface ReceiptQuery {
  readonly limit: number;
  readonly before?: Seq;
}

/** How one receipt is named: by its entry, by its place in the ledger, or by the number printed on it (the newest with it). */
export type ReceiptKey =
  { readonly entryId: EntryId } | { readonly seq: Seq } | { readonly sequenceNumber: string; readonly laneId?: string };

/** What reading the whole ledger again and recomputing its chain found. */
export type ChainCheck =
  | { readonly state: "intact"; readonly entryCount: number; readonly headSeq: number; readonly epoch: string }
  | { readonly state: "broken"; readonly atSeq: number; readonly detail: string };

/** What the control socket serves. The composition root supplies it; nothing behind it is imported here. */
export interface ControlSource {
  snapshot(): Snapshot;
  /** Newest first. */
  receipts(query: ReceiptQuery, signal: AbortSignal): Promise<readonly Receipt[]>;
  /** May take long, where the ledger is long and the receipt old or none; stops when the signal is aborted. */
  receipt(key: ReceiptKey, signal: AbortSignal): Promise<Receipt | undefined>;
  /** The print bytes of a recorded receipt, card numbers masked, as far as they are still kept; nothing for no such receipt. */
  captured(key: ReceiptKey, signal: AbortSignal): Promise<Uint8Array>;
  /** May take long; stops when the signal is aborted. */
  verify(signal: AbortSignal): Promise<ChainCheck>;
  /**
   * Reads recorded slips again and amends them. Rejects with `REPLAY_RUNNING` while another replay runs; stops when the signal is aborted,
   * with what is recorded so far.
   */
  replay(request: ReplayRequest, signal: AbortSignal): Promise<ReplayReport>;
  /**
   * Plays something into the agent as if a device had seen it, marked as a test. Rejects with `SIMULATE_NO_DEVICE` when no device of the
   * kind is configured at the place, or none by that name.
   */
  simulate(request: SimulateRequest, signal: AbortSignal): Promise<SimulateReport>;
  /** Asks a device to blink or beep. Rejects with `DEVICE_UNKNOWN` when none has that name. */
  identify(deviceId: string, signal: AbortSignal): Promise<IdentifyOutcome>;
  /** Calls `listener` with every live event until the function it returns is called. The listener returns at once and never throws. */
  watch(listener: (event: LiveEvent) => void): () => void;
}
