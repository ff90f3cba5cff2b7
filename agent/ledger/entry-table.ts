import type { Appended, Draft, Entry, EntryKind, StoredEntry } from "../core/entry.ts";
import { asSeq, type Seq } from "../core/ids.ts";
import type { EntryRange, Head } from "../core/ledger.ts";
import type { Seal } from "./seal.ts";
import type { Sqlite } from "./sqlite.native.ts";

interface StoredRow {
  seq: number;
  bytes: Buffer;
  hash: Buffer;
}

type Bound = number | string | Uint8Array;

/** Rows that one statement inserts: with more a row costs hardly less, and fewer groups are that large. */
const rowsTogether = 20;

/** The append-only table of entries and the head of its hash chain. Writes happen inside the caller's transaction. */
export class EntryTable {
  readonly #seal: Seal;
  readonly #insert;
  readonly #insertTogether;
  readonly #takeBack;
  readonly #byKey;
  readonly #after;
  readonly #database: Sqlite;
  #head: Head;

  constructor(database: Sqlite, seal: Seal) {
    this.#database = database;
    this.#seal = seal;
    this.#insert = database.prepare<[Bound[]]>(insertOf(1));
    this.#insertTogether = database.prepare<[Bound[]]>(insertOf(rowsTogether));
    this.#takeBack = database.prepare<[number]>("DELETE FROM entry WHERE seq > ?");
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

  /** Appends drafts in order, or finds the entries that had their keys first. One answer a draft. */
  append(drafts: readonly Draft[]): Appended[] {
    const answers: Appended[] = [];
    while (answers.length < drafts.length) {
      const next = drafts.slice(answers.length, answers.length + rowsTogether);
      answers.push(...(this.#appendTogether(next) ?? next.map((draft) => this.#appendOne(draft))));
    }
    return answers;
  }

  /** Appends so many drafts by one statement, at two thirds of the price; undefined, and nothing is appended, when a key is taken. */
  #appendTogether(drafts: readonly Draft[]): readonly Appended[] | undefined {
    if (drafts.length < rowsTogether) return undefined;
    const before = this.#head;
    const { values, entries } = this.#rows(drafts);
    if (this.#insertTogether.run(values).changes === drafts.length) return entries.map(recorded);
    this.#takeBack.run(before.seq);
    this.#head = before;
    return undefined;
  }

  #appendOne(draft: Draft): Appended {
    const before = this.#head;
    const { values, entries } = this.#rows([draft]);
    const [entry] = entries;
    if (this.#insert.run(values).changes === 1 && entry !== undefined) return recorded(entry);
    this.#head = before;
    const first = this.find(draft.key);
    if (first === undefined) throw new Error(`entry ${draft.key} neither inserted nor found`);
    return { status: "duplicate", entryId: first.id, seq: first.seq };
  }

  /** The drafts as entries at the chain's end, with the values of their rows. Moves the head behind them. */
  #rows(drafts: readonly Draft[]): { readonly entries: readonly Entry[]; readonly values: Bound[] } {
    const sealed = this.#seal.chainFrom(this.#head.hash);
    const entries: Entry[] = [];
    const values: Bound[] = [];
    let { seq, hash } = this.#head;
    for (const draft of drafts) {
      seq = asSeq(seq + 1);
      const entry: Entry = { ...draft, seq };
      const row = sealed(entry);
      entries.push(entry);
      values.push(seq, entry.kind, entry.key, row.bytes, row.hash);
      hash = row.hash;
    }
    // A copy: the memory of the others is used again.
    this.#head = { seq, hash: new Uint8Array(hash) };
    return { entries, values };
  }

  /** The entry with this idempotency key. */
  find(key: string): Entry | undefined {
    const row = this.#byKey.get(key);
    return row === undefined ? undefined : this.#entry(row);
  }

  /** The entry at a place. */
  at(seq: Seq): Entry | undefined {
    const row = this.#after.get(seq - 1, 1);
    return row?.seq === seq ? this.#entry(row) : undefined;
  }

  /** Entries after a place, as they go over the wire. */
  after(seq: Seq, limit: number): StoredEntry[] {
    return this.#after.all(seq, limit).map(stored);
  }

  /** The newest entries of some kinds, newest first. */
  latest(kinds: readonly EntryKind[], limit: number, { before, after, containing }: EntryRange): Entry[] {
    const conditions = [`kind IN (${literals(kinds)})`, "seq < ?"];
    const values: Bound[] = [before ?? Number.MAX_SAFE_INTEGER];
    if (after !== undefined) {
      conditions.push("seq > ?");
      values.push(after);
    }
    if (containing !== undefined) {
      conditions.push(`(${containing.map(() => "instr(bytes, ?) > 0").join(" OR ") || "FALSE"})`);
      values.push(...containing.map((text) => Buffer.from(JSON.stringify(text))));
    }
    const rows = this.#database
      .prepare<[Bound[]], StoredRow>(
        `SELECT seq, bytes, hash FROM entry WHERE ${conditions.join(" AND ")} ORDER BY seq DESC LIMIT ?`,
      )
      .all([...values, limit]);
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

function insertOf(rows: number): string {
  const places = Array<string>(rows).fill("(?, ?, ?, ?, ?)").join(", ");
  return `INSERT INTO entry (seq, kind, key, bytes, hash) VALUES ${places} ON CONFLICT (key) DO NOTHING`;
}

function recorded(entry: Entry): Appended {
  return { status: "recorded", entry };
}

function stored(row: StoredRow): StoredEntry {
  return { seq: asSeq(row.seq), bytes: row.bytes, hash: row.hash };
}

/** Kinds are names from our own code. Written out, and not bound, they let SQLite see that a partial index serves. */
function literals(kinds: readonly EntryKind[]): string {
  return kinds.map((kind) => `'${kind}'`).join(", ");
}
