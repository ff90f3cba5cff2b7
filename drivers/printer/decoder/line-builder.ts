import type { CharsetCache } from "./charset-cache.ts";
import { internationalText } from "./international.ts";
import type { PaperTap } from "./paper-tap.ts";
import { TextGrid } from "./text-grid.ts";
import type { TextSettings } from "./text-settings.ts";

/** No line of paper holds more: a longer one is noise and is broken here. */
const maxLineBytes = 1024;

/** What laying out lines needs. */
export interface LineBuilderParts {
  readonly charsets: CharsetCache;
  readonly settings: TextSettings;
  /** Stream position of the first byte. */
  readonly startOffset: number;
  /** A line is laid out. */
  readonly onLine: (text: string, startOffset: number, endOffset: number) => void;
  /** Is told what is put where. */
  readonly tap: PaperTap | undefined;
}

/** Lays out one line after the other from the bytes of text and the settings they were printed with. */
export class LineBuilder {
  readonly #parts: LineBuilderParts;
  readonly #grid = new TextGrid();
  /** Text of one charset and width that is not on the grid yet. */
  readonly #span = new Uint8Array(maxLineBytes);
  #spanLength = 0;
  #lineBytes = 0;
  #lineStart: number;

  constructor(parts: LineBuilderParts) {
    this.#parts = parts;
    this.#lineStart = parts.startOffset;
  }

  /** Text was printed, the first byte at `offset`. */
  add(bytes: Uint8Array, from: number, to: number, offset: number): void {
    let at = from;
    while (at < to) {
      const until = Math.min(to, at + maxLineBytes - this.#lineBytes);
      this.#span.set(bytes.subarray(at, until), this.#spanLength);
      this.#spanLength += until - at;
      this.#lineBytes += until - at;
      at = until;
      if (this.#lineBytes === maxLineBytes) this.end(offset + at - from);
    }
  }

  /** Changes settings: what was printed before keeps those it was printed with. */
  set(change: (settings: TextSettings) => void): void {
    this.settle();
    change(this.#parts.settings);
  }

  /** Column where the next character goes. */
  get column(): number {
    this.settle();
    return this.#grid.column;
  }

  /** Moves the print position to a column of the line. */
  moveTo(column: number): void {
    this.settle();
    this.#grid.moveTo(column);
  }

  /** The line ends at `endOffset`; an empty one too, for that feeds paper. */
  end(endOffset: number): void {
    this.settle();
    this.#parts.tap?.line();
    this.#parts.onLine(this.#grid.take(), this.#lineStart, endOffset);
    this.#lineStart = endOffset;
    this.#lineBytes = 0;
  }

  /** The line ends at `endOffset` if there is something on it. */
  endIfAny(endOffset: number): void {
    if (this.#lineBytes > 0) this.end(endOffset);
  }

  /** The bytes up to `offset` belong to no line, unless one is begun. */
  beginAt(offset: number): void {
    if (this.#lineBytes === 0) this.#lineStart = offset;
  }

  /** Forgets the line, as the printer does at `ESC @`. */
  clear(): void {
    this.#parts.tap?.clear();
    this.#spanLength = 0;
    this.#lineBytes = 0;
    this.#grid.clear();
  }

  /** Puts the text so far on the line, with the settings it was printed with. */
  settle(): void {
    if (this.#spanLength === 0) return;
    const { charsets, settings, tap } = this.#parts;
    const { scale, international } = settings;
    const decoded = charsets.get(settings.charset).decode(this.#span, 0, this.#spanLength);
    const printed = international === 0 ? decoded : internationalText(decoded, international);
    tap?.text(printed.text, this.#grid.column, printed.columns * scale, scale);
    this.#grid.put(printed, scale);
    this.#spanLength = 0;
  }
}
