import type { PrintDecoder, PrintEvent } from "../../../agent/core/print.ts";
import { CharsetCache } from "./charset-cache.ts";
import type { CommandRow, Effect } from "./command-table.ts";
import { word } from "./frame.ts";
import type { PaperTap } from "./paper-tap.ts";
import { SymbolStore } from "./symbol-store.ts";
import { readBarcode, symbolText } from "./symbols.ts";
import { TextGrid } from "./text-grid.ts";
import { TextSettings, type PrinterDefaults } from "./text-settings.ts";
import { Tokenizer, type TokenSink } from "./tokenizer.ts";

/** How to read a stream. */
export interface PrintDecoderOptions extends PrinterDefaults {
  /** Stream position of the first byte that will be fed. */
  readonly startOffset: number;
  /** Decoders for charsets, to be shared between streams. */
  readonly charsets?: CharsetCache;
  /** Is told what is put where. */
  readonly tap?: PaperTap;
}

/** Makes a decoder for a stream of ESC/POS (Epson ESC/POS command reference; makers that follow it). */
export function createPrintDecoder(options: PrintDecoderOptions): PrintDecoder {
  return new StreamDecoder(options);
}

/** No line of paper holds more: a longer one is noise and is broken here. */
const maxLineBytes = 1024;

const LF = 0x0a;
const FF = 0x0c;
const CR = 0x0d;
const HT = 0x09;
const CAN = 0x18;

type Handler = (bytes: Uint8Array, at: number, length: number, offset: number) => void;

class StreamDecoder implements PrintDecoder, TokenSink {
  readonly #tokenizer: Tokenizer;
  readonly #charsets: CharsetCache;
  readonly #settings: TextSettings;
  readonly #grid = new TextGrid();
  readonly #symbols = new SymbolStore();
  readonly #tap: PaperTap | undefined;
  /** Text of one charset and width that is not on the grid yet. */
  readonly #span = new Uint8Array(maxLineBytes);
  #spanLength = 0;
  #lineBytes = 0;
  #lineStart: number;
  /** The second byte of a line end, while only its first has come. */
  #awaited = -1;
  #events: PrintEvent[] = [];

  constructor(options: PrintDecoderOptions) {
    this.#charsets = options.charsets ?? new CharsetCache();
    this.#settings = new TextSettings(options);
    this.#tap = options.tap;
    this.#lineStart = options.startOffset;
    this.#tokenizer = new Tokenizer(this, options.startOffset);
  }

  feed(bytes: Uint8Array): readonly PrintEvent[] {
    this.#tokenizer.feed(bytes);
    return this.#taken();
  }

  end(): readonly PrintEvent[] {
    this.#tokenizer.end();
    this.#endLineIfAny(this.#tokenizer.offset);
    this.#lineStart = this.#tokenizer.offset;
    this.#awaited = -1;
    return this.#taken();
  }

