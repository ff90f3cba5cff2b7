import { indexCommands, lookUp, tooShort, type CommandIndex } from "./command-index.ts";
import type { CommandRow } from "./command-row.ts";
import { DialectFinder } from "./dialect-finder.ts";
import { dialects, type DialectName } from "./dialect.ts";
import { displayCommands } from "./display-commands.ts";
import { impossible, undetermined } from "./frame.ts";
import { findRestart, restartWindow, type RestartSearch } from "./restart.ts";
import { starRasterCommands } from "./star-commands.ts";
import type { TokenSink } from "./token-sink.ts";

/** How a stream is to be cut. */
export interface TokenizerOptions {
  /** Stream position of the first byte. */
  readonly startOffset: number;
  /** The dialect, where it is known; otherwise it is found out, job by job. */
  readonly dialect?: DialectName | undefined;
}

/** A long command whose data is passed over. */
interface Skip {
  readonly row: CommandRow;
  readonly header: Uint8Array;
  readonly startOffset: number;
  readonly length: number;
  remaining: number;
}

const empty = Buffer.alloc(0);

/** What the next byte belongs to. */
type Target = "printer" | "raster" | "display";

/** Longest command that is kept in memory: the data of a full QR code is 7092 bytes. */
const maxHeld = 8192;
/** How much of a long command must be there before it is passed over. */
const minSeen = 128;
/** Shorter ones are not searched for the start of a job. */
const shortCommand = 18;
/** A command whose length shows later than this is made of records, and its frame says so for good. */
const lateFrame = 512;
const headerLength = 16;
const DLE = 0x10;
const GS = 0x1d;
/** More bytes are needed. */
const wanting = -1;
/** A display shows 2 lines of 20; a selection that never ends was noise. */
const maxDisplayBytes = 1024;

const displayIndex = indexCommands(displayCommands);
const rasterIndex = indexCommands(starRasterCommands);

/**
 * Cuts a print stream into text, control bytes and commands by the command tables. Any split of the stream into chunks gives the same
 * tokens. Holds at most one command of 8 KiB; longer ones are passed over. A command that was cut short by the start of another job
 * (`ESC @` and more that reads like one) is given up there. Unless told the dialect, it looks into the beginning of each job to find out.
 */
export class Tokenizer {
  readonly #sink: TokenSink;
  readonly #dialect: DialectFinder;
  readonly #inPictures: RestartSearch;
  readonly #inSymbols: RestartSearch;
  #target: Target = "printer";
  /** Bytes that could not be taken yet; the first stands at `#offset`. */
  #pending: Buffer = empty;
  #offset: number;
  #skip: Skip | undefined;
  /** Stream position where a selected line display is given up. */
  #displayUntil = 0;

  constructor(sink: TokenSink, { startOffset, dialect }: TokenizerOptions) {
    this.#sink = sink;
    this.#offset = startOffset;
    this.#dialect = new DialectFinder(dialect);
    this.#inPictures = { dialects: this.#dialect.possible, amidPicture: true };
    this.#inSymbols = { dialects: this.#dialect.possible, amidPicture: false };
  }

  /** Stream position after the last byte that was taken. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes the next bytes. */
  feed(chunk: Uint8Array): void {
    const bytes = joined(this.#pending, chunk);
    const used = this.#consume(bytes);
    this.#pending = used === bytes.length ? empty : Buffer.from(bytes.subarray(used));
    this.#offset += used;
  }

  /** The line fell silent or ended: an unfinished command is reported as broken, and what follows begins anew. */
  end(): void {
    do {
      while (this.#dialect.searching) {
        this.#dialect.settle(this.#pending, 0, true);
        this.feed(empty);
      }
    } while (this.#skip === undefined && this.#restartAtEnd());
    const endOffset = this.#offset + this.#pending.length;
    const startOffset = this.#skip?.startOffset ?? this.#offset;
    if (startOffset < endOffset) this.#sink.broken(startOffset, endOffset);
    this.#pending = empty;
    this.#skip = undefined;
    this.#select("printer", endOffset);
    this.#offset = endOffset;
    this.#dialect.search();
  }

  /** A job that begins inside the unfinished command at the end is read as well. */
  #restartAtEnd(): boolean {
    const restart = findRestart(this.#pending, 2, this.#pending.length, this.#inSymbols);
    if (restart < 0) return false;
    this.#giveUp(this.#offset, 0, restart);
    this.#pending = this.#pending.subarray(restart);
    this.#offset += restart;
    this.feed(empty);
    return true;
  }

  #consume(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length) {
      const used = this.#step(bytes, at);
      if (used === wanting) break;
      at += used;
    }
    return at;
  }

