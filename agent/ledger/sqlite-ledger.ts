import { randomUUID } from "node:crypto";
import type { Appended, Draft, Entry, EntryKind, StoredEntry } from "../core/entry.ts";
import type { StoreloopError } from "../core/errors.ts";
import { asEpoch, type Seq, type StreamId } from "../core/ids.ts";
import type { Change, EntryRange, EpochStart, Head, Ledger, PendingStream, Watermark } from "../core/ledger.ts";
import { CaptureTable } from "./capture-table.ts";
import { cursorAfter, CursorTable, type Cursor } from "./cursor-table.ts";
import { EntryTable } from "./entry-table.ts";
import { migrate } from "./migrations.ts";
import { OpenVisitTable } from "./open-visit-table.ts";
import { ProofTable } from "./proof-table.ts";
import type { Seal } from "./seal.ts";
import { asLedgerError, openSqlite, type Sqlite } from "./sqlite.native.ts";

/** Drafts and pieces in one transaction, at most: beyond that a commit takes longer without costing less an entry. */
const groupSize = 100;

/**
 * Acknowledgements may stand in memory only while a backlog drains: losing them costs a resend, which the receiver recognises. They
 * are written with the next group, when the receiver has caught up, or after this many entries.
 */
const unwrittenAcks = 2000;

