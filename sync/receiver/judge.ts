import type { BatchEntry, ReceivedBatch } from "../protocol/batch.ts";
import type { WireEpoch, WirePosition } from "../protocol/epoch.ts";
import { sameHash } from "../protocol/message.ts";

/** An epoch as the receiver knows it: where it begins and how far it is stored. */
export interface KnownEpoch extends WireEpoch {
  readonly mark: WirePosition;
}

/** What a batch is to an epoch (PROTOCOL.md section 9). */
export type Judgement =
  /** It begins too far on. */
  | { readonly type: "gap" }
  | { readonly type: "fork"; readonly why: string }
  /** It ends before the watermark: it agrees if the stored entry at `last.seq` has `last.hash`. */
  | { readonly type: "older"; readonly last: WirePosition }
  /** It goes on from the watermark with these entries, none when it ends there. */
  | { readonly type: "fresh"; readonly entries: readonly BatchEntry[] };

/** Judges a batch that holds together in itself against what is stored of its epoch. */
export function judge(known: KnownEpoch, batch: ReceivedBatch): Judgement {
  const { mark } = known;
  if (batch.epoch.firstSeq !== known.firstSeq || !sameHash(batch.epoch.baseHash, known.baseHash)) {
    return { type: "fork", why: `epoch said to begin at entry ${batch.epoch.firstSeq}, known to at ${known.firstSeq}` };
  }
  if (batch.firstSeq > mark.seq + 1) return { type: "gap" };
  const last = batch.firstSeq + batch.count - 1;
  if (last < mark.seq) return { type: "older", last: { seq: last, hash: batch.lastHash } };
  const atMark = batch.entries[mark.seq - batch.firstSeq]?.hash ?? batch.previousHash;
  if (!sameHash(atMark, mark.hash)) return { type: "fork", why: `contents differ at or before entry ${mark.seq}` };
  return { type: "fresh", entries: batch.entries.slice(mark.seq - batch.firstSeq + 1) };
}
