import type { VisitStartedEntry } from "../../core/entry.ts";
import type { EntryId, Seq } from "../../core/ids.ts";
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
  /** `seenAt`: when it was recorded, the last that is known of the beacon. */
  readonly entry: VisitStartedEntry & { readonly seenAt: Instant };
}

/** Entries read at a time, and how often: beginnings and ends of weeks. */
const page = 500;
const mostPages = 20;

/** The visits that have begun and not ended, oldest first, as far as the latest 10,000 beginnings and ends tell. */
export function openVisits(ledger: Ledger): readonly Unended[] {
  const ended = new Set<string>();
  const open: Unended[] = [];
  let before: Seq | undefined;
  for (let read = 0; read < mostPages; read += 1) {
    const entries = ledger.latest(["visit.started", "visit.ended"], page, before);
    for (const { id, at, kind, data } of entries) {
      if (kind === "visit.ended") ended.add(data.visitId);
      if (kind === "visit.started" && !ended.has(data.visitId)) open.push({ id, entry: { ...data, seenAt: at } });
    }
    before = entries.at(-1)?.seq;
    if (entries.length < page) break;
  }
  return open.toReversed();
}
