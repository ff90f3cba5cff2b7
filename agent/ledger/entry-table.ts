import type { Appended, Draft, Entry, EntryKind, StoredEntry } from "../core/entry.ts";
import { asSeq, type Seq } from "../core/ids.ts";
import type { Head } from "../core/ledger.ts";
import type { Seal } from "./seal.ts";
import type { Sqlite } from "./sqlite.native.ts";

interface StoredRow {
  seq: number;
  bytes: Buffer;
  hash: Buffer;
}

/** The append-only table of entries and the head of its hash chain. Writes happen inside the caller's transaction. */
export class EntryTable {
  readonly #seal: Seal;
  readonly #insert;
  readonly #byKey;
  readonly #after;
  readonly #database: Sqlite;
  #head: Head;

  constructor(database: Sqlite, seal: Seal) {
    this.#database = database;
    this.#seal = seal;
    this.#insert = database.prepare<[number, string, string, Uint8Array, Uint8Array]>(
      "INSERT INTO entry (seq, kind, key, bytes, hash) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
    );
    this.#byKey = database.prepare<[string], StoredRow>("SELECT seq, bytes, hash FROM entry WHERE key = ?");
    this.#after = database.prepare<[number, number], StoredRow>(
      "SELECT seq, bytes, hash FROM entry WHERE seq > ? ORDER BY seq LIMIT ?",
    );
    this.#head = this.readHead();
  }

  /** The chain's end, as in memory. */
  get head(): Head {
    return this.#head;
  }

  /** Puts the head back where a failed transaction began. */
  set head(head: Head) {
    this.#head = head;
  }

  /** The chain's end, as on disk. */
  readHead(): Head {
    const row = this.#database
      .prepare<[], StoredRow>("SELECT seq, bytes, hash FROM entry ORDER BY seq DESC LIMIT 1")
      .get();
    return row === undefined ? { seq: asSeq(0), hash: this.#seal.genesis } : { seq: asSeq(row.seq), hash: row.hash };
  }

  /** Appends one draft, or finds the entry that had its key first. */
  append(draft: Draft): Appended {
    const seq = asSeq(this.#head.seq + 1);
    const bytes = this.#seal.encode(draft, seq);
    const hash = this.#seal.chain(this.#head.hash, bytes);
    const { changes } = this.#insert.run(seq, draft.kind, draft.key, bytes, hash);
    if (changes === 1) {
      this.#head = { seq, hash };
      return { status: "recorded", entry: { ...draft, seq } };
    }
    const first = this.find(draft.key);
    if (first === undefined) throw new Error(`entry ${draft.key} neither inserted nor found`);
    return { status: "duplicate", entryId: first.id, seq: first.seq };
  }

  /** The entry with this idempotency key. */
  find(key: string): Entry | undefined {
    const row = this.#byKey.get(key);
    return row === undefined ? undefined : this.#entry(row);
  }

  /** Entries after a place, as they go over the wire. */
  after(seq: Seq, limit: number): StoredEntry[] {
    return this.#after.all(seq, limit).map(stored);
  }

  /** The newest entries of some kinds, newest first. */
  latest(kinds: readonly EntryKind[], limit: number, before: number): Entry[] {
    const rows = this.#database
      .prepare<[number, number], StoredRow>(
        `SELECT seq, bytes, hash FROM entry WHERE kind IN (${literals(kinds)}) AND seq < ? ORDER BY seq DESC LIMIT ?`,
      )
      .all(before, limit);
    return rows.map((row) => this.#entry(row));
  }

  /** The hash at a place; the base hash of the chain at 0. */
  hashAt(seq: Seq): Uint8Array | undefined {
    if (seq === 0) return this.#seal.genesis;
    return this.#after.get(seq - 1, 1)?.hash;
  }

  #entry(row: StoredRow): Entry {
    return { ...this.#seal.decode(row.bytes), seq: asSeq(row.seq) };
  }
}

function stored(row: StoredRow): StoredEntry {
  return { seq: asSeq(row.seq), bytes: row.bytes, hash: row.hash };
}

/** Kinds are names from our own code. Written out, and not bound, they let SQLite see that a partial index serves. */
function literals(kinds: readonly EntryKind[]): string {
  return kinds.map((kind) => `'${kind}'`).join(", ");
}
