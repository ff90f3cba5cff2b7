import type { CharsetCache } from "./charset-cache.ts";
import { columnsOf } from "./charset.ts";
import type { CommandRow } from "./command-row.ts";
import { TextSettings, type PrinterDefaults } from "./text-settings.ts";
import type { DisplaySink } from "./token-sink.ts";

/** What a display showed, and where its bytes stand. */
export type OnShown = (text: string, startOffset: number, endOffset: number) => void;

const rows = 2;
const columns = 20;

/**
 * The line display beside a printer: two rows of 20 columns, as most are (Epson DM-D series). It keeps what it shows while the printer
 * is selected. Tells what it shows whenever its selection ends, and before a clearing wipes it out.
 */
export class DisplayScreen implements DisplaySink {
  readonly #charsets: CharsetCache;
  readonly #settings: TextSettings;
  readonly #onShown: OnShown;
  #cells: string[] = blank();
  #at = 0;
  #startOffset = 0;
  #changed = false;
  /** Text that is not on the display yet: a character may come in two pieces. */
  #span: number[] = [];

  constructor(charsets: CharsetCache, defaults: PrinterDefaults, onShown: OnShown) {
    this.#charsets = charsets;
    this.#settings = new TextSettings(defaults);
    this.#onShown = onShown;
  }

  selected(offset: number): void {
    this.#startOffset = offset;
  }

  released(offset: number): void {
    this.#write();
    this.#tell(offset);
  }

  text(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at += 1) this.#span.push(bytes[at] ?? 0);
  }

  control(byte: number, offset: number): void {
    this.#write();
    if (byte === 0x08) this.#moveTo(this.#at - 1);
    else if (byte === 0x09) this.#moveTo(this.#at + 1);
    else if (byte === 0x0a) this.#moveTo(this.#at + columns);
    else if (byte === 0x0b) this.#at = 0;
    else if (byte === 0x0c) this.#clear(offset);
    else if (byte === 0x0d) this.#at -= this.#at % columns;
    else if (byte === 0x18) this.#clearRow();
  }

  command(row: CommandRow, bytes: Uint8Array, at: number, _length: number, offset: number): void {
    this.#write();
    const n = bytes[at + 2] ?? 0;
    if (row.effect === "reset") {
      this.#clear(offset);
      this.#settings.reset();
    } else if (row.effect === "code-page") this.#settings.selectPage(n);
    else if (row.effect === "international") this.#settings.selectInternational(n);
    // US $ n m: column n of row m, both from 1.
    else if (row.effect === "absolute-position") this.#moveTo(((bytes[at + 3] ?? 1) - 1) * columns + n - 1);
  }

  #write(): void {
    if (this.#span.length === 0) return;
    const bytes = Buffer.from(this.#span);
    this.#span = [];
    this.#changed = true;
    const { text } = this.#charsets.get(this.#settings.charset).decode(bytes, 0, bytes.length, false);
    for (const character of text) this.#put(character);
  }

  /** A row that is full goes on in the next one, as displays are set out of the box. */
  #put(character: string): void {
    this.#cells[this.#at] = character;
    const width = columnsOf(character);
    if (width === 2 && this.#at % columns < columns - 1) this.#cells[this.#at + 1] = "";
    this.#moveTo(this.#at + width);
  }

  #moveTo(position: number): void {
    const size = rows * columns;
    this.#at = ((position % size) + size) % size;
  }

  #clear(offset: number): void {
    this.#tell(offset);
    this.#cells = blank();
    this.#at = 0;
  }

  #clearRow(): void {
    const start = this.#at - (this.#at % columns);
    this.#cells.fill(" ", start, start + columns);
    this.#at = start;
  }

  #tell(endOffset: number): void {
    if (this.#changed && endOffset > this.#startOffset) this.#onShown(this.#shown(), this.#startOffset, endOffset);
    this.#startOffset = endOffset;
    this.#changed = false;
  }

  #shown(): string {
    const lines = Array.from({ length: rows }, (_, row) =>
      this.#cells
        .slice(row * columns, (row + 1) * columns)
        .join("")
        .trimEnd(),
    );
    return lines.join("\n").trimEnd();
  }
}

function blank(): string[] {
  return Array.from({ length: rows * columns }, () => " ");
}
