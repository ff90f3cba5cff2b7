import { setImmediate as nextTurn } from "node:timers/promises";
import type { AmendedEntry, Draft, TransactionEntry } from "../core/entry.ts";
import { asSeq, type EntryId, type LaneId, type Seq, type StreamId } from "../core/ids.ts";
import type { Ledger } from "../core/ledger.ts";
import type { ReplayChange, ReplayReport, ReplayScope } from "../core/replay.ts";
import type { NewSlipReader, Slip } from "../core/slip.ts";
import type { Clock } from "../core/time.ts";
import type { Transaction } from "../core/transaction.ts";
import { amendmentKey, currentReading } from "./amendments.ts";
import { isWorse, sayTheSame, summaryOf } from "./compare-readings.ts";
import { RereadStream, type Region, type Reread } from "./reread-stream.ts";

/** Transactions looked at in one go. */
const page = 200;

/** Streams kept open. Of those of today's lanes no more are under way at a time; an older one is read from its beginning again. */
const openStreams = 32;

const mostChanges = 1000;

/** What replaying works with. */
export interface ReplayParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly newId: () => EntryId;
  /** Reads with the profiles of today. */
  readonly newSlipReader: NewSlipReader;
  /** Content identity of a reading, as slips have it. */
  readonly contentKeyOf: (transaction: Transaction, laneId: LaneId) => string | undefined;
}

type Counted = "examined" | "amended" | "found" | "unchanged" | "worse" | "gone";

/**
 * Reads the kept bytes of recorded slips again and records the readings that changed as amendments. No entry is changed; a reading that is
 * worse than the one there is is left out. Done twice, it finds nothing to amend.
 */
export class Replay {
  readonly #parts: ReplayParts;
  readonly #scope: ReplayScope;
  readonly #streams = new Map<StreamId, RereadStream>();
  /** Which transaction has a content that only an amendment shows. */
  readonly #owners = new Map<string, EntryId>();
  readonly #seqs = new Map<EntryId, Seq>();
  readonly #counts: Record<Counted, number> = { examined: 0, amended: 0, found: 0, unchanged: 0, worse: 0, gone: 0 };
  readonly #changes: ReplayChange[] = [];

  constructor(parts: ReplayParts, scope: ReplayScope) {
    this.#parts = parts;
    this.#scope = scope;
  }

  /** Goes through the ledger as it stands, once. Rejects with the ledger's errors, and with the signal's reason when aborted. */
  async run(signal: AbortSignal): Promise<ReplayReport> {
    const end = this.#parts.ledger.head().seq;
    for (let from = 0; from < end; from += page) {
      signal.throwIfAborted();
      await this.#page(from, Math.min(from + page, end));
      await nextTurn();
    }
    for (const stream of this.#streams.values()) await this.#settle(stream.end());
    return { dryRun: this.#scope.dryRun, ...this.#counts, changes: this.#changes };
  }

  /** The transactions after `from` up to `to`, oldest first. */
  async #page(from: number, to: number): Promise<void> {
    const { ledger } = this.#parts;
    const newest = ledger.latest(["transaction"], to - from, { before: asSeq(to + 1), after: asSeq(from) });
    for (const entry of newest.toReversed()) {
      if (entry.kind !== "transaction" || entry.data.isTest) continue;
      const reading = currentReading(ledger, entry);
      if (!this.#includes(entry.at.wallMs, reading.laneId)) this.#own(entry.id, reading);
      else await this.#reread({ entryId: entry.id, reading }, entry.seq);
    }
  }

  #includes(wallMs: number, laneId: LaneId): boolean {
    const { sinceMs, laneId: lane } = this.#scope;
    return (sinceMs === undefined || wallMs >= sinceMs) && (lane === undefined || lane === laneId);
  }

  async #reread(region: Region, seq: Seq): Promise<void> {
    this.#counts.examined += 1;
    this.#seqs.set(region.entryId, seq);
    await this.#settle(await this.#stream(region.reading.streamId).read(region, nextTurn));
    if (this.#streams.size <= openStreams) return;
    const [oldest] = this.#streams;
    if (oldest === undefined) return;
    this.#streams.delete(oldest[0]);
    await this.#settle(oldest[1].end());
  }

  /** The one used last comes last. */
  #stream(id: StreamId): RereadStream {
    const stream = this.#streams.get(id) ?? new RereadStream(this.#parts.ledger, this.#parts.newSlipReader);
    this.#streams.delete(id);
    this.#streams.set(id, stream);
    return stream;
  }

