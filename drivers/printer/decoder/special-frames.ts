import { by, computed, count16, fixed, impossible, undetermined, word, type Frame } from "./frame.ts";

/** `ESC D n1..nk NUL`: at most 32 ascending columns; ends at NUL or before the first byte that does not ascend. */
export const tabStops: Frame = (bytes, at, end) => {
  let last = 0;
  for (let i = 2; i < 34; i += 1) {
    if (at + i >= end) return undetermined;
    const column = bytes[at + i] ?? 0;
    if (column === 0) return i + 1;
    if (column <= last) return i;
    last = column;
  }
  return 34;
};

/** `ESC & y c1 c2 [x d1..d(y*x)]...`: user-defined characters, one record a character, none wider than 64 dots. */
export const userCharacters: Frame = (bytes, at, end) => {
  if (end - at < 5) return undetermined;
  const height = bytes[at + 2] ?? 0;
  const first = bytes[at + 3] ?? 0;
  const last = bytes[at + 4] ?? 0;
  if (height > 8 || first < 0x20 || last < first) return impossible;
  let total = 5;
  for (let character = first; character <= last; character += 1) {
    if (at + total >= end) return undetermined;
    const width = bytes[at + total] ?? 0;
    if (width > 64) return impossible;
    total += 1 + height * width;
  }
  return total;
};

/** `ESC * m nL nH`: column bit image; modes 32 and 33 have three bytes a column. No paper is 4096 dots wide. */
export const columnImage: Frame = computed(5, (bytes, at) => {
  const mode = bytes[at + 2];
  const columns = word(bytes, at + 3);
  return columns < 4096 ? 5 + columns * (mode === 32 || mode === 33 ? 3 : 1) : impossible;
});

/**
 * `FS q n [xL xH yL yH d...]...`: the obsolete definition of n images in non-volatile memory, of up to 1023 by 288 times 8 dots (ESC/POS
 * command reference).
 */
export const storedImages: Frame = (bytes, at, end) => imageRecords(bytes, at, at + 2, end);

/** `n [xL xH yL yH d...]...` at `from`: n images of x by y times 8 bytes. Answers the length from `at` on. */
export function imageRecords(bytes: Uint8Array, at: number, from: number, end: number): number {
  if (from >= end) return undetermined;
  let next = from + 1;
  for (let image = bytes[from] ?? 0; image > 0; image -= 1) {
    if (next + 4 > end) return undetermined;
    const width = word(bytes, next);
    const height = word(bytes, next + 2);
    if (width === 0 || width > 1023 || height === 0 || height > 288) return impossible;
    next += 4 + width * height * 8;
  }
  return next - at;
}

/** `GS v 0 m xL xH yL yH` and `GS Q 0 m xL xH yL yH`: raster of x bytes by y rows. */
export const raster: Frame = computed(8, (bytes, at) => 8 + word(bytes, at + 4) * word(bytes, at + 6));

/** `GS * x y`: the downloaded bit image, of up to 2048 times 8 dots (ESC/POS command reference: 1536). */
export const downloadedImage: Frame = computed(4, (bytes, at) => {
  const size = (bytes[at + 2] ?? 0) * (bytes[at + 3] ?? 0);
  return size <= 2048 ? 4 + size * 8 : impossible;
});

/** `GS D m ...`: Windows BMP files to memory, `9 + u32` with the count at byte 11. */
export const bitmapFile: Frame = computed(15, (bytes, at) => 9 + word(bytes, at + 11) + 65_536 * word(bytes, at + 13));

/** `GS C ; sa ; sb ; sn ; sr ; sd ;`: counter mode in decimal text, five fields, each closed by a semicolon. */
const counterText: Frame = (bytes, at, end) => {
  let fields = 0;
  for (let i = at + 3; i < end && i < at + 36; i += 1) {
    if (bytes[i] !== 0x3b) continue;
    fields += 1;
    if (fields === 5) return i + 1 - at;
  }
  return end - at >= 36 ? impossible : undetermined;
};

/** `GS C 0`, `GS C 1`, `GS C 2`, `GS C ;`: the counter. */
export const counter: Frame = by(2, (value) => {
  if (value === 0x3b) return counterText;
  return fixed(value === 1 || value === 0x31 ? 9 : 5);
});

/** Real-time commands: `DLE EOT n [a]`, `DLE DC4 fn ...`. */
export const realTimeStatus: Frame = by(2, (n) => fixed(n === 0 || n === 7 || n === 8 || n === 0x12 ? 4 : 3));

/** `DLE DC4 fn ...`: pulse, power off, buzzer, status, clear. */
export const realTimeRequest: Frame = by(2, (fn) => {
  if (fn === 3) return fixed(8);
  if (fn === 7) return fixed(4);
  return fixed(fn === 8 ? 10 : 5);
});

/** `FS g 1 ...` writes user memory, `FS g 2 ...` reads it. */
export const userMemory: Frame = by(2, (fn) => (fn === 1 || fn === 0x31 ? count16(10) : fixed(10)));

/** `FS } % k d...`: a two-dimensional symbol on Pyramid printers. */
export const pyramidSymbol: Frame = computed(4, (bytes, at) => 4 + (bytes[at + 3] ?? 0));

/** `GS V m`: 3 bytes, or 4 with a feed. */
export const cut: Frame = by(2, (m) => fixed(m >= 65 ? 4 : 3));

/** `ESC 4` and `ESC 5`: two bytes, but some encoders send `ESC 4 n` with n of 0 or 1. */
export const italics: Frame = by(2, (n) => fixed(n <= 1 ? 3 : 2));

/** `ESC W n m ...` on a display: closes window n, or opens it with four more bytes. */
export const displayWindow: Frame = by(3, (m) => fixed(m === 1 || m === 0x31 ? 8 : 4));

/** `FS a n [m]`: reads and writes the check paper. */
export const checkPaper: Frame = by(2, (n) => fixed(n === 0 || n === 0x30 ? 4 : 3));

/** `ESC Z m n k dL dH d...` and `GS k 97 m n dL dH d...` of Chinese printers: a QR code of version m (0 chooses) and n, its correction. */
export const inlineSymbol: Frame = computed(7, (bytes, at) => {
  const version = bytes[at + (bytes[at] === 0x1b ? 2 : 3)] ?? 0;
  const count = word(bytes, at + 5);
  return version <= 40 && count <= 7089 ? 7 + count : impossible;
});