  /** Takes what stands at `at` and answers how many bytes that was, or `wanting` when more are needed. */
  #step(bytes: Buffer, at: number): number {
    if (this.#skip !== undefined) return this.#passOver(this.#skip, bytes, at);
    if (this.#dialect.searching && !this.#dialect.settle(bytes, at, false)) return wanting;
    const byte = bytes[at] ?? 0;
    if (this.#target !== "printer") this.#leaveIfOver(byte, this.#offset + at);
    if (byte >= 0x20 && this.#target !== "raster") return this.#run(bytes, at);
    return this.#command(bytes, at);
  }

  /**
   * A display knows no FS and no GS command, so one of these ends a selection too, as does too much text. In raster mode a printer takes
   * no text, so text says that its end got lost.
   */
  #leaveIfOver(byte: number, offset: number): void {
    const over =
      this.#target === "display"
        ? byte === 0x1c || byte === GS || offset >= this.#displayUntil
        : byte >= 0x20 && rasterIndex[byte] === undefined;
    if (over) this.#select("printer", offset);
  }

  #select(target: Target, offset: number): void {
    this.#displayUntil = offset + maxDisplayBytes;
    if (target === this.#target) return;
    if (this.#target === "display") this.#sink.display?.released(offset);
    if (target === "display") this.#sink.display?.selected(offset);
    this.#target = target;
  }

  #run(bytes: Buffer, at: number): number {
    const onDisplay = this.#target === "display";
    const limit = onDisplay ? Math.min(bytes.length, this.#displayUntil - this.#offset) : bytes.length;
    let to = at;
    let seen = 0;
    for (let byte = bytes[to] ?? 0; to < limit && byte >= 0x20; byte = bytes[to] ?? 0) {
      seen |= byte;
      to += 1;
    }
    (onDisplay ? this.#sink.display : this.#sink)?.text(bytes, at, to, this.#offset + at, seen < 0x80);
    return to - at;
  }

  #index(byte: number): CommandIndex {
    // Real-time commands are for the printer, whatever is selected, and only ESC/POS has them.
    if (byte === DLE) return dialects.escpos.index;
    if (this.#target === "raster") return rasterIndex;
    return this.#target === "display" ? displayIndex : this.#dialect.current.index;
  }

  #command(bytes: Buffer, at: number): number {
    const byte = bytes[at] ?? 0;
    const index = this.#index(byte);
    if (index[byte] === undefined) return this.#control(bytes, at);
    const found = lookUp(index, bytes, at, bytes.length);
    if (found === tooShort) return wanting;
    if (typeof found === "number") return this.#unknown(bytes, at, found);
    const seen = bytes.length - at;
    if (found.size > 0 && found.size < shortCommand)
      return found.size <= seen ? this.#whole(found, bytes, at, found.size) : wanting;
    return this.#variable(found, bytes, at, seen);
  }

  /** Takes a command whose length its bytes say. */
  #variable(found: CommandRow, bytes: Buffer, at: number, seen: number): number {
    const length = found.frame(bytes, at, Math.min(bytes.length, at + maxHeld));
    if (length === impossible) return this.#unknown(bytes, at, 2);
    if (length >= shortCommand || (length === undetermined && seen >= lateFrame)) {
      const to = at + Math.min(length === undetermined ? maxHeld : length, seen);
      const restart = this.#restart(found, bytes, at + 2, to);
      if (restart >= 0) return this.#giveUp(this.#offset + at, at, restart);
    }
    if (length === undetermined) return seen < maxHeld ? wanting : this.#unknown(bytes, at, 2);
    if (length <= seen) return this.#whole(found, bytes, at, length);
    if ((found.held && length <= maxHeld) || seen < minSeen) return wanting;
    return this.#startSkip(found, bytes, at, length);
  }

  #control(bytes: Buffer, at: number): number {
    const byte = bytes[at] ?? 0;
    const used = byte === GS ? this.#other(bytes, at) : undefined;
    if (used !== undefined) return used;
    (this.#target === "display" ? this.#sink.display : this.#sink)?.control(byte, this.#offset + at);
    return 1;
  }

  #whole(row: CommandRow, bytes: Buffer, at: number, length: number): number {
    const offset = this.#offset + at;
    if (row.effect === "peripheral") {
      this.#select(((bytes[at + 2] ?? 0) & 3) === 2 ? "display" : "printer", offset + length);
      return length;
    }
    const sink = this.#target === "display" && bytes[at] !== DLE ? this.#sink.display : this.#sink;
    if (length <= maxHeld) sink?.command(row, bytes, at, length, offset);
    else sink?.command(row, Buffer.from(bytes.subarray(at, at + headerLength)), 0, length, offset);
    if (this.#target !== "display") this.#follow(row, offset + length);
    return length;
  }

  /** What a command to the printer says about the bytes after it. */
  #follow(row: CommandRow, endOffset: number): void {
    if (row.effect === "raster-begin") this.#select("raster", endOffset);
    if (row.effect === "raster-end" || row.effect === "reset") this.#select("printer", endOffset);
    if (row.effect === "reset") this.#dialect.search();
    this.#dialect.saw(row);
  }

  /** The last bytes stay pending, because the start of another job may begin in them. */
  #startSkip(row: CommandRow, bytes: Buffer, at: number, length: number): number {
    const used = bytes.length - at - restartWindow + 1;
    const header = Buffer.from(bytes.subarray(at, at + headerLength));
    this.#skip = { row, header, startOffset: this.#offset + at, length, remaining: length - used };
    return used;
  }

