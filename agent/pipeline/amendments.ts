import type { AmendedEntry, Entry, TransactionEntry } from "../core/entry.ts";
import type { EntryId } from "../core/ids.ts";
import type { Ledger } from "../core/ledger.ts";

/** Idempotency key of the n-th amendment of a transaction's entry, from 1 without holes: the newest is found by counting. */
export function amendmentKey(entryId: EntryId, amendment: number): string {
  return `amended:${entryId}:${amendment}`;
}

/** The newest amendment of a transaction's entry. */
function latestAmendment(ledger: Pick<Ledger, "find">, entryId: EntryId): AmendedEntry | undefined {
  let latest: AmendedEntry | undefined;
  for (let n = 1; ; n += 1) {
    const entry: Entry | undefined = ledger.find(amendmentKey(entryId, n));
    if (entry?.kind !== "transaction.amended") return latest;
    latest = entry.data;
  }
}

/** How a slip reads now: by its newest amendment, else as it was recorded. */
export function currentReading(
  ledger: Pick<Ledger, "find">,
  entry: { readonly id: EntryId; readonly data: TransactionEntry },
): TransactionEntry | AmendedEntry {
  return latestAmendment(ledger, entry.id) ?? entry.data;
}
