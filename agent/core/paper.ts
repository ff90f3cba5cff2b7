/** Black and white dots. Nothing in it refers to paper: a dot may be one of a printer or one module of a QR code. */
export interface Bitmap {
  /** Dots across. */
  readonly width: number;
  /** Dots down. */
  readonly height: number;
  /** Rows from the top, each of `ceil(width / 8)` bytes; the high bit of a byte is the leftmost dot; 1 is black. */
  readonly bits: Uint8Array;
}

/** Where something stands between the edges of the paper. */
export type Alignment = "left" | "center" | "right";

/** A stretch of text in one style. */
export interface TextRun {
  readonly text: string;
  /** Column of the paper where it begins, from 0. */
  readonly column: number;
  /** Columns it takes: wide characters take two, and all of them `scaleX` times that. */
  readonly columns: number;
  /** Width and height multipliers, 1 to 8. */
  readonly scaleX: number;
  readonly scaleY: number;
  readonly bold: boolean;
  readonly underline: boolean;
  /** White on black. */
  readonly inverse: boolean;
  /** The printer's smaller font (font B). */
  readonly small: boolean;
  /** The second colour of the printer. */
  readonly red: boolean;
}

/** A barcode or two-dimensional symbol, as it was asked for. */
export interface PaperSymbol {
  readonly type: "symbol";
  readonly align: Alignment;
  /** E.g. `qr`, `code128`, `ean13`, `pdf417`. */
  readonly symbology: string;
  readonly data: string;
  /** Printer dots a module (the thinnest bar) is wide. */
  readonly moduleDots: number;
  /** Height of the bars in printer dots; means nothing for a two-dimensional symbol. */
  readonly heightDots: number;
  /** Where the data is printed in letters beside the bars. */
  readonly letters: "none" | "above" | "below" | "both";
  /** Error correction of a QR code. */
  readonly level: "L" | "M" | "Q" | "H";
  /** The symbol, one dot a module; bars are one row. Absent when nobody drew it, or when it cannot be drawn. */
  readonly modules?: Bitmap;
}

/** A line of text. */
export interface PaperLine {
  readonly type: "line";
  readonly align: Alignment;
  /** In printed order. They may overlap: the later one is over the earlier one. */
  readonly runs: readonly TextRun[];
  /** The same as plain text, columns kept. */
  readonly text: string;
}

/** A picture. */
export interface PaperImage {
  readonly type: "image";
  readonly align: Alignment;
  readonly bitmap: Bitmap;
  /** Printer dots that a dot of the bitmap takes. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** What stands on the paper, or happened to it, in printed order. */
export type PaperItem =
  | PaperLine
  | PaperImage
  | PaperSymbol
  /** A picture that the printer has in its memory and the stream does not contain, by the name the stream gives it. */
  | { readonly type: "stored-image"; readonly align: Alignment; readonly name: string }
  | { readonly type: "cut" }
  /** Bytes that no command table knows: stream positions of the first and after the last. */
  | { readonly type: "unknown"; readonly startOffset: number; readonly endOffset: number }
  /** A command that stopped in the middle. */
  | { readonly type: "broken"; readonly startOffset: number; readonly endOffset: number };

/** What a stretch of a print stream looks like. */
export interface Paper {
  /** Columns of the paper in the printer's standard font. Not in the stream: the narrowest usual paper that holds what was printed. */
  readonly columns: number;
  /** Printer dots a column has. */
  readonly dotsPerColumn: number;
  readonly items: readonly PaperItem[];
}

/** The words between what was printed, in the language of whoever looks. */
export interface PaperWords {
  readonly cut: string;
  readonly broken: string;
  unknown(byteCount: number): string;
  storedImage(name: string): string;
}

/** One slip on a page, with what was read from it. All text is plain: whoever makes a page of it escapes it. */
export interface PaperSheet {
  readonly heading: string;
  /** Whether its amounts agree, in a word or two. */
  readonly verdict: { readonly text: string; readonly tone: "good" | "bad" | "neutral" };
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** What was not understood or does not agree, a sentence each. */
  readonly notes: readonly string[];
  readonly paper: Paper;
}

/** A page of slips. */
export interface PaperPage {
  /** BCP 47 tag of the language of the words. */
  readonly lang: string;
  readonly title: string;
  readonly words: PaperWords;
  readonly sheets: readonly PaperSheet[];
}

/** Whether the dot in column `x` and row `y` is black; outside there is none. */
export function isBlack({ width, height, bits }: Bitmap, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= width || y >= height) return false;
  return (((bits[y * Math.ceil(width / 8) + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 1;
}
