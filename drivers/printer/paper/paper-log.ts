import type { Alignment, TextRun } from "../../../agent/core/paper.ts";
import type { PaperTap } from "../decoder/paper-tap.ts";
import { readImage, fromRows, type RasterImage } from "../raster.ts";
import { ImageMemory, type PrintedImage } from "./image-memory.ts";
import { isStarOnly, plainStyle, styleAfter, type Style } from "./style.ts";

/** A picture, where it was printed and under which settings. */
interface LoggedImage {
  readonly offset: number;
  readonly image: PrintedImage;
  readonly style: Style;
  /** It is one band of a picture, with the next one under it after a line feed. */
  readonly band: boolean;
}

/** What a line of text was made of. */
interface LoggedLine {
  readonly runs: readonly TextRun[];
  readonly align: Alignment;
  /** A band of a picture stands on it. */
  readonly banded: boolean;
}

const ESC = 0x1b;
const GS = 0x1d;

/** Columns of the widest usual paper: a margin of more leaves nothing to print on. */
const maxMargin = 48;

/** Bands go on a line like text: `ESC *` and Star's `ESC X`, `ESC K`, `ESC L`, `ESC k`. */
const bandCodes: ReadonlySet<number> = new Set([0x2a, 0x58, 0x4b, 0x4c, 0x6b]);

/** Notes down what a decoder does, while the whole stretch of bytes is at hand. */
export class PaperLog implements PaperTap {
  readonly images: LoggedImage[] = [];
  /** One for each `line` event of the decoder, in order. */
  readonly lines: LoggedLine[] = [];
  /** The widest printing area that was set (`GS W`), in dots. */
  areaDots = 0;
  readonly #bytes: Uint8Array;
  readonly #startOffset: number;
  readonly #dotsPerColumn: number;
  readonly #memory = new ImageMemory();
  /** The style after each command that changed it. */
  readonly #styles: { readonly offset: number; readonly style: Style }[] = [];
  #style = plainStyle;
  #star = false;
  #runs: TextRun[] = [];
  #banded = false;
  #lineAlign: Alignment | undefined;
  /** Rows of Star's raster mode, until something else comes. */
  #rows: Uint8Array[] = [];

  /** `bytes` is everything the decoder will be fed, the first at `startOffset`. */
  constructor(bytes: Uint8Array, startOffset: number, dotsPerColumn: number) {
    this.#bytes = bytes;
    this.#startOffset = startOffset;
    this.#dotsPerColumn = dotsPerColumn;
  }

  command(_bytes: Uint8Array, _at: number, length: number, offset: number): void {
    const command = this.#stretch(offset, offset + length);
    this.#star ||= isStarOnly(command, 0) || isRasterMode(command);
    if (this.#rasterRow(command)) return;
    this.#endRaster(offset);
    const style = styleAfter(this.#style, command, 0, length, this.#star);
    if (command[0] === GS && command[1] === 0x57) this.areaDots = Math.max(this.areaDots, areaOf(command));
    if (style !== this.#style) this.#styles.push({ offset, style });
    this.#style = style;
    const image = this.#memory.take(command);
    if (image === undefined) return;
    const band = command[0] === ESC && bandCodes.has(command[1] ?? 0);
    this.#banded ||= band;
    this.images.push({ offset, image, style, band });
  }

  text(text: string, column: number, columns: number, scale: number): void {
    const { scaleY, bold, underline, inverse, small, red, align, marginDots } = this.#style;
    this.#lineAlign ??= align;
    const margin = align === "left" ? Math.min(maxMargin, Math.round(marginDots / this.#dotsPerColumn)) : 0;
    this.#runs.push({
      text,
      column: column + margin,
      columns,
      scaleX: scale,
      scaleY,
      bold,
      underline,
      inverse,
      small,
      red,
    });
  }

  line(): void {
    this.lines.push({ runs: this.#runs, align: this.#lineAlign ?? this.#style.align, banded: this.#banded });
    this.clear();
  }

  clear(): void {
    this.#runs = [];
    this.#lineAlign = undefined;
    this.#banded = false;
  }

  /** The style in force once the command at `offset` had taken effect. */
  styleAt(offset: number): Style {
    let [from, to] = [0, this.#styles.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#styles[middle]?.offset ?? 0) <= offset) from = middle + 1;
      else to = middle;
    }
    return this.#styles[from - 1]?.style ?? plainStyle;
  }

  /** What there is of the picture in a command that stopped in the middle. */
  partialImage(startOffset: number, endOffset: number): RasterImage | undefined {
    return readImage(this.#stretch(startOffset, endOffset));
  }

  #stretch(startOffset: number, endOffset: number): Uint8Array {
    return this.#bytes.subarray(startOffset - this.#startOffset, endOffset - this.#startOffset);
  }

  /** `b nL nH d...` or `k nL nH d...` while a Star printer is in raster mode: one row of dots. No other command begins with a letter. */
  #rasterRow(command: Uint8Array): boolean {
    const isRow = command[0] === 0x62 || command[0] === 0x6b;
    if (isRow) this.#rows.push(command.subarray(3));
    return isRow;
  }

  #endRaster(offset: number): void {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    const stride = rows.reduce((most, row) => Math.max(most, row.length), 0);
    const data = new Uint8Array(Math.min(stride, 512) * rows.length);
    rows.forEach((row, y) => data.set(row.subarray(0, 512), y * Math.min(stride, 512)));
    const bitmap = fromRows(data, Math.min(stride, 512) * 8, rows.length);
    if (bitmap.width === 0 || bitmap.height === 0) return;
    this.images.push({ offset, image: { bitmap, scaleX: 1, scaleY: 1 }, style: this.#style, band: false });
  }
}

/** `GS W nL nH`: the width of the printing area in dots. */
function areaOf(command: Uint8Array): number {
  return (command[2] ?? 0) + 256 * (command[3] ?? 0);
}

/** `ESC * r`: commands of Star's raster mode. */
function isRasterMode(command: Uint8Array): boolean {
  return command[0] === ESC && command[1] === 0x2a && command[2] === 0x72;
}