interface Waiting {
  readonly change: Change;
  readonly resolve: (answer: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The ledger in one SQLite file. Writes of one turn of the event loop share a transaction and are answered after its COMMIT with
 * synchronous=FULL: an answer means that the change survives a power cut. When SQLite refuses, the whole group is refused.
 */
export class SqliteLedger implements Ledger, Disposable {
  readonly #file: string;
  readonly #database: Sqlite;
  readonly #entries: EntryTable;
  readonly #captures: CaptureTable;
  readonly #proofs: ProofTable;
  readonly #openVisits: OpenVisitTable;
  readonly #cursors: CursorTable;
  readonly #begin;
  readonly #end;
  readonly #onCorrupt: (error: StoreloopError) => void;
  #cursor: Cursor;
  #cursorOnDisk: Seq;
  #queue: Waiting[] = [];
  #turn: NodeJS.Immediate | undefined;
  #growth = Promise.withResolvers<void>();
  #isCorrupt = false;

  private constructor(file: string, database: Sqlite, seal: Seal, onCorrupt: (error: StoreloopError) => void) {
    this.#file = file;
    this.#onCorrupt = onCorrupt;
    this.#database = database;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#end = database.prepare("COMMIT");
    this.#entries = new EntryTable(database, seal);
    this.#captures = new CaptureTable(database);
    this.#proofs = new ProofTable(database);
    this.#openVisits = new OpenVisitTable(database);
    this.#cursors = new CursorTable(database);
    this.#cursor = this.#cursors.read() ?? this.#firstCursor(seal);
    this.#cursorOnDisk = this.#cursor.watermark.seq;
  }

  /**
   * Opens or makes the ledger in `file`. `onCorrupt` is called once, when the open file turns out to be corrupt: nothing in this process
   * can mend it.
   *
   * @throws StoreloopError with a `LEDGER_*` code.
   */
  static open(file: string, seal: Seal, onCorrupt: (error: StoreloopError) => void = () => undefined): SqliteLedger {
    const database = openSqlite(file);
    try {
      migrate(database);
      return new SqliteLedger(file, database, seal, onCorrupt);
    } catch (error) {
      database.close();
      throw asLedgerError(error, file);
    }
  }

  write(change: Change): Promise<readonly Appended[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Appended[]>();
    this.#queue.push({ change, resolve, reject });
    this.#turn ??= setImmediate(() => this.#commitTurn());
    return promise;
  }

  read(after: Seq, limit: number): readonly StoredEntry[] {
    return this.#guard(() => this.#entries.after(after, limit));
  }

  head(): Head {
    return this.#entries.head;
  }

  epoch(): EpochStart {
    return this.#cursor.start;
  }

  watermark(): Watermark {
    return this.#cursor.watermark;
  }

  acknowledge(watermark: Watermark): "advanced" | "unchanged" | "refused" {
    const current = this.#cursor.watermark;
    if (watermark.epoch !== current.epoch) return "refused";
    const ours = this.#guard(() => this.#entries.hashAt(watermark.seq));
    if (ours === undefined || Buffer.compare(ours, watermark.hash) !== 0) return "refused";
    if (watermark.seq <= current.seq) return "unchanged";
    this.#cursor = { start: this.#cursor.start, watermark };
    const caughtUp = watermark.seq === this.head().seq;
    if (caughtUp || watermark.seq - this.#cursorOnDisk >= unwrittenAcks)
      this.#turn ??= setImmediate(() => this.#commitTurn());
    return "advanced";
  }

  beginEpoch(): EpochStart {
    const cursor = cursorAfter(this.#cursor.watermark, asEpoch(randomUUID()));
    this.#guard(() => this.#cursors.write(cursor));
    this.#cursor = cursor;
    return cursor.start;
  }

  received(streamId: StreamId): number {
    return this.#guard(() => this.#captures.received(streamId));
  }

  pending(): readonly PendingStream[] {
    return this.#guard(() => this.#captures.pending());
  }

  find(key: string): Entry | undefined {
    return this.#guard(() => this.#entries.find(key));
  }

  latest(kinds: readonly EntryKind[], limit: number, range: EntryRange = {}): readonly Entry[] {
    return this.#guard(() => this.#entries.latest(kinds, limit, range));
  }

  lastCounter(proof: string): number | undefined {
    return this.#guard(() => this.#proofs.last(proof));
  }

  openVisits(): readonly Entry[] {
    return this.#guard(() => this.#openVisits.all().flatMap((seq) => this.#entries.at(seq) ?? []));
  }

  captured(streamId: StreamId, startOffset: number, endOffset: number): Uint8Array {
    return this.#guard(() => this.#captures.bytes(streamId, startOffset, endOffset));
  }

  async grown(seq: Seq, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      while (this.head().seq <= seq) await Promise.race([this.#growth.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Bounds the file to that many pages of 8 KiB; beyond, writes are refused as on a full disk. */
  limitPages(pages: number): void {
    this.#database.pragma(`max_page_count = ${pages}`);
  }

  /** Commits what is queued and closes the file. */
  [Symbol.dispose](): void {
    if (!this.#database.open) return;
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    while (this.#queue.length > 0) this.#commitGroup();
    this.#commitGroup();
    this.#database.close();
  }

  #firstCursor(seal: Seal): Cursor {
    const cursor = cursorAfter({ seq: 0 as Seq, hash: seal.genesis }, asEpoch(randomUUID()));
    this.#cursors.write(cursor);
    return cursor;
  }

  #commitTurn(): void {
    this.#turn = undefined;
    this.#commitGroup();
    if (this.#queue.length > 0) this.#turn ??= setImmediate(() => this.#commitTurn());
  }

  #commitGroup(): void {
    const before = this.#entries.head.seq;
    this.#commit(this.#nextGroup());
    if (this.#entries.head.seq === before) return;
    const growth = this.#growth;
    this.#growth = Promise.withResolvers<void>();
    growth.resolve();
  }

  /** One transaction. When it fails, each change is tried alone, so that one bad change does not refuse its neighbours. */
  #commit(group: readonly Waiting[]): void {
    const headBefore = this.#entries.head;
    const cursor = this.#cursor;
    try {
      const answers = this.#transaction(group, cursor);
      this.#cursorOnDisk = cursor.watermark.seq;
      group.forEach(({ resolve }, index) => resolve(answers[index] ?? []));
    } catch (error) {
      this.#entries.head = headBefore;
      const [first, ...rest] = group;
      if (rest.length === 0) first?.reject(this.#failure(error));
      else for (const waiting of group) this.#commit([waiting]);
    }
  }

  #nextGroup(): readonly Waiting[] {
    const queue = this.#queue;
    let end = 0;
    for (let size = 0; end < queue.length && size < groupSize; end += 1) size += sizeOf(queue[end]);
    this.#queue = queue.slice(end);
    return end === queue.length ? queue : queue.slice(0, end);
  }

  #transaction(group: readonly Waiting[], cursor: Cursor): readonly (readonly Appended[])[] {
    this.#begin.run();
    try {
      const drafts: Draft[] = [];
      for (const { change } of group) {
        this.#keep(change);
        if (change.drafts !== undefined) drafts.push(...change.drafts);
      }
      const answers = this.#entries.append(drafts);
      for (const answer of answers) if (answer.status === "recorded") this.#noteWhatFollows(answer.entry);
      if (cursor.watermark.seq !== this.#cursorOnDisk) this.#cursors.write(cursor);
      this.#end.run();
      return answersByChange(group, answers);
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #keep({ captured, proofs, settled }: Change): void {
    if (proofs !== undefined) this.#proofs.noteAll(proofs);
    if (captured !== undefined) for (const piece of captured) this.#captures.keep(piece);
    if (settled !== undefined) this.#captures.settle(settled.streamId, settled.upTo);
  }

  #noteWhatFollows(entry: Entry): void {
    this.#proofs.note(entry);
    this.#openVisits.note(entry, entry.seq);
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): StoreloopError {
    const failure = asLedgerError(error, this.#file);
    if (failure.code === "LEDGER_CORRUPT" && !this.#isCorrupt) {
      this.#isCorrupt = true;
      this.#onCorrupt(failure);
    }
    return failure;
  }
}

function sizeOf(waiting: Waiting | undefined): number {
  return (waiting?.change.drafts?.length ?? 0) + (waiting?.change.captured?.length ?? 0);
}

function answersByChange(group: readonly Waiting[], answers: readonly Appended[]): readonly (readonly Appended[])[] {
  let end = 0;
  return group.map(({ change }) => {
    const start = end;
    end += change.drafts?.length ?? 0;
    return answers.slice(start, end);
  });
}
