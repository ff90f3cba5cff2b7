import type { PrintDecoder, PrintEvent } from "../../../agent/core/print.ts";
import { CharsetCache } from "./charset-cache.ts";
import type { CommandRow, Effect } from "./command-row.ts";
import { DisplayScreen } from "./display-screen.ts";
import { word } from "./frame.ts";
import { LineBuilder } from "./line-builder.ts";
import type { PaperTap } from "./paper-tap.ts";
import { SymbolStore, type PrintedSymbol } from "./symbol-store.ts";
import { readBarcode, readStarBarcode, symbolText } from "./symbols.ts";
import { TextSettings, type PrinterDefaults } from "./text-settings.ts";
import type { TokenSink } from "./token-sink.ts";
import { Tokenizer, type TokenizerOptions } from "./tokenizer.ts";

/** How to read a stream. */
export interface PrintDecoderOptions extends PrinterDefaults, TokenizerOptions {
  /** Decoders for charsets, to be shared between streams. */
  readonly charsets?: CharsetCache;
  /** Is told what is put where. */
  readonly tap?: PaperTap;
}

/**
 * Makes a decoder for a stream of ESC/POS (Epson ESC/POS command reference; makers that follow it) or of Star Line Mode or StarPRNT
 * (Star command specifications). Which one it is, is found out job by job, unless the options say.
 */
export function createPrintDecoder(options: PrintDecoderOptions): PrintDecoder {
  return new StreamDecoder(options);
}

const LF = 0x0a;
const FF = 0x0c;
const CR = 0x0d;
const HT = 0x09;
const VT = 0x0b;
const CAN = 0x18;

/** A command: where it stands in `bytes`, where its parameters begin and how long it is. */
interface Command {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly from: number;
  readonly length: number;
  /** Its first parameter. */
  readonly n: number;
  readonly startOffset: number;
  readonly endOffset: number;
}

type Handler = (command: Command) => void;

class StreamDecoder implements PrintDecoder, TokenSink {
  readonly display: DisplayScreen;
  readonly #tokenizer: Tokenizer;
  readonly #settings: TextSettings;
  readonly #line: LineBuilder;
  readonly #symbols = new SymbolStore();
  readonly #tap: PaperTap | undefined;
  /** Bytes were lost or garbled since the last reset: nothing is sure of the settings. */
  #damaged = false;
  /** The second byte of a line end, while only its first has come. */
  #awaited = -1;
  /** Where the picture in the printer's memory was sent, or -1. */
  #storedImageAt = -1;
  /** The rows of a raster that is still coming. */
  #raster: { readonly startOffset: number; endOffset: number } | undefined;
  #events: PrintEvent[] = [];

