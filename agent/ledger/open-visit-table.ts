import { asSeq, type Seq } from "../core/ids.ts";
import type { Draft } from "../core/entry.ts";
import type { Sqlite } from "./sqlite.native.ts";

/**
 * Which visits have begun and not ended, by the places of their beginnings: one may last for months, and nobody wants to go through the
 * ledger for it. Follows from the entries; writes happen inside the caller's transaction.
 */
export class OpenVisitTable {
  readonly #begin;
  readonly #end;
  readonly #all;

  constructor(database: Sqlite) {
    this.#begin = database.prepare<[string, number]>("INSERT OR IGNORE INTO open_visit (visit_id, seq) VALUES (?, ?)");
    this.#end = database.prepare<[string]>("DELETE FROM open_visit WHERE visit_id = ?");
    this.#all = database.prepare<[], { seq: number }>("SELECT seq FROM open_visit ORDER BY seq");
  }

  /** Takes note of a recorded entry. */
  note({ kind, data }: Draft, seq: Seq): void {
    if (kind === "visit.started") this.#begin.run(data.visitId, seq);
    else if (kind === "visit.ended") this.#end.run(data.visitId);
  }

  /** Places of the beginnings of all open visits, in order. */
  all(): readonly Seq[] {
    return this.#all.all().map(({ seq }) => asSeq(seq));
  }
}
