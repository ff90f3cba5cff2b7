import { impossible, undetermined, type Frame } from "./frame.ts";

/** Longest data up to a NUL. */
const maxFormA = 255;

/** What `GS k` with a count looks like once its data is found. */
export interface BarcodeData {
  /** Position of the first byte of the data. */
  readonly from: number;
  /** Position after its last byte. */
  readonly to: number;
  /** Length of the whole command. */
  readonly total: number;
}

/** `GS k m d1..dk NUL`: these symbologies have printable characters only. */
const formA: Frame = (bytes, at, end) => {
  const limit = Math.min(end, at + 3 + maxFormA);
  for (let i = at + 3; i < limit; i += 1) {
    if (bytes[i] === 0) return i + 1 - at;
    if (!printable(bytes[i] ?? 0)) return impossible;
  }
  return limit < end ? impossible : undetermined;
};

/** `GS k m ...` in both forms: `m d1..dk NUL` (m to 6) and `m n d1..dn` (m from 65). */
export const barcode: Frame = (bytes, at, end) => {
  if (end - at < 3) return undetermined;
  const m = bytes[at + 2] ?? 0;
  if (m <= 6) return formA(bytes, at, end);
  if (m < 65 || m > 79) return impossible;
  if (end - at < 4) return undetermined;
  const data = countedBarcode(bytes, at, end);
  return data === undefined ? undetermined : data.total;
};

/**
 * Finds the data of `GS k m n ...`. Some encoders send form B's m with form A's data, without the count and up to a NUL: the byte in
 * the place of n is then the first character. They are told apart by what follows: a NUL after nothing but printable characters,
 * before n bytes are over. `undefined` when more bytes are needed.
 */
export function countedBarcode(bytes: Uint8Array, at: number, end: number): BarcodeData | undefined {
  const n = bytes[at + 3] ?? 0;
  const from = at + 4;
  const to = from + n;
  if (printable(n) && bytes[from] !== 0x7b) {
    for (let i = from; i < to; i += 1) {
      if (i >= end) return undefined;
      const byte = bytes[i] ?? 0;
      if (byte === 0) return { from: from - 1, to: i, total: i + 1 - at };
      if (!printable(byte)) break;
    }
  }
  return { from, to, total: 4 + n };
}

function printable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}
