import type { PrintEvent } from "../../../agent/core/print.ts";
import type { LineBuilder } from "./line-builder.ts";
import { SymbolStore, type PrintedSymbol } from "./symbol-store.ts";
import type { TextSettings } from "./text-settings.ts";

/** A command: where it stands in `bytes`, where its parameters begin and how long it is. */
export interface Command {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly from: number;
  readonly length: number;
  /** Its first parameter. */
  readonly n: number;
  readonly startOffset: number;
  readonly endOffset: number;
}

/** The paper as it is printed, and what the printer keeps in its memory meanwhile. */
export class Paper {
  readonly line: LineBuilder;
  readonly settings: TextSettings;
  readonly symbols = new SymbolStore();
  /** Where the picture in the printer's memory was sent, or -1. */
  #storedImageAt = -1;
  /** The rows of a raster that is still coming. */
  #raster: { readonly startOffset: number; endOffset: number } | undefined;
  #events: PrintEvent[] = [];

  /** `newLine` makes the lines, which are to tell the paper what is laid out. */
  constructor(settings: TextSettings, newLine: (paper: Paper) => LineBuilder) {
    this.settings = settings;
    this.line = newLine(this);
  }

  /** What happened since the last call. */
  taken(): readonly PrintEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Something happened. */
  add(event: PrintEvent): void {
    this.#events.push(event);
  }

  /** Something happened that has no more to it than its place. */
  push(type: "cut" | "drawer" | "image" | "reset", { startOffset, endOffset }: Command): void {
    this.#events.push({ type, startOffset, endOffset });
  }

  /** A symbol was printed, if there was one to print. */
  pushSymbol(symbol: PrintedSymbol | undefined, { startOffset, endOffset }: Command): void {
    if (symbol === undefined) return;
    const { name, data } = symbol;
    if (name === "qr") this.#events.push({ type: "qr", data, startOffset, endOffset });
    else this.#events.push({ type: "barcode", symbology: name, data, startOffset, endOffset });
  }

  /** The settings, to be changed: what was printed before keeps those it was printed with. */
  restyle(): TextSettings {
    this.line.settle();
    return this.settings;
  }

  /** A picture was sent to memory. */
  storeImage(startOffset: number): void {
    this.#storedImageAt = startOffset;
  }

  /** The picture in memory is printed: its bytes stand where it was sent. */
  printImage({ startOffset, endOffset }: Command): void {
    const stored = this.#storedImageAt;
    this.#events.push({ type: "image", startOffset: stored < 0 ? startOffset : stored, endOffset });
  }

  /** A row of a raster came. */
  addRow(startOffset: number, endOffset: number): void {
    if (this.#raster === undefined) this.#raster = { startOffset, endOffset };
    else this.#raster.endOffset = endOffset;
  }

  /** The raster that was coming is complete. */
  endRaster(): void {
    if (this.#raster === undefined) return;
    this.#events.push({ type: "image", ...this.#raster });
    this.#raster = undefined;
  }

  /** The printer is initialised. */
  reset(command: Command): void {
    this.line.clear();
    this.settings.reset();
    this.symbols.clear();
    this.#storedImageAt = -1;
    this.push("reset", command);
  }
}
