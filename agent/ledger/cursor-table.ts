import { asEpoch, asSeq, type Epoch } from "../core/ids.ts";
import type { EpochStart, Watermark } from "../core/ledger.ts";
import type { Sqlite } from "./sqlite.native.ts";

interface CursorRow {
  epoch: string;
  first_seq: number;
  base_hash: Buffer;
  acked_seq: number;
  acked_hash: Buffer;
}

/** How far the receiver is and under which epoch. */
export interface Cursor {
  readonly start: EpochStart;
  readonly watermark: Watermark;
}

/** The one row that says how far the receiver is. Writes happen inside the caller's transaction. */
export class CursorTable {
  readonly #read;
  readonly #write;

  constructor(database: Sqlite) {
    this.#read = database.prepare<[], CursorRow>("SELECT * FROM cursor WHERE one = 1");
    this.#write = database.prepare<[string, number, Uint8Array, number, Uint8Array]>(
      "INSERT OR REPLACE INTO cursor (one, epoch, first_seq, base_hash, acked_seq, acked_hash) VALUES (1, ?, ?, ?, ?, ?)",
    );
  }

  read(): Cursor | undefined {
    const row = this.#read.get();
    if (row === undefined) return undefined;
    const epoch = asEpoch(row.epoch);
    return {
      start: { epoch, firstSeq: asSeq(row.first_seq), baseHash: row.base_hash },
      watermark: { epoch, seq: asSeq(row.acked_seq), hash: row.acked_hash },
    };
  }

  write({ start, watermark }: Cursor): void {
    this.#write.run(start.epoch, start.firstSeq, start.baseHash, watermark.seq, watermark.hash);
  }
}

/** The cursor of an epoch that begins right after `watermark`. */
export function cursorAfter(watermark: Pick<Watermark, "seq" | "hash">, epoch: Epoch): Cursor {
  return {
    start: { epoch, firstSeq: asSeq(watermark.seq + 1), baseHash: watermark.hash },
    watermark: { epoch, seq: watermark.seq, hash: watermark.hash },
  };
}