  async #settle(answers: readonly Reread[]): Promise<void> {
    for (const { region, slips } of answers) {
      if (slips === undefined) this.#counts.gone += 1;
      else await this.#judge(region, slips);
      this.#seqs.delete(region.entryId);
    }
  }

  /** Of several slips in the bytes of one, the one with its number amends it, or the first; the others are new. */
  async #judge(region: Region, slips: readonly Slip[]): Promise<void> {
    const { reading, entryId } = region;
    const { profile } = this.#scope;
    const read = slips.flatMap((slip) => {
      const { transaction } = slip;
      const counts = transaction !== undefined && (profile === undefined || transaction.profile === profile);
      return counts ? [reread(reading, slip, transaction)] : [];
    });
    const same = read.find(({ sequenceNumber }) => sequenceNumber === reading.sequenceNumber) ?? read[0];
    const now = same === undefined ? undefined : this.#asRepeat(entryId, same);
    const verdict = now === undefined ? "unchanged" : judge(now, reading);
    this.#counts[verdict] += 1;
    if (now === undefined || verdict !== "amended") return this.#own(entryId, reading);
    this.#own(entryId, now);
    await this.#amend(region, now);
    for (const other of read) if (other !== same) await this.#record(other);
  }

  /** A slip that turns out to be in the ledger already, under another entry, is a duplicate of that one. */
  #asRepeat(entryId: EntryId, reading: Reading): Reading {
    const owner = this.#ownerOf(reading);
    if (owner === undefined || owner === entryId) return reading;
    return { ...reading, status: "duplicate", repeatOfEntryId: owner };
  }

  #ownerOf(reading: TransactionEntry): EntryId | undefined {
    const key = this.#parts.contentKeyOf(reading, reading.laneId);
    if (key === undefined) return undefined;
    const recorded = this.#parts.ledger.find(`slip:${key}`);
    return recorded?.kind === "transaction" ? recorded.id : this.#owners.get(key);
  }

  #own(entryId: EntryId, reading: TransactionEntry): void {
    const key = this.#parts.contentKeyOf(reading, reading.laneId);
    if (key !== undefined && !this.#owners.has(key)) this.#owners.set(key, entryId);
  }

  async #amend({ entryId, reading: before }: Region, now: Reading): Promise<void> {
    const amendment = ("amendment" in before ? (before as AmendedEntry).amendment : 0) + 1;
    const seq = this.#seqs.get(entryId);
    this.#tell({ entryId, ...(seq !== undefined && { seq }), before: summaryOf(before), after: summaryOf(now) });
    await this.#write({
      kind: "transaction.amended",
      key: amendmentKey(entryId, amendment),
      data: { ...now, transactionEntryId: entryId, amendment },
    });
  }

  async #record(reading: Reading): Promise<void> {
    const key = this.#parts.contentKeyOf(reading, reading.laneId) ?? `${reading.streamId}:${reading.startOffset}`;
    if (this.#parts.ledger.find(`slip:${key}`) !== undefined || this.#owners.has(key)) return;
    this.#counts.found += 1;
    this.#tell({ after: summaryOf(reading) });
    await this.#write({ kind: "transaction", key: `slip:${key}`, data: reading });
  }

  #tell(change: ReplayChange): void {
    if (this.#changes.length < mostChanges) this.#changes.push(change);
  }

  async #write(draft: Content): Promise<void> {
    if (this.#scope.dryRun) return;
    const { ledger, clock, newId } = this.#parts;
    await ledger.write({ drafts: [{ ...draft, id: newId(), at: clock.now() }] });
  }
}

/** A new reading of a slip, and what it repeats. */
type Reading = TransactionEntry & Pick<AmendedEntry, "repeatOfEntryId">;

type Content =
  | Pick<Extract<Draft, { kind: "transaction" }>, "kind" | "key" | "data">
  | Pick<Extract<Draft, { kind: "transaction.amended" }>, "kind" | "key" | "data">;

function reread(before: TransactionEntry, { startOffset, endOffset }: Slip, transaction: Transaction): Reading {
  const { laneId, deviceId, streamId, firstByteAt, lastByteAt } = before;
  return { ...transaction, laneId, deviceId, streamId, startOffset, endOffset, firstByteAt, lastByteAt };
}

function judge(now: Reading, before: TransactionEntry): "amended" | "unchanged" | "worse" {
  if (sayTheSame(now, before)) return "unchanged";
  return isWorse(now, before) ? "worse" : "amended";
}
