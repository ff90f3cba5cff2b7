import type { StoredEntry } from "../agent/core/entry.ts";
import { StoreloopError } from "../agent/core/errors.ts";
import type { Head, Ledger } from "../agent/core/ledger.ts";
import type { Batch } from "../agent/core/uplink.ts";
import { chainHash } from "./protocol/chain.ts";

/** How much goes into one batch. */
export interface BatchLimits {
  readonly entries: number;
  /** Bytes of entries; one entry alone may be longer. */
  readonly bytes: number;
}

/**
 * The entries after `after` as a batch; `none` when there are none yet, `hole` when the ledger no longer has the next one.
 *
 * @throws StoreloopError LEDGER_CORRUPT when they are not what was written: the receiver would refuse them for ever.
 */
export function nextBatch(ledger: Ledger, after: Head, limits: BatchLimits): Batch | "none" | "hole" {
  const entries = upToBytes(ledger.read(after.seq, limits.entries), limits.bytes);
  const first = entries[0];
  if (first === undefined) return "none";
  if (first.seq !== after.seq + 1) return "hole";
  let { hash } = after;
  for (const entry of entries) {
    hash = chainHash(hash, entry.bytes);
    if (Buffer.compare(hash, entry.hash) !== 0) {
      throw new StoreloopError("LEDGER_CORRUPT", `entry ${entry.seq} does not follow from the one before`);
    }
  }
  return { epoch: ledger.epoch(), previousHash: after.hash, entries };
}

function upToBytes(entries: readonly StoredEntry[], most: number): readonly StoredEntry[] {
  let bytes = 0;
  const cut = entries.findIndex((entry, index) => {
    bytes += entry.bytes.length + 1;
    return index > 0 && bytes > most;
  });
  return cut < 0 ? entries : entries.slice(0, cut);
}
