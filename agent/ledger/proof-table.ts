import type { Draft, Evidence } from "../core/entry.ts";
import type { Sqlite } from "./sqlite.native.ts";

/** Which proofs were recorded, and up to which counter. Follows from the touches; writes happen inside the caller's transaction. */
export class ProofTable {
  readonly #note;
  readonly #last;

  constructor(database: Sqlite) {
    this.#note = database.prepare<[string, number]>(
      "INSERT INTO proof (proof, counter) VALUES (?, ?) ON CONFLICT (proof) DO UPDATE SET counter = max(counter, excluded.counter)",
    );
    this.#last = database.prepare<[string], { counter: number }>("SELECT counter FROM proof WHERE proof = ?");
  }

  /** Takes note of the proofs in a recorded touch. */
  note(draft: Draft): void {
    if (draft.kind === "touch") this.noteAll(draft.data.evidence);
  }

  /** Takes note of the proofs in evidence. */
  noteAll(evidence: readonly Evidence[]): void {
    for (const { proof, counter } of evidence) if (proof !== undefined) this.#note.run(proof, counter ?? 0);
  }

  /** The highest counter recorded with a proof. */
  last(proof: string): number | undefined {
    return this.#last.get(proof)?.counter;
  }
}
