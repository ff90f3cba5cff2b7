import { setImmediate as nextTurn } from "node:timers/promises";
import { asSeq, type Seq } from "../core/ids.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Seal } from "./seal.ts";

/** Entries hashed before other work gets its turn: about 10 ms. */
const slice = 1000;

/** What a walk along the hash chain found. */
export type ChainReport =
  | { readonly ok: true; readonly entries: number }
  /** `brokenAt` is the first place whose number or hash is not what the entries before it require. */
  | { readonly ok: false; readonly entries: number; readonly brokenAt: Seq };

/** Recomputes the hash of every entry from the first on, in slices, so that a running daemon keeps serving its devices. */
export async function verifyChain(ledger: Ledger, seal: Seal, signal?: AbortSignal): Promise<ChainReport> {
  const end = ledger.head().seq;
  let seq = asSeq(0);
  let hash = seal.genesis;
  while (seq < end) {
    const entries = ledger.read(seq, slice);
    if (entries.length === 0) return { ok: false, entries: seq, brokenAt: asSeq(seq + 1) };
    for (const entry of entries) {
      hash = seal.chain(hash, entry.bytes);
      const sound = entry.seq === seq + 1 && Buffer.compare(hash, entry.hash) === 0;
      if (!sound) return { ok: false, entries: seq, brokenAt: asSeq(seq + 1) };
      seq = entry.seq;
    }
    await nextTurn();
    signal?.throwIfAborted();
  }
  return { ok: true, entries: seq };
}
