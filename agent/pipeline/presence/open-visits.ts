import type { EntryKind, VisitStartedEntry } from "../../core/entry.ts";
import type { EntryId } from "../../core/ids.ts";
import type { Ledger } from "../../core/ledger.ts";
import type { Instant } from "../../core/time.ts";

/** What the end of a visit has to say of its beginning. */
export interface Began {
  readonly startedEntryId: EntryId;
  readonly isTest?: true;
}

/** A visit that the ledger knows the beginning of, and no end. */
interface Unended {
  readonly id: EntryId;
  readonly entry: VisitStartedEntry;
  /** When the agent is last known to have been at work with the visit open: the beacon was heard then, give or take `silentMs`. */
  readonly seenAt: Instant;
}

/** What is recorded while the agent is at work; its start comes before it hears anything. */
const signsOfWork: readonly EntryKind[] = [
  "transaction",
  "transaction.repeat",
  "touch",
  "scan",
  "link",
  "visit.started",
  "visit.ended",
];

/** The visits that have begun and not ended, oldest first. */
export function openVisits(ledger: Ledger): readonly Unended[] {
  const open = ledger.openVisits();
  // At least the beginning of the latest visit is there.
  const [last] = open.length === 0 ? [] : ledger.latest(signsOfWork, 1);
  return open.flatMap(({ id, kind, at, data }) =>
    kind === "visit.started" ? [{ id, entry: data, seenAt: last?.at ?? at }] : [],
  );
}