  #passOver(skip: Skip, bytes: Buffer, at: number): number {
    const seen = bytes.length - at;
    const restart = this.#restart(skip.row, bytes, at, at + Math.min(skip.remaining, seen));
    if (restart >= 0) {
      this.#skip = undefined;
      return this.#giveUp(skip.startOffset, at, restart);
    }
    if (skip.remaining <= seen) {
      this.#skip = undefined;
      if (this.#target !== "display") this.#sink.command(skip.row, skip.header, 0, skip.length, skip.startOffset);
      return skip.remaining;
    }
    const used = seen - restartWindow + 1;
    if (used <= 0) return wanting;
    skip.remaining -= used;
    return used;
  }

  /** Where a job begins inside the data of a command, or -1. What is held may be any text; what is not is a picture. */
  #restart(row: CommandRow, bytes: Buffer, from: number, to: number): number {
    return findRestart(bytes, from, to, row.held ? this.#inSymbols : this.#inPictures);
  }

  #giveUp(startOffset: number, at: number, restart: number): number {
    this.#select("printer", this.#offset + restart);
    this.#sink.broken(startOffset, this.#offset + restart);
    return restart - at;
  }

  #unknown(bytes: Buffer, at: number, length: number): number {
    const used = this.#target === "display" ? this.#printerInstead(bytes, at) : this.#other(bytes, at);
    if (used !== undefined) return used;
    if (this.#target !== "display") this.#sink.unknown(this.#offset + at, this.#offset + at + length);
    return length;
  }

  /** What a display does not know and the printer does says that the end of the selection got lost. */
  #printerInstead(bytes: Buffer, at: number): number | undefined {
    const found = lookUp(this.#dialect.current.index, bytes, at, bytes.length);
    if (found === tooShort) return wanting;
    if (typeof found === "number") return undefined;
    this.#select("printer", this.#offset + at);
    return 0;
  }

  /** What this dialect does not know may be the other one: then nothing is taken yet, and it is read in that one. */
  #other(bytes: Buffer, at: number): number | undefined {
    const changed = this.#target === "printer" ? this.#dialect.change(bytes, at) : false;
    if (changed === undefined) return wanting;
    return changed ? 0 : undefined;
  }
}

function joined(head: Buffer, tail: Uint8Array): Buffer {
  if (head.length === 0) return Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  return Buffer.concat([head, tail]);
}
