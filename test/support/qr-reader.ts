import { isBlack, type Bitmap } from "../../agent/core/paper.ts";

/**
 * Error correction codewords a block and [blocks, data codewords] groups for versions 1 to 10, by level (ISO/IEC 18004, table 9).
 * Only what the tests need.
 */
const blocks: Readonly<
  Record<"L" | "M", readonly (readonly [correction: number, ...groups: readonly (readonly [number, number])[]])[]>
> = {
  L: [
    [7, [1, 19]],
    [10, [1, 34]],
    [15, [1, 55]],
    [20, [1, 80]],
    [26, [1, 108]],
    [18, [2, 68]],
    [20, [2, 78]],
    [24, [2, 97]],
    [30, [2, 116]],
    [18, [2, 68], [2, 69]],
  ],
  M: [
    [10, [1, 16]],
    [16, [1, 28]],
    [26, [1, 44]],
    [18, [2, 32]],
    [24, [2, 43]],
    [16, [4, 27]],
    [18, [4, 31]],
    [22, [2, 38], [2, 39]],
    [22, [3, 36], [2, 37]],
    [26, [4, 43], [1, 44]],
  ],
};

const alignments: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
];

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** ISO/IEC 18004, table 10. */
const masks: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_r, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

/** Reads a clean QR code of versions 1 to 10 and level L or M, one dot a module; throws on anything else. */
export function readQr(modules: Bitmap): string {
  const version = (modules.width - 17) / 4;
  const format = formatOf(modules);
  const level = format >> 3 === 1 ? "L" : "M";
  if ((format >> 3) & 2) throw new Error("only levels L and M are read");
  const codewords = codewordsOf(modules, version, masks[format & 7] ?? masks[0]!);
  return textOf(dataOf(codewords, blocks[level][version - 1]!), version);
}

/** Five bits of format information beside the upper left finder, unmasked; its error correction is not looked at. */
function formatOf(modules: Bitmap): number {
  let bits = 0;
  for (let column = 0; column < 5; column += 1) bits = bits * 2 + (isBlack(modules, column, 8) ? 1 : 0);
  return bits ^ 0b10101;
}

function isFunction(row: number, column: number, size: number, version: number): boolean {
  const finder = (row < 9 && column < 9) || (row < 9 && column >= size - 8) || (row >= size - 8 && column < 9);
  if (finder || row === 6 || column === 6) return true;
  if (version >= 7 && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11))) return true;
  const centres = alignments[version - 1] ?? [];
  return centres.some((y) =>
    centres.some((x) => {
      const corner = (y === 6 && x === 6) || (y === 6 && x === size - 7) || (y === size - 7 && x === 6);
      return !corner && Math.abs(row - y) <= 2 && Math.abs(column - x) <= 2;
    }),
  );
}

/** Two columns at a time from the right, upwards and downwards in turn. */
function codewordsOf(modules: Bitmap, version: number, mask: (row: number, column: number) => boolean): number[] {
  const size = modules.width;
  const bits: number[] = [];
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let step = 0; step < size; step += 1) {
      const row = upwards ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (!isFunction(row, column, size, version))
          bits.push(Number(isBlack(modules, column, row) !== mask(row, column)));
      }
    }
    upwards = !upwards;
  }
  return Array.from({ length: Math.floor(bits.length / 8) }, (_, at) =>
    Number.parseInt(bits.slice(at * 8, at * 8 + 8).join(""), 2),
  );
}

/** Takes the data codewords of the blocks apart, which are interleaved. */
function dataOf(codewords: readonly number[], [, ...groups]: (typeof blocks)["L"][number]): number[] {
  const lengths = groups.flatMap(([count, length]) => Array.from({ length: count }, () => length));
  const apart: number[][] = lengths.map(() => []);
  let at = 0;
  for (let index = 0; index < Math.max(...lengths); index += 1) {
    lengths.forEach((length, block) => {
      if (index < length) apart[block]?.push(codewords[at++] ?? 0);
    });
  }
  return apart.flat();
}

function textOf(data: readonly number[], version: number): string {
  const bits = data.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  let at = 0;
  const take = (count: number): number => Number.parseInt(bits.slice(at, (at += count)) || "0", 2);
  const bytes: number[] = [];
  for (;;) {
    const mode = at + 4 > bits.length ? 0 : take(4);
    if (mode === 0) return Buffer.from(bytes).toString("utf8");
    if (mode === 4) {
      for (let left = take(version < 10 ? 8 : 16); left > 0; left -= 1) bytes.push(take(8));
    } else if (mode === 2) {
      for (let left = take(version < 10 ? 9 : 11); left > 0; left -= 2) {
        const pair = left > 1 ? take(11) : take(6);
        const text = left > 1 ? alphanumeric[Math.floor(pair / 45)]! + alphanumeric[pair % 45]! : alphanumeric[pair]!;
        bytes.push(...Buffer.from(text));
      }
    } else if (mode === 1) {
      for (let left = take(version < 10 ? 10 : 12); left > 0; left -= 3) {
        const digits = Math.min(left, 3);
        bytes.push(...Buffer.from(String(take([0, 4, 7, 10][digits]!)).padStart(digits, "0")));
      }
    } else throw new Error(`mode ${mode} is not read`);
  }
}
