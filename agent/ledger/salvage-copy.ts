import { randomUUID } from "node:crypto";
import type { Draft } from "../core/entry.ts";
import { asEpoch, asSeq } from "../core/ids.ts";
import type { Head } from "../core/ledger.ts";
import { cursorAfter, CursorTable } from "./cursor-table.ts";
import { OpenVisitTable } from "./open-visit-table.ts";
import { ProofTable } from "./proof-table.ts";
import type { ReadableRows, ReadableStream } from "./readable-rows.ts";
import type { Seal } from "./seal.ts";
import { soundEntries } from "./sound-entries.ts";
import type { Sqlite } from "./sqlite.native.ts";

/** How much of a corrupt ledger could be saved. */
export interface SalvageCounts {
  readonly entries: number;
  /** Places before the last saved entry from which nothing could be saved. How many stood after it nobody knows. */
  readonly lost: number;
  /** Pieces of print bytes. */
  readonly pieces: number;
  /** Pieces of streams of which nothing else could be read. They are in the set-aside file only. */
  readonly strayPieces: number;
  /** Up to here the receiver is known to have what the new ledger has; shipping begins after it. */
  readonly watermarkSeq: number;
}

/** The entries in their new places. */
interface CopiedEntries {
  readonly entries: number;
  readonly lost: number;
  readonly watermark: Head;
  /** Where the last saved slip of a stream ends. */
  readonly slipEnds: ReadonlyMap<string, number>;
}

/** Puts what is readable of a ledger in the place of everything in another one, in one transaction (docs/adr/0008). */
export function copyReadable(rows: ReadableRows, target: Sqlite, seal: Seal): SalvageCounts {
  return target.transaction(() => {
    // What a salvage that was killed had copied.
    target.exec(
      "DELETE FROM capture; DELETE FROM stream; DELETE FROM entry; DELETE FROM cursor; DELETE FROM proof; DELETE FROM open_visit",
    );
    const { entries, lost, watermark, slipEnds } = copyEntries(rows, target, seal);
    new CursorTable(target).write(cursorAfter(watermark, asEpoch(randomUUID())));
    return { entries, lost, ...copyStreams(rows, target, slipEnds), watermarkSeq: watermark.seq };
  })();
}

function copyEntries(rows: ReadableRows, target: Sqlite, seal: Seal): CopiedEntries {
  const insert = target.prepare<[number, string, string, Uint8Array, Uint8Array]>(
    "INSERT INTO entry (seq, kind, key, bytes, hash) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
  );
  const proofs = new ProofTable(target);
  const openVisits = new OpenVisitTable(target);
  const slipEnds = new Map<string, number>();
  const genesis: Head = { seq: asSeq(0), hash: seal.genesis };
  const { mark } = rows;
  let head = genesis;
  let oldSeq = 0;
  let agreed = genesis;
  let isMarkProven = false;
  for (const { entry, draft } of soundEntries(rows.entries(), seal)) {
    const seq = asSeq(head.seq + 1);
    const isInPlace = entry.seq === seq;
    // `sequence` in the bytes is the place (PROTOCOL.md section 2): at another place they are written anew, with the same id and key.
    const bytes = isInPlace ? entry.bytes : seal.encode(draft, seq);
    const hash = seal.chain(head.hash, bytes);
    if (insert.run(seq, entry.kind, entry.key, bytes, hash).changes === 0) continue;
    head = { seq, hash };
    oldSeq = entry.seq;
    if (isInPlace && mark !== undefined && seq <= mark.seq) agreed = head;
    isMarkProven ||= entry.seq === mark?.seq && (mark.hash.equals(hash) || mark.hash.equals(entry.hash));
    proofs.note(draft);
    openVisits.note(draft, seq);
    noteSlipEnd(slipEnds, draft);
  }
  // With a mark that proves nothing everything is shipped again, and the receiver knows what it has.
  return { entries: head.seq, lost: oldSeq - head.seq, watermark: isMarkProven ? agreed : genesis, slipEnds };
}

function noteSlipEnd(ends: Map<string, number>, { kind, data }: Draft): void {
  if (kind !== "transaction" && kind !== "transaction.repeat") return;
  ends.set(data.streamId, Math.max(ends.get(data.streamId) ?? 0, data.endOffset));
}

/** Print bytes in their places. Those after the last saved slip of their stream are open: if a slip in them is lost, it is read again. */
function copyStreams(
  rows: ReadableRows,
  target: Sqlite,
  slipEnds: ReadonlyMap<string, number>,
): Pick<SalvageCounts, "pieces" | "strayPieces"> {
  const insert = target.prepare<[number, string, string, string]>(
    "INSERT OR IGNORE INTO stream (number, stream_id, device_id, lane_id) VALUES (?, ?, ?, ?)",
  );
  const close = target.prepare<[number, number, number]>(
    "UPDATE stream SET received_to = ?, settled_to = ? WHERE number = ?",
  );
  const streams = new Map<number, ReadableStream>();
  for (const stream of rows.streams()) {
    const { number, streamId, deviceId, laneId } = stream;
    if (insert.run(number, streamId, deviceId, laneId).changes === 1) streams.set(number, stream);
  }
  const { ends, ...counts } = copyPieces(rows, target, streams);
  for (const { number, streamId } of streams.values()) {
    const settled = slipEnds.get(streamId) ?? 0;
    close.run(Math.max(settled, ends.get(number) ?? 0), settled, number);
  }
  return counts;
}

interface CopiedPieces extends Pick<SalvageCounts, "pieces" | "strayPieces"> {
  /** Where the last piece of a stream ends. */
  readonly ends: ReadonlyMap<number, number>;
}

function copyPieces(rows: ReadableRows, target: Sqlite, streams: ReadonlyMap<number, unknown>): CopiedPieces {
  const insert = target.prepare<[number, number, number, number, string, number, Uint8Array]>(
    "INSERT INTO capture (stream, byte_offset, wall_ms, monotonic_ms, boot_id, trusted, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const ends = new Map<number, number>();
  let pieces = 0;
  let strayPieces = 0;
  for (const { stream, offset, wallMs, monotonicMs, bootId, trusted, bytes } of rows.pieces()) {
    if (!streams.has(stream)) strayPieces += 1;
    // Another copy of a piece begins where the first does.
    if (!streams.has(stream) || offset < (ends.get(stream) ?? 0)) continue;
    insert.run(stream, offset, wallMs, monotonicMs, bootId, trusted, bytes);
    ends.set(stream, offset + bytes.length);
    pieces += 1;
  }
  return { ends, pieces, strayPieces };
}
