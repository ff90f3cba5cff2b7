import type { DeviceId, LaneId } from "./ids.ts";
import type { Transaction } from "./transaction.ts";

/** One finished stretch of a print stream. */
export interface Slip {
  /** Stream position of its first byte that is not paper feed; the feeds before it are its own all the same. */
  readonly startOffset: number;
  /** Stream position after its last byte: the bytes before it are accounted for once the slip is recorded. */
  readonly endOffset: number;
  /** What it says; absent when nothing was printed (feeds after a cut, a drawer kick, a status request). */
  readonly transaction?: Transaction;
  /** Content identity: the same slip printed again has the same one. Absent when the slip does not identify itself. */
  readonly contentKey?: string;
}

/**
 * Reads slips out of the bytes of one stream. Deterministic: the same bytes from the same offset, with the same flushes, give the
 * same slips, however they were split. Never throws on bytes.
 */
export interface SlipReader {
  feed(bytes: Uint8Array): readonly Slip[];
  /**
   * The line fell silent. What was printed so far is handed out if it is whole by its layout; otherwise it is kept, since the POS may
   * only be slow.
   */
  idle(): readonly Slip[];
  /**
   * What is left is handed out, flagged `truncated` when it is not whole. Where no layout tells, it is whole if the POS `closed` the line,
   * and not if it was `lost`. Bytes fed afterwards begin a new slip.
   */
  end(how?: "closed" | "lost"): readonly Slip[];
}

/** Makes a reader for the bytes of a device from a stream position on. */
export type NewSlipReader = (source: { deviceId: DeviceId; laneId: LaneId; startOffset: number }) => SlipReader;

/** Masks card numbers in a stream before it is kept. Lengths do not change; a short tail may be held back until more is known. */
export interface Redactor {
  /** Takes the next bytes and hands out what is decided. */
  push(bytes: Uint8Array): Uint8Array;
  /** Hands out what is held back. What is pushed afterwards still continues it: the rest of a card number is masked. */
  flush(): Uint8Array;
}

/** Makes a redactor for one stream. */
export type NewRedactor = () => Redactor;
