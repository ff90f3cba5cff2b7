import { columnsOf, type DecodedText } from "./charset.ts";

/** A stretch of text and the column of the paper where it begins. */
interface Piece extends DecodedText {
  readonly column: number;
  readonly scale: number;
}

/** Columns beyond this are noise: no receipt printer has them. */
const maxColumn = 160;

/** One line of paper as it is being laid out in columns. */
export class TextGrid {
  #pieces: Piece[] = [];
  #column = 0;

  /** Column where the next character goes, from 0. */
  get column(): number {
    return this.#column;
  }

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Prints at the current column; `scale` is the width multiplier in force. */
  put(decoded: DecodedText, scale: number): void {
    const { text, columns } = decoded;
    this.#pieces.push({ text, columns, column: this.#column, scale });
    this.#column += columns * scale;
  }

  /** Moves the print position. Positions off the paper are brought back onto it. */
  moveTo(column: number): void {
    this.#column = Math.min(Math.max(0, Math.round(column)), maxColumn);
  }

  /** The line as text without trailing blanks; the grid is empty afterwards. */
  take(): string {
    const pieces = this.#pieces;
    const only = pieces.length === 1 ? pieces[0] : undefined;
    const text = only?.column === 0 ? only.text : inOrder(pieces) ? padded(pieces) : overlaid(pieces);
    this.clear();
    return text.trimEnd();
  }

  /** Forgets the line, as the printer does at `ESC @`. */
  clear(): void {
    if (this.#pieces.length > 0) this.#pieces = [];
    this.#column = 0;
  }
}

function inOrder(pieces: readonly Piece[]): boolean {
  let column = 0;
  for (const piece of pieces) {
    if (piece.column < column) return false;
    column = piece.column + piece.columns * piece.scale;
  }
  return true;
}

function padded(pieces: readonly Piece[]): string {
  let text = "";
  let column = 0;
  for (const piece of pieces) {
    text += " ".repeat(piece.column - column) + piece.text;
    column = piece.column + piece.columns * piece.scale;
  }
  return text;
}

/** Something was printed over: character by character, the later one stays. */
function overlaid(pieces: readonly Piece[]): string {
  const cells: string[] = [];
  for (const piece of pieces) {
    let column = piece.column;
    for (const character of piece.text) {
      const width = columnsOf(character) * piece.scale;
      if (character !== " " || cells[column] === undefined) cells[column] = character;
      for (let i = 1; i < width; i += 1) cells[column + i] = "";
      column += width;
    }
  }
  return Array.from(cells, (cell) => cell ?? " ").join("");
}
