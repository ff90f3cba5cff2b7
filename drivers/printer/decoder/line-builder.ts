import type { CharsetCache } from "./charset-cache.ts";
import type { Charset } from "./charset.ts";
import { internationalText } from "./international.ts";
import type { PaperTap } from "./paper-tap.ts";
import { TextGrid } from "./text-grid.ts";
import type { TextSettings } from "./text-settings.ts";

/** No line of paper holds more: a longer one is noise and is broken here. */
const maxLineBytes = 1024;

const empty = Buffer.alloc(0);

/** A line is laid out. */
export type OnLine = (text: string, startOffset: number, endOffset: number) => void;

/** What laying out lines needs. */
export interface LineBuilderParts {
  readonly charsets: CharsetCache;
  readonly settings: TextSettings;
  /** Stream position of the first byte. */
  readonly startOffset: number;
  readonly onLine: OnLine;
  /** Is told what is put where. */
  readonly tap: PaperTap | undefined;
}

/** Lays out one line after the other from the bytes of text and the settings they were printed with. */
export class LineBuilder {
  readonly #parts: LineBuilderParts;
  readonly #grid = new TextGrid();
  /** Made when the first line comes in pieces: many streams are one piece. */
  #own: Buffer | undefined;
  /** Text of one charset and width that is not on the grid yet: where it came, or in `#own` when it came in pieces. */
  #span: Buffer = empty;
  #spanFrom = 0;
  #spanTo = 0;
  #spanIsAscii = true;
  /** The charset of the latest text. */
  #charset: Charset | undefined;
  #lineBytes = 0;
  #lineStart: number;

  constructor(parts: LineBuilderParts) {
    this.#parts = parts;
    this.#lineStart = parts.startOffset;
  }

  /** Text was printed, the first byte at `offset`. The bytes must stay as they are until {@link keep}. */
  add(bytes: Buffer, from: number, to: number, offset: number, isAscii: boolean): void {
    let at = from;
    while (at < to) {
      const until = Math.min(to, at + maxLineBytes - this.#lineBytes);
      this.#append(bytes, at, until, isAscii);
      this.#lineBytes += until - at;
      at = until;
      if (this.#lineBytes === maxLineBytes) this.end(offset + at - from);
    }
  }

  /** Takes a copy of what is still needed of the bytes that were added. */
  keep(): void {
    if (this.#spanFrom < this.#spanTo) this.#toOwn();
    else this.#span = empty;
  }

  /** Moves the pending text to the own buffer, unless it is there. */
  #toOwn(): Buffer {
    const own = (this.#own ??= Buffer.alloc(maxLineBytes));
    if (this.#span === own) return own;
    this.#spanTo = this.#span.copy(own, 0, this.#spanFrom, this.#spanTo);
    this.#spanFrom = 0;
    this.#span = own;
    return own;
  }

  #append(bytes: Buffer, from: number, to: number, isAscii: boolean): void {
    if (this.#spanFrom === this.#spanTo) {
      this.#span = bytes;
      this.#spanFrom = from;
      this.#spanTo = to;
      this.#spanIsAscii = isAscii;
      return;
    }
    const own = this.#toOwn();
    this.#spanTo += bytes.copy(own, this.#spanTo, from, to);
    this.#spanIsAscii &&= isAscii;
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
    this.#spanTo = this.#spanFrom;
    this.#lineBytes = 0;
    this.#grid.clear();
  }

  /** Puts the text so far on the line, with the settings it was printed with. */
  settle(): void {
    if (this.#spanFrom === this.#spanTo) return;
    const { charsets, settings, tap } = this.#parts;
    const { scale, international } = settings;
    const name = settings.charset;
    if (this.#charset?.name !== name) this.#charset = charsets.get(name);
    const decoded = this.#charset.decode(this.#span, this.#spanFrom, this.#spanTo, this.#spanIsAscii);
    const printed = international === 0 ? decoded : internationalText(decoded, international);
    tap?.text(printed.text, this.#grid.column, printed.columns * scale, scale);
    this.#grid.put(printed, scale);
    this.#spanTo = this.#spanFrom;
  }
}
