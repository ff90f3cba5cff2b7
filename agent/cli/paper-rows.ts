import type {
  Alignment,
  Paper,
  PaperImage,
  PaperItem,
  PaperLine,
  PaperSymbol,
  PaperWords,
  TextRun,
} from "../core/paper.ts";
import { columnsOf, printable } from "./columns.ts";
import { halfBlocks } from "./half-blocks.ts";

/** One row of the drawing: what is written, and the columns it takes without its colour codes. */
export interface Row {
  readonly text: string;
  readonly columns: number;
  readonly align: Alignment;
}

/** What drawing in a terminal needs. */
export interface RowOptions {
  /** Columns there are for a row. */
  readonly columns: number;
  /** Whether styles may be shown by escape sequences (ECMA-48 SGR). */
  readonly colour: boolean;
  readonly words: PaperWords;
}

/** No half of a character stands for fewer printer dots than this: pictures are shown as thumbnails. */
const thumbnailDots = 4;

/** The paper in rows of a terminal. Nothing that was printed reaches the terminal as a control character. */
export function paperRows({ items }: Paper, options: RowOptions): readonly Row[] {
  return items.flatMap((item) => rowsOf(item, options));
}

function rowsOf(item: PaperItem, options: RowOptions): readonly Row[] {
  switch (item.type) {
    case "line":
      return [lineRow(item, options)];
    case "image":
      return imageRows(item, options);
    case "symbol":
      return symbolRows(item, options);
    case "stored-image":
      return noteRows(`[${options.words.storedImage(item.name)}]`, item.align, options);
    case "cut":
      return [{ text: "- ".repeat(10).trimEnd(), columns: 19, align: "center" }];
    case "unknown":
      return noteRows(`[${options.words.unknown(item.endOffset - item.startOffset)}]`, "left", options);
    case "broken":
      return noteRows(`[${options.words.broken}]`, "left", options);
  }
}

function lineRow({ text, runs, align }: PaperLine, { colour }: RowOptions): Row {
  const plain = printable(text);
  if (!colour || !inOrder(runs)) return { text: plain, columns: columnsOf(plain), align };
  let drawn = "";
  let columns = 0;
  for (const run of runs) {
    const gap = Math.max(0, Math.round(run.column) - columns);
    const shown = spaced(printable(run.text), run.scaleX);
    drawn += " ".repeat(gap) + styled(shown, run);
    columns += gap + columnsOf(shown);
  }
  return { text: drawn, columns, align };
}

function inOrder(runs: readonly TextRun[]): boolean {
  return runs.every((run, at) => at === 0 || run.column >= (runs[at - 1]?.column ?? 0));
}

/** Wide characters are shown wide by the blanks between them. */
function spaced(text: string, scaleX: number): string {
  if (scaleX === 1) return text;
  return Array.from(text, (character) => character + " ".repeat(columnsOf(character) * (scaleX - 1))).join("");
}

/** Select Graphic Rendition (ECMA-48, 8.3.117). High characters are shown as bold ones. */
function styled(text: string, { bold, scaleY, underline, inverse, red }: TextRun): string {
  const codes = [(bold || scaleY > 1) && 1, underline && 4, inverse && 7, red && 31].filter((code) => code !== false);
  return codes.length === 0 ? text : `\u001B[${codes.join(";")}m${text}\u001B[0m`;
}

function imageRows({ bitmap, align, scaleX, scaleY }: PaperImage, options: RowOptions): readonly Row[] {
  const dots = Math.max(thumbnailDots, Math.ceil(bitmap.width / options.columns));
  // Of a picture so large, nothing could be made out.
  if (dots > 4 * thumbnailDots) return noteRows(`[${bitmap.width * scaleX}x${bitmap.height * scaleY}]`, align, options);
  return blockRows(halfBlocks(bitmap, { dots, margin: 0 }), align, options);
}

function symbolRows({ symbology, data, align, modules }: PaperSymbol, options: RowOptions): readonly Row[] {
  const fits = modules !== undefined && modules.height > 1 && modules.width + 4 <= options.columns;
  if (!fits) return noteRows(`[${symbology}] ${data}`, align, options);
  return blockRows(halfBlocks(modules, { dots: 1, margin: 2 }), align, options);
}

/** Black on white whatever the colours of the terminal are, so that a phone can read a QR code off it. */
function blockRows(lines: readonly string[], align: Alignment, { colour }: RowOptions): readonly Row[] {
  return lines.map((line) => ({
    text: colour ? `\u001B[30;107m${line}\u001B[0m` : line,
    columns: line.length,
    align,
  }));
}

/** A note on as many rows as it needs. */
function noteRows(note: string, align: Alignment, { columns }: RowOptions): readonly Row[] {
  const rows: Row[] = [];
  let text = "";
  for (const character of printable(note)) {
    if (columnsOf(text + character) > columns) {
      rows.push({ text, columns: columnsOf(text), align });
      text = "";
    }
    text += character;
  }
  return [...rows, { text, columns: columnsOf(text), align }];
}
