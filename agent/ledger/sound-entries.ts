import type { Draft } from "../core/entry.ts";
import type { ReadableEntry } from "./readable-rows.ts";
import type { Seal } from "./seal.ts";

/** An entry that is what was once written, as far as can be told. */
export interface SoundEntry {
  readonly entry: ReadableEntry;
  readonly draft: Draft;
}

interface Previous {
  readonly seq: number;
  /** The chain hash there: as written, and as it follows from the content. Either may be the damaged one. */
  readonly hashes: readonly Uint8Array[];
  /** Whether one of them is right for certain: only then can they speak against the entry after it. */
  readonly certain: boolean;
}

/**
 * Leaves out entries that are damaged. An entry after a proven one must follow from it along the chain (PROTOCOL.md section 3). The
 * first one after a hole cannot be proved: it must at least be an entry that has its own key.
 */
export function* soundEntries(entries: Iterable<ReadableEntry>, seal: Seal): Generator<SoundEntry> {
  let previous: Previous = { seq: 0, hashes: [seal.genesis], certain: true };
  for (const [entry, next] of withNext(entries)) {
    const before: Previous =
      previous.seq === entry.seq - 1 ? previous : { seq: entry.seq - 1, hashes: [], certain: false };
    const proven = before.hashes
      .map((hash) => seal.chain(hash, entry.bytes))
      .find((hash) => entry.hash.equals(hash) || leadsTo(hash, entry, next, seal));
    const draft = proven === undefined && before.certain ? undefined : draftOf(entry, seal);
    if (draft !== undefined) yield { entry, draft };
    const hashes = proven === undefined ? [entry.hash] : [entry.hash, proven];
    previous = { seq: entry.seq, hashes, certain: proven !== undefined };
  }
}

/** Whether the next entry stands on this hash: then the content is right and the hash written beside it is damaged. */
function leadsTo(hash: Uint8Array, { seq }: ReadableEntry, next: ReadableEntry | undefined, seal: Seal): boolean {
  return next?.seq === seq + 1 && next.hash.equals(seal.chain(hash, next.bytes));
}

function draftOf(entry: ReadableEntry, seal: Seal): Draft | undefined {
  try {
    const draft = seal.decode(entry.bytes);
    return draft.key === entry.key && draft.kind === entry.kind ? draft : undefined;
  } catch {
    return undefined;
  }
}

function* withNext<T>(items: Iterable<T>): Generator<readonly [T, T | undefined]> {
  let held: { readonly item: T } | undefined;
  for (const item of items) {
    if (held !== undefined) yield [held.item, item];
    held = { item };
  }
  if (held !== undefined) yield [held.item, undefined];
}
