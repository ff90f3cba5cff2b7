import { isBlack, type Bitmap } from "../../agent/core/paper.ts";

/** A bitmap from rows of `#` (black) and anything else (white); all rows are equally long. */
export function bitmapOf(rows: readonly string[]): Bitmap {
  const width = rows[0]?.length ?? 0;
  return { width, height: rows.length, bits: Uint8Array.from(rows.flatMap(rowOf)) };
}

function rowOf(row: string): number[] {
  return Array.from({ length: Math.ceil(row.length / 8) }, (_, byte) =>
    Array.from({ length: 8 }, (_bit, bit) => (row[byte * 8 + bit] === "#" ? 0x80 >> bit : 0)).reduce(
      (a, b) => a | b,
      0,
    ),
  );
}

/** The rows of a bitmap as {@link bitmapOf} takes them, with `.` for white. */
export function drawn(bitmap: Bitmap): string[] {
  return Array.from({ length: bitmap.height }, (_, y) =>
    Array.from({ length: bitmap.width }, (_column, x) => (isBlack(bitmap, x, y) ? "#" : ".")).join(""),
  );
}

/** Its bytes row by row. */
export function rowBytes({ bits }: Bitmap): readonly number[] {
  return [...bits];
}

/** Its bytes column by column, each from the top. */
export function columnBytes(bitmap: Bitmap): readonly number[] {
  const rows = drawn(bitmap);
  return Array.from({ length: bitmap.width }, (_, x) => rowOf(rows.map((row) => row[x]).join(""))).flat();
}
