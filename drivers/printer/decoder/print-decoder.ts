import type { PrintDecoder, PrintEvent } from "../../../agent/core/print.ts";
import { CharsetCache } from "./charset-cache.ts";
import type { CommandRow } from "./command-row.ts";
import { DisplayScreen, type OnShown } from "./display-screen.ts";
import { effects } from "./effects.ts";
import { LineBuilder, type OnLine } from "./line-builder.ts";
import { Paper } from "./paper.ts";
import type { PaperTap } from "./paper-tap.ts";
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

class StreamDecoder implements PrintDecoder, TokenSink {
  readonly #newDisplay: () => DisplayScreen;
  #display: DisplayScreen | undefined;
  readonly #tokenizer: Tokenizer;
  readonly #paper: Paper;
  readonly #tap: PaperTap | undefined;
  /** Bytes were lost or garbled since the last reset: nothing is sure of the settings. */
  #damaged = false;
  /** The second byte of a line end, while only its first has come. */
  #awaited = -1;

  constructor(options: PrintDecoderOptions) {
    const { startOffset, tap, charsets = new CharsetCache() } = options;
    this.#tap = tap;
    const settings = new TextSettings(options);
    this.#paper = new Paper(settings, (paper) => {
      const onLine: OnLine = (text, from, to) => paper.add({ type: "line", text, startOffset: from, endOffset: to });
      return new LineBuilder({ charsets, settings, startOffset, tap, onLine });
    });
    const onShown: OnShown = (text, from, to) => {
      this.#paper.add({ type: "display", text, startOffset: from, endOffset: to });
      this.#paper.line.beginAt(to);
    };
    this.#newDisplay = () => new DisplayScreen(charsets, options, onShown);
    this.#tokenizer = new Tokenizer(this, options);
  }

  /** Made when it is first selected: few lines have one. */
  get display(): DisplayScreen {
    return (this.#display ??= this.#newDisplay());
  }

  feed(bytes: Uint8Array): readonly PrintEvent[] {
    this.#tokenizer.feed(bytes);
    this.#paper.line.keep();
    return this.#paper.taken();
  }

  end(): readonly PrintEvent[] {
    this.#tokenizer.end();
    const { offset } = this.#tokenizer;
    this.#paper.endRaster();
    this.#paper.line.endIfAny(offset);
    this.#paper.line.beginAt(offset);
    this.#awaited = -1;
    if (this.#damaged) this.#forgetSettings();
    return this.#paper.taken();
  }

  text(bytes: Buffer, from: number, to: number, offset: number, isAscii: boolean): void {
    this.#awaited = -1;
    this.#paper.line.add(bytes, from, to, offset, isAscii);
  }

  control(byte: number, offset: number): void {
    const { line, settings } = this.#paper;
    if (byte === this.#awaited) {
      this.#awaited = -1;
      line.beginAt(offset + 1);
      return;
    }
    if (byte === LF) line.end(offset + 1);
    else if (byte === CR || byte === FF || byte === VT) line.endIfAny(offset + 1);
    else if (byte === HT) line.moveTo(settings.nextTab(line.column));
    else if (byte === CAN) line.clear();
    this.#awaited = byte === LF ? CR : byte === CR ? LF : -1;
  }

  command(row: CommandRow, bytes: Uint8Array, at: number, length: number, offset: number): void {
    this.#awaited = -1;
    const { effect } = row;
    if (this.#tap !== undefined) {
      this.#paper.line.settle();
      this.#tap.command(bytes, at, length, offset);
    }
    if (effect === "none") return;
    if (effect !== "raster-row") this.#paper.endRaster();
    if (effect === "reset") this.#damaged = false;
    const from = at + row.prefix.length;
    const n = bytes[from] ?? 0;
    effects[row.effectIndex]?.(this.#paper, {
      bytes,
      at,
      from,
      length,
      n,
      startOffset: offset,
      endOffset: offset + length,
    });
  }

  unknown(startOffset: number, endOffset: number): void {
    this.#awaited = -1;
    this.#damaged = true;
    this.#paper.add({ type: "unknown", startOffset, endOffset });
  }

  broken(startOffset: number, endOffset: number): void {
    const { line } = this.#paper;
    this.#paper.endRaster();
    line.endIfAny(startOffset);
    this.#paper.add({ type: "broken", startOffset, endOffset });
    line.beginAt(endOffset);
    this.#forgetSettings();
  }

  #forgetSettings(): void {
    this.#paper.settings.reset();
    this.#damaged = false;
  }
}