  #taken(): readonly PrintEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  text(bytes: Uint8Array, from: number, to: number, offset: number): void {
    this.#awaited = -1;
    let at = from;
    while (at < to) {
      const until = Math.min(to, at + maxLineBytes - this.#lineBytes);
      this.#span.set(bytes.subarray(at, until), this.#spanLength);
      this.#spanLength += until - at;
      this.#lineBytes += until - at;
      at = until;
      if (this.#lineBytes === maxLineBytes) this.#endLine(offset + at - from);
    }
  }

  control(byte: number, offset: number): void {
    if (byte === this.#awaited) {
      this.#awaited = -1;
      this.#lineStart = offset + 1;
      return;
    }
    if (byte === LF) this.#endLine(offset + 1);
    else if (byte === CR || byte === FF) this.#endLineIfAny(offset + 1);
    else if (byte === HT) this.#moveTo(this.#settings.nextTab(this.#columnNow()));
    else if (byte === CAN) this.#clearLine();
    this.#awaited = byte === LF ? CR : byte === CR ? LF : -1;
  }

  command(row: CommandRow, bytes: Uint8Array, at: number, length: number, offset: number): void {
    this.#awaited = -1;
    if (this.#tap !== undefined) {
      this.#commit();
      this.#tap.command(bytes, at, length, offset);
    }
    this.#handlers[row.effect](bytes, at, length, offset);
  }

  unknown(startOffset: number, endOffset: number): void {
    this.#awaited = -1;
    this.#events.push({ type: "unknown", startOffset, endOffset });
  }

  broken(startOffset: number, endOffset: number): void {
    this.#endLineIfAny(startOffset);
    this.#events.push({ type: "broken", startOffset, endOffset });
    this.#lineStart = endOffset;
  }

  /** What each effect of the command table does. */
  readonly #handlers: Readonly<Record<Effect, Handler>> = {
    none: () => undefined,
    peripheral: () => undefined,
    reset: (_bytes, _at, length, offset) => this.#reset(offset, offset + length),
    feed: (_bytes, _at, length, offset) => this.#endLine(offset + length),
    cut: (_bytes, _at, length, offset) => {
      this.#endLineIfAny(offset);
      this.#events.push({ type: "cut", startOffset: offset, endOffset: offset + length });
      this.#lineStart = offset + length;
    },
    drawer: (_bytes, _at, length, offset) =>
      this.#events.push({ type: "drawer", startOffset: offset, endOffset: offset + length }),
    image: (_bytes, _at, length, offset) =>
      this.#events.push({ type: "image", startOffset: offset, endOffset: offset + length }),
    barcode: (bytes, at, length, offset) =>
      this.#events.push({
        type: "barcode",
        ...readBarcode(bytes, at, length),
        startOffset: offset,
        endOffset: offset + length,
      }),
    symbol: (bytes, at, length, offset) => this.#parenthesised(bytes, at, length, offset),
    "qr-inline": (bytes, at, length, offset) => {
      if (bytes.length - at < length) return; // too long to be held: no QR code is
      const data = symbolText(bytes.subarray(at + 7, at + length));
      this.#events.push({ type: "qr", data, startOffset: offset, endOffset: offset + length });
    },
    "code-page": (bytes, at) => this.#set(() => this.#settings.selectPage(bytes[at + 2] ?? 0)),
    international: (bytes, at) => this.#set(() => this.#settings.selectInternational(bytes[at + 2] ?? 0)),
    "double-byte-on": () => this.#set(() => this.#settings.selectDoubleByte(true)),
    "double-byte-off": () => this.#set(() => this.#settings.selectDoubleByte(false)),
    "double-byte-system": (bytes, at) => this.#set(() => this.#settings.selectDoubleByteSystem(bytes[at + 2] ?? 0)),
    encoding: (bytes, at) => {
      if (bytes[at + 2] !== 0x43 || (bytes[at + 5] !== 48 && bytes[at + 5] !== 0)) return;
      this.#set(() => this.#settings.selectEncoding(bytes[at + 6] ?? 0));
    },
    "print-mode": (bytes, at) => this.#scale(((bytes[at + 2] ?? 0) & 0x20) === 0 ? 1 : 2),
    "character-size": (bytes, at) => this.#scale((((bytes[at + 2] ?? 0) >> 4) & 7) + 1),
    "tab-stops": (bytes, at, length) => {
      const stops = Array.from(bytes.subarray(at + 2, at + length)).filter((stop) => stop > 0);
      this.#settings.setTabs(stops);
    },
    "absolute-position": (bytes, at) => this.#moveTo(this.#settings.columns(word(bytes, at + 2))),
    "relative-position": (bytes, at) => {
      const dots = word(bytes, at + 2);
      this.#moveTo(this.#columnNow() + this.#settings.columns(dots < 32_768 ? dots : dots - 65_536));
    },
  };

  #parenthesised(bytes: Uint8Array, at: number, length: number, offset: number): void {
    const place = { startOffset: offset, endOffset: offset + length };
    const kind = bytes[at + 2];
    if (kind === 0x4c && (bytes[at + 6] === 2 || bytes[at + 6] === 50)) this.#events.push({ type: "image", ...place });
    if (kind !== 0x6b) return;
    const symbol = this.#symbols.take(bytes, at, length);
    if (symbol === undefined) return;
    if (symbol.name === "qr") this.#events.push({ type: "qr", data: symbol.data, ...place });
    else this.#events.push({ type: "barcode", symbology: symbol.name, data: symbol.data, ...place });
  }

  #reset(startOffset: number, endOffset: number): void {
    this.#clearLine();
    this.#settings.reset();
    this.#symbols.clear();
    this.#events.push({ type: "reset", startOffset, endOffset });
  }

  /** Puts what came before a change of settings on the grid, under the settings it came with. */
  #set(change: () => void): void {
    this.#commit();
    change();
  }

  #scale(scale: number): void {
    this.#commit();
    this.#settings.scale = scale;
  }

  #moveTo(column: number): void {
    this.#commit();
    this.#grid.moveTo(column);
  }

  #columnNow(): number {
    this.#commit();
    return this.#grid.column;
  }

  #commit(): void {
    if (this.#spanLength === 0) return;
    const { scale, charset } = this.#settings;
    const decoded = this.#charsets.get(charset).decode(this.#span, 0, this.#spanLength);
    this.#tap?.text(decoded.text, this.#grid.column, decoded.columns * scale, scale);
    this.#grid.put(decoded, scale);
    this.#spanLength = 0;
  }

  #endLineIfAny(endOffset: number): void {
    if (this.#lineBytes > 0) this.#endLine(endOffset);
  }

  #endLine(endOffset: number): void {
    this.#commit();
    this.#tap?.line();
    this.#events.push({ type: "line", text: this.#grid.take(), startOffset: this.#lineStart, endOffset });
    this.#lineStart = endOffset;
    this.#lineBytes = 0;
  }

  #clearLine(): void {
    this.#tap?.clear();
    this.#spanLength = 0;
    this.#lineBytes = 0;
    this.#grid.clear();
  }
}