  constructor(options: PrintDecoderOptions) {
    const charsets = options.charsets ?? new CharsetCache();
    this.#settings = new TextSettings(options);
    this.#tap = options.tap;
    this.#line = new LineBuilder({
      charsets,
      settings: this.#settings,
      startOffset: options.startOffset,
      tap: this.#tap,
      onLine: (text, startOffset, endOffset) => this.#events.push({ type: "line", text, startOffset, endOffset }),
    });
    this.display = new DisplayScreen(charsets, options, (text, startOffset, endOffset) => {
      this.#events.push({ type: "display", text, startOffset, endOffset });
      this.#line.beginAt(endOffset);
    });
    this.#tokenizer = new Tokenizer(this, options);
  }

  feed(bytes: Uint8Array): readonly PrintEvent[] {
    this.#tokenizer.feed(bytes);
    return this.#taken();
  }

  end(): readonly PrintEvent[] {
    this.#tokenizer.end();
    this.#endRaster();
    this.#line.endIfAny(this.#tokenizer.offset);
    this.#line.beginAt(this.#tokenizer.offset);
    this.#awaited = -1;
    if (this.#damaged) this.#forgetSettings();
    return this.#taken();
  }

  #taken(): readonly PrintEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  text(bytes: Uint8Array, from: number, to: number, offset: number): void {
    this.#awaited = -1;
    this.#line.add(bytes, from, to, offset);
  }

  control(byte: number, offset: number): void {
    if (byte === this.#awaited) {
      this.#awaited = -1;
      this.#line.beginAt(offset + 1);
      return;
    }
    if (byte === LF) this.#line.end(offset + 1);
    else if (byte === CR || byte === FF || byte === VT) this.#line.endIfAny(offset + 1);
    else if (byte === HT) this.#line.moveTo(this.#settings.nextTab(this.#line.column));
    else if (byte === CAN) this.#line.clear();
    this.#awaited = byte === LF ? CR : byte === CR ? LF : -1;
  }

  command(row: CommandRow, bytes: Uint8Array, at: number, length: number, offset: number): void {
    this.#awaited = -1;
    const { effect, prefix } = row;
    if (this.#tap !== undefined) {
      this.#line.settle();
      this.#tap.command(bytes, at, length, offset);
    }
    if (effect === "none") return;
    if (this.#raster !== undefined && effect !== "raster-row") this.#endRaster();
    const from = at + prefix.length;
    const n = bytes[from] ?? 0;
    this.#handlers[effect]({ bytes, at, from, length, n, startOffset: offset, endOffset: offset + length });
  }

  unknown(startOffset: number, endOffset: number): void {
    this.#awaited = -1;
    this.#damaged = true;
    this.#events.push({ type: "unknown", startOffset, endOffset });
  }

  broken(startOffset: number, endOffset: number): void {
    this.#endRaster();
    this.#line.endIfAny(startOffset);
    this.#events.push({ type: "broken", startOffset, endOffset });
    this.#line.beginAt(endOffset);
    this.#forgetSettings();
  }

  /** What each effect of the command tables does. */
  readonly #handlers: Readonly<Record<Effect, Handler>> = {
    none: () => undefined,
    peripheral: () => undefined,
    reset: (command) => this.#reset(command),
    feed: ({ endOffset }) => this.#line.end(endOffset),
    cut: (command) => {
      this.#line.endIfAny(command.startOffset);
      this.#push("cut", command);
      this.#line.beginAt(command.endOffset);
    },
    drawer: (command) => this.#push("drawer", command),
    image: (command) => this.#push("image", command),
    "image-store": ({ startOffset }) => (this.#storedImageAt = startOffset),
    "image-print": (command) => this.#printImage(command),
    "raster-begin": ({ startOffset }) => this.#line.endIfAny(startOffset),
    "raster-row": ({ startOffset, endOffset }) => {
      if (this.#raster === undefined) this.#raster = { startOffset, endOffset };
      else this.#raster.endOffset = endOffset;
    },
    "raster-end": ({ endOffset }) => this.#line.beginAt(endOffset),
    barcode: ({ bytes, at, length, startOffset, endOffset }) =>
      this.#events.push({ type: "barcode", ...readBarcode(bytes, at, length), startOffset, endOffset }),
    "star-barcode": ({ bytes, at, length, startOffset, endOffset }) =>
      this.#events.push({ type: "barcode", ...readStarBarcode(bytes, at, length), startOffset, endOffset }),
    symbol: (command) => {
      const { bytes, at, length } = command;
      this.#pushSymbol(this.#symbols.take(bytes, at, length), command);
    },
    graphics: (command) => {
      // GS ( L pL pH m fn: 2 and 50 print, 112 and 113 send the picture.
      const fn = command.bytes[command.from + 3];
      if (fn === 2 || fn === 50) this.#printImage(command);
      else if (fn === 112 || fn === 113) this.#storedImageAt = command.startOffset;
    },
    "symbol-data": ({ bytes, at, from, length }) => {
      // ESC GS y D 1 m nL nH data, or ESC GS x D nL nH data.
      const name = starSymbol(bytes, at);
      const data = from + (name === "qr" ? 4 : 2);
      this.#symbols.store(name, bytes.subarray(data, at + length), at + length - data);
    },
    "symbol-print": (command) =>
      this.#pushSymbol(this.#symbols.printed(starSymbol(command.bytes, command.at)), command),
    "qr-inline": (command) => {
      const { bytes, at, length } = command;
      if (bytes.length - at < length) return; // too long to be held: no QR code is
      this.#pushSymbol({ name: "qr", data: symbolText(bytes.subarray(at + 7, at + length)) }, command);
    },
    "code-page": ({ n }) => this.#line.set((settings) => settings.selectPage(n)),
    "star-code-page": ({ n }) => this.#line.set((settings) => settings.selectStarPage(n)),
    international: ({ n }) => this.#line.set((settings) => settings.selectInternational(n)),
    "double-byte-on": () => this.#line.set((settings) => settings.selectDoubleByte(true)),
    "double-byte-off": () => this.#line.set((settings) => settings.selectDoubleByte(false)),
    "double-byte-system": ({ n }) => this.#line.set((settings) => settings.selectDoubleByteSystem(n)),
    "double-byte-code": ({ n }) => this.#line.set((settings) => settings.selectDoubleByteCode(n)),
    encoding: ({ bytes, at, n }) => {
      // FS ( C pL pH fn m, fn 48: m is 1 or 2, or its digit.
      if (n !== 0x43 || (bytes[at + 5] !== 48 && bytes[at + 5] !== 0)) return;
      const m = bytes[at + 6] ?? 0;
      this.#line.set((settings) => settings.selectUtf8(m === 2 || m === 0x32));
    },
    "star-encoding": ({ bytes, from }) => {
      // ESC GS ) U pL pH fn m, fn 48: m is 0 or 1, or its digit. Other functions choose among fonts.
      if (bytes[from + 2] !== 48) return;
      const m = bytes[from + 3] ?? 0;
      this.#line.set((settings) => settings.selectUtf8(m === 1 || m === 0x31));
    },
    "star-kanji": ({ n }) => this.#line.set((settings) => settings.selectStarKanji(n)),
    "print-mode": ({ n }) =>
      this.#line.set((settings) => {
        settings.scale = (n & 0x20) === 0 ? 1 : 2;
        settings.selectFont(n & 1);
      }),
    font: ({ n }) => this.#line.set((settings) => settings.selectFont(n)),
    "character-space": ({ n }) => this.#line.set((settings) => settings.setSpace(n)),
    "character-size": ({ n }) => this.#scale(((n >> 4) & 7) + 1),
    "star-size": ({ bytes, from }) => this.#scale(((bytes[from + 1] ?? 0) & 7) + 1),
    width: ({ n }) => this.#scale((n & 7) + 1),
    "wide-on": () => this.#scale(2),
    "wide-off": () => this.#scale(1),
    "tab-stops": ({ bytes, at, from, length }) => {
      const stops = Array.from(bytes.subarray(from, at + length)).filter((stop) => stop > 0);
      this.#settings.setTabs(stops);
    },
    "absolute-position": ({ bytes, from }) => this.#line.moveTo(this.#settings.columns(word(bytes, from))),
    "relative-position": ({ bytes, from }) => {
      const dots = word(bytes, from);
      this.#line.moveTo(this.#line.column + this.#settings.columns(dots < 32_768 ? dots : dots - 65_536));
    },
    "vertical-position": ({ endOffset }) => this.#line.endIfAny(endOffset),
  };

  #push(type: "cut" | "drawer" | "image" | "reset", { startOffset, endOffset }: Command): void {
    this.#events.push({ type, startOffset, endOffset });
  }

  #pushSymbol(symbol: PrintedSymbol | undefined, { startOffset, endOffset }: Command): void {
    if (symbol === undefined) return;
    const place = { startOffset, endOffset };
    if (symbol.name === "qr") this.#events.push({ type: "qr", data: symbol.data, ...place });
    else this.#events.push({ type: "barcode", symbology: symbol.name, data: symbol.data, ...place });
  }

  /** A picture that was stored before: its bytes stand where it was stored. */
  #printImage({ startOffset, endOffset }: Command): void {
    const stored = this.#storedImageAt;
    this.#events.push({ type: "image", startOffset: stored < 0 ? startOffset : stored, endOffset });
  }

  #endRaster(): void {
    if (this.#raster === undefined) return;
    this.#events.push({ type: "image", ...this.#raster });
    this.#raster = undefined;
  }

  #reset(command: Command): void {
    this.#line.clear();
    this.#forgetSettings();
    this.#symbols.clear();
    this.#storedImageAt = -1;
    this.#push("reset", command);
  }

  #forgetSettings(): void {
    this.#settings.reset();
    this.#damaged = false;
  }

  #scale(scale: number): void {
    this.#line.set((settings) => (settings.scale = scale));
  }
}

/** The symbol that `ESC GS y` and `ESC GS x` are about. */
function starSymbol(bytes: Uint8Array, at: number): string {
  return bytes[at + 2] === 0x79 ? "qr" : "pdf417";
}
