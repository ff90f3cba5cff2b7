import { PageFile } from "./page-file.ts";
import { rowAt, rowsOn, type FoundRow } from "./record-scan.ts";

const hashBytes = 32;

/** More cells than a page of any size holds. */
const cellsPerPage = 65536;

/** A row of `entry` as it was written. */
export interface ReadableEntry {
  readonly seq: number;
  readonly kind: string;
  readonly key: string;
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

/** A row of `stream`. */
export interface ReadableStream {
  readonly number: number;
  readonly streamId: string;
  readonly deviceId: string;
  readonly laneId: string;
}

/** A row of `capture`. */
export interface ReadablePiece {
  readonly stream: number;
  readonly offset: number;
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly bootId: string;
  readonly trusted: number;
  readonly bytes: Buffer;
}

/** What the row `cursor` says of the receiver. */
export interface ReadableMark {
  readonly seq: number;
  readonly hash: Buffer;
}

/**
 * Every row of a ledger that can still be read, whatever became of the pages that should lead to it. A row is told by its shape, so
 * neither the schema nor the inner pages are needed; a schema step that changes a row must have its old shape kept here. Places are
 * remembered and not contents: memory grows by a few bytes a row.
 */
export class ReadableRows implements Disposable {
  readonly #file: PageFile;
  readonly #entries = new Map<number, number>();
  readonly #pieces: { readonly stream: number; readonly offset: number; readonly place: number }[] = [];
  readonly #streams = new Map<number, ReadableStream>();
  /** Absent when it cannot be read. */
  mark: ReadableMark | undefined;

  constructor(file: string) {
    this.#file = new PageFile(file);
    for (const page of this.#file.numbers()) {
      for (const [cell, row] of rowsOn(this.#file, page)) this.#note(row, page * cellsPerPage + cell);
    }
  }

  /** Entries by their old place. */
  *entries(): Generator<ReadableEntry> {
    for (const seq of [...this.#entries.keys()].toSorted((a, b) => a - b)) {
      const entry = entryOf(this.#row(this.#entries.get(seq)));
      if (entry !== undefined) yield entry;
    }
  }

  /** Streams by their number. */
  streams(): ReadableStream[] {
    return [...this.#streams.values()].toSorted((a, b) => a.number - b.number);
  }

  /** Pieces of print bytes by stream and offset. */
  *pieces(): Generator<ReadablePiece> {
    for (const { place } of this.#pieces.toSorted((a, b) => a.stream - b.stream || a.offset - b.offset)) {
      const piece = pieceOf(this.#row(place));
      if (piece !== undefined) yield piece;
    }
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #row(place: number | undefined): FoundRow | undefined {
    if (place === undefined) return undefined;
    return rowAt(this.#file, Math.floor(place / cellsPerPage), place % cellsPerPage);
  }

  #note(row: FoundRow, place: number): void {
    const entry = entryOf(row);
    const piece = pieceOf(row);
    const stream = streamOf(row);
    // Of several copies any will do: entries, pieces and what is kept of a stream are never changed, and an older mark is one too.
    if (entry !== undefined && !this.#entries.has(entry.seq)) this.#entries.set(entry.seq, place);
    else if (piece !== undefined) this.#pieces.push({ stream: piece.stream, offset: piece.offset, place });
    else if (stream !== undefined && !this.#streams.has(stream.number)) this.#streams.set(stream.number, stream);
    else this.mark ??= markOf(row);
  }
}

function entryOf(row: FoundRow | undefined): ReadableEntry | undefined {
  if (row?.values.length !== 5 || row.rowid < 1) return undefined;
  const [alias, kind, key, bytes, hash] = row.values;
  if (alias !== null || typeof kind !== "string" || typeof key !== "string") return undefined;
  return Buffer.isBuffer(bytes) && isHash(hash) ? { seq: row.rowid, kind, key, bytes, hash } : undefined;
}

function streamOf({ rowid, values }: FoundRow): ReadableStream | undefined {
  if (values.length !== 6) return undefined;
  const [alias, streamId, deviceId, laneId, receivedTo, settledTo] = values;
  if (alias !== null || typeof streamId !== "string" || typeof deviceId !== "string") return undefined;
  if (typeof laneId !== "string" || !isCount(receivedTo) || !isCount(settledTo)) return undefined;
  return { number: rowid, streamId, deviceId, laneId };
}

function pieceOf(row: FoundRow | undefined): ReadablePiece | undefined {
  if (row?.values.length !== 7) return undefined;
  const [stream, offset, wallMs, monotonicMs, bootId, trusted, bytes] = row.values;
  if (!isCount(stream) || !isCount(offset) || !isWhole(wallMs) || typeof monotonicMs !== "number") return undefined;
  if (typeof bootId !== "string" || !isWhole(trusted) || !Buffer.isBuffer(bytes)) return undefined;
  return { stream, offset, wallMs, monotonicMs, bootId, trusted, bytes };
}

function markOf({ rowid, values }: FoundRow): ReadableMark | undefined {
  if (rowid !== 1 || values.length !== 6) return undefined;
  const [alias, epoch, firstSeq, baseHash, seq, hash] = values;
  if (alias !== null || typeof epoch !== "string" || !isCount(firstSeq)) return undefined;
  return isHash(baseHash) && isCount(seq) && isHash(hash) ? { seq, hash } : undefined;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isWhole(value) && value >= 0;
const isHash = (value: unknown): value is Buffer => Buffer.isBuffer(value) && value.length === hashBytes;
