import type { Bitmap } from "../../agent/core/paper.ts";

/** A picture in a command: its dots and how many printer dots one of them takes. */
export interface RasterImage {
  readonly bitmap: Bitmap;
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Dots beyond these are noise: no receipt printer is wider, and no picture longer. */
const maxWidth = 4096;
const maxHeight = 16_384;

/**
 * Reads the picture that a command prints or stores, from its whole bytes: `ESC *`, `GS v 0`, `GS Q 0`, `GS *`, `GS ( L` and `GS 8 L`
 * with data, one picture of `FS q` (see {@link storedImagesOf}); Star's `ESC X`, `ESC K`, `ESC L`, `ESC k` and `ESC GS S`. Data that is
 * missing is white; dots off any paper are left out. `undefined` when the command holds no picture. Never throws.
 */
export function readImage(command: Uint8Array): RasterImage | undefined {
  const [first = 0, second = 0, third = 0] = command;
  const read =
    first === GS ? epson[second] : first === ESC ? (second === GS ? starRaster(third) : columns[second]) : undefined;
  const image = read?.(command);
  return image === undefined || image.bitmap.width === 0 || image.bitmap.height === 0 ? undefined : image;
}

/** The pictures that `FS q` and Star's `ESC FS q` store: `n [xL xH yL yH d...]...`, `at` being where `n` stands. In units of 8 dots. */
export function storedImagesOf(command: Uint8Array, at: number): readonly RasterImage[] {
  const images: RasterImage[] = [];
  let from = at + 1;
  for (let left = command[at] ?? 0; left > 0 && from + 4 <= command.length; left -= 1) {
    const x = word(command, from);
    const y = word(command, from + 2);
    images.push(plain(fromColumns(command.subarray(from + 4), x * 8, y)));
    from += 4 + x * y * 8;
  }
  return images;
}

type Reader = (command: Uint8Array) => RasterImage | undefined;

const ESC = 0x1b;
const GS = 0x1d;

/** By the second byte, after GS (Epson ESC/POS command reference). */
const epson: Readonly<Record<number, Reader>> = {
  // GS v 0 m xL xH yL yH: bit 0 of m doubles the width, bit 1 the height.
  0x76: (c) => doubled(fromRows(c.subarray(8), word(c, 4) * 8, word(c, 6)), c[3] ?? 0),
  // GS Q 0 m xL xH yL yH: x columns of y bytes.
  0x51: (c) => doubled(fromColumns(c.subarray(8), word(c, 4), word(c, 6)), c[3] ?? 0),
  // GS * x y: 8x columns of y bytes.
  0x2a: (c) => plain(fromColumns(c.subarray(4), (c[2] ?? 0) * 8, c[3] ?? 0)),
  0x28: (c) => (c[2] === 0x4c ? graphics(c.subarray(5)) : undefined),
  0x38: (c) => (c[2] === 0x4c ? graphics(c.subarray(7)) : undefined),
};

/** `ESC * m`: bytes a column and printer dots a dot, by mode. */
const columnModes: Readonly<Record<number, readonly [bytes: number, scaleX: number, scaleY: number]>> = {
  0: [1, 2, 3],
  1: [1, 1, 3],
  32: [3, 2, 1],
  33: [3, 1, 1],
};

/** By the second byte, after ESC. The column images of Star have the lengths of other commands in ESC/POS, which are shorter. */
const columns: Readonly<Record<number, Reader>> = {
  0x2a: (c) => {
    // Star's raster mode begins with the same two bytes and an r.
    if (c[2] === 0x72) return undefined;
    const [bytes, scaleX, scaleY] = columnModes[c[2] ?? 0] ?? [1, 1, 3];
    return { bitmap: fromColumns(c.subarray(5), word(c, 3), bytes), scaleX, scaleY };
  },
  0x58: (c) => starColumns(c, 3, 1, 1),
  0x4b: (c) => starColumns(c, 1, 2, 3),
  0x4c: (c) => starColumns(c, 1, 1, 3),
  0x6b: (c) => (c.length < 5 ? undefined : plain(fromRows(c.subarray(4), word(c, 2) * 8, 24))),
};

function starColumns(command: Uint8Array, bytes: number, scaleX: number, scaleY: number): RasterImage | undefined {
  if (command.length < 5) return undefined;
  return { bitmap: fromColumns(command.subarray(4), word(command, 2), bytes), scaleX, scaleY };
}

/** `ESC GS S m xL xH yL yH n d...` of StarPRNT. */
function starRaster(code: number): Reader | undefined {
  return code === 0x53 ? (c) => plain(fromRows(c.subarray(9), word(c, 4) * 8, word(c, 6))) : undefined;
}

/**
 * `GS ( L` and `GS 8 L` from `m` on: fn 112 and 113 store for printing, 67 and 83 define raster pictures, 68 and 84 column ones. Of
 * several colours the first is read. Half tones (`a` = 52) hold one bit a dot of each level, and their darkest level is read.
 */
function graphics(body: Uint8Array): RasterImage | undefined {
  const fn = body[1] ?? 0;
  if (fn === 112 || fn === 113) {
    const bitmap = graphicsBits(body.subarray(10), word(body, 6), word(body, 8), fn === 112);
    return { bitmap, scaleX: body[3] === 2 ? 2 : 1, scaleY: body[4] === 2 ? 2 : 1 };
  }
  if (fn !== 67 && fn !== 68 && fn !== 83 && fn !== 84) return undefined;
  return plain(graphicsBits(body.subarray(11), word(body, 6), word(body, 8), fn === 67 || fn === 83));
}

function graphicsBits(data: Uint8Array, width: number, height: number, rows: boolean): Bitmap {
  if (rows) return fromRows(data, width, height);
  const bitmap = fromColumns(data, width, Math.ceil(height / 8));
  const stride = Math.ceil(bitmap.width / 8);
  const shown = Math.min(height, bitmap.height);
  return { width: bitmap.width, height: shown, bits: bitmap.bits.subarray(0, stride * shown) };
}

/** A picture sent row by row, each row in `ceil(width / 8)` bytes. */
export function fromRows(data: Uint8Array, width: number, height: number): Bitmap {
  const shown = { width: Math.min(width, maxWidth), height: Math.min(height, maxHeight, rowsIn(data, width, height)) };
  const stride = Math.ceil(width / 8);
  const kept = Math.ceil(shown.width / 8);
  const bits = new Uint8Array(kept * shown.height);
  for (let y = 0; y < shown.height; y += 1) bits.set(data.subarray(y * stride, y * stride + kept), y * kept);
  return { ...shown, bits };
}

/** Rows there is data for, the last perhaps in part; an announced height costs no memory. */
function rowsIn(data: Uint8Array, width: number, height: number): number {
  return width === 0 ? 0 : Math.min(height, Math.ceil(data.length / Math.ceil(width / 8)));
}

/** A picture sent column by column, each of `bytes` bytes from the top, the high bit uppermost. */
function fromColumns(data: Uint8Array, width: number, bytes: number): Bitmap {
  const seen = bytes === 0 ? 0 : Math.min(width, maxWidth, Math.ceil(data.length / bytes));
  const tall = Math.min(bytes, maxHeight / 8);
  const stride = Math.ceil(seen / 8);
  const bits = new Uint8Array(stride * tall * 8);
  for (let x = 0; x < seen; x += 1) {
    const mask = 0x80 >> (x & 7);
    for (let y = 0; y < tall * 8; y += 1) {
      if ((((data[x * bytes + (y >> 3)] ?? 0) >> (7 - (y & 7))) & 1) === 0) continue;
      const at = y * stride + (x >> 3);
      bits[at] = (bits[at] ?? 0) | mask;
    }
  }
  return { width: seen, height: tall * 8, bits };
}

function plain(bitmap: Bitmap): RasterImage {
  return { bitmap, scaleX: 1, scaleY: 1 };
}

/** Bit 0 of `mode` doubles the width, bit 1 the height, as in `GS v 0`, `GS /` and `FS p`. */
export function doubled(bitmap: Bitmap, mode: number): RasterImage {
  return { bitmap, scaleX: 1 + (mode & 1), scaleY: 1 + ((mode >> 1) & 1) };
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
}
