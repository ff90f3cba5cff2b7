import { isBlack, type Bitmap } from "../core/paper.ts";

/** How a bitmap is put into characters. */
export interface HalfBlockOptions {
  /** Dots across and down that half a character stands for, averaged. */
  readonly dots: number;
  /** White dots around it, in halves of a character. */
  readonly margin: number;
}

/** Share of black dots from which a half is black: fine lines should survive. */
const darkFrom = 0.4;

/** A bitmap in half-block characters, two rows of dots to a line; all lines are equally long. */
export function halfBlocks(bitmap: Bitmap, { dots, margin }: HalfBlockOptions): readonly string[] {
  const width = Math.ceil(bitmap.width / dots);
  const height = Math.ceil(bitmap.height / dots);
  const lines: string[] = [];
  for (let y = -margin; y < height + margin; y += 2) {
    let line = "";
    for (let x = -margin; x < width + margin; x += 1) {
      const upper = isDark(bitmap, x, y, dots);
      const lower = isDark(bitmap, x, y + 1, dots);
      line += upper ? (lower ? "█" : "▀") : lower ? "▄" : " ";
    }
    lines.push(line);
  }
  return lines;
}

function isDark(bitmap: Bitmap, column: number, row: number, dots: number): boolean {
  if (dots === 1) return isBlack(bitmap, column, row);
  let black = 0;
  for (let y = 0; y < dots; y += 1) {
    for (let x = 0; x < dots; x += 1) black += isBlack(bitmap, column * dots + x, row * dots + y) ? 1 : 0;
  }
  return black >= dots * dots * darkFrom;
}
