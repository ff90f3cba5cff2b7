import type { Entry } from "../../agent/core/entry.ts";
import type { Ledger } from "../../agent/core/ledger.ts";
import { FailingLedger } from "./failing-ledger.ts";

/** A real ledger that counts the entries it is made to look up. */
export class CountingLedger extends FailingLedger {
  entriesGiven = 0;

  constructor(ledger: Ledger) {
    super(ledger, () => undefined);
  }

  override latest(...asked: Parameters<Ledger["latest"]>): readonly Entry[] {
    const entries = super.latest(...asked);
    this.entriesGiven += entries.length;
    return entries;
  }
}
