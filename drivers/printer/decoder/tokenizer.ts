import { commandTable, displayCommandTable, indexCommands, type CommandRow } from "./command-table.ts";
import { impossible, undetermined } from "./frame.ts";
import { findRestart, restartWindow } from "./restart.ts";

/** Takes what the tokenizer finds, in order. Offsets are stream positions. The bytes may be kept only after copying. */
export interface TokenSink {
  /** A run of bytes from 0x20 up, the first at `offset`. A run may arrive in pieces. */
  text(bytes: Uint8Array, from: number, to: number, offset: number): void;
  /** A control byte that is no command of its own, at `offset`. */
  control(byte: number, offset: number): void;
  /** A whole command. Of one that is longer than 8 KiB, or whose row is not held, only the first 16 bytes may be read. */
  command(row: CommandRow, bytes: Uint8Array, at: number, length: number, offset: number): void;
  /** Bytes that no table knows. */
  unknown(startOffset: number, endOffset: number): void;
  /** A command that stops in the middle: the stream ended, or something new begins at `endOffset`. */
  broken(startOffset: number, endOffset: number): void;
}

/** A long command whose data is passed over. */
interface Skip {
  readonly row: CommandRow;
  readonly header: Uint8Array;
  readonly startOffset: number;
  readonly length: number;
  remaining: number;
}

/** Longest command that is kept in memory: the data of a full QR code is 7092 bytes. */
const maxHeld = 8192;
/** How much of a long command must be there before it is passed over. */
const minSeen = 64;
const headerLength = 16;
/** More bytes are needed. */
const wanting = -1;
/** A display shows 2 lines of 20; a selection that never ends was noise. */
const maxDisplayBytes = 1024;

const printerCommands = indexCommands(commandTable);
const displayCommands = indexCommands(displayCommandTable);

/**
 * Cuts an ESC/POS byte stream into text, control bytes and commands by the command table. Any split of the stream into chunks gives
 * the same tokens. Holds at most one command of 8 KiB; longer ones are passed over. A command that was cut short by the start of
 * another job (`ESC @` and more that reads like one) is given up there.
 */
export class Tokenizer {
  readonly #sink: TokenSink;
  /** Bytes that could not be taken yet; the first stands at `#offset`. */
  #pending: Uint8Array = new Uint8Array(0);
  #offset: number;
  #skip: Skip | undefined;
  /** Stream position where a selected line display is given up, or -1 while the printer is selected. */
  #displayUntil = -1;

  constructor(sink: TokenSink, startOffset: number) {
    this.#sink = sink;
    this.#offset = startOffset;
  }

  /** Stream position after the last byte that was taken. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes the next bytes. */
  feed(chunk: Uint8Array): void {
    const bytes = joined(this.#pending, chunk);
    const used = this.#consume(bytes);
    this.#pending = used === bytes.length ? empty : bytes.slice(used);
    this.#offset += used;
  }

  /** The line fell silent or ended: an unfinished command is reported as broken, and what follows begins anew. */
  end(): void {
    const endOffset = this.#offset + this.#pending.length;
    if (this.#skip !== undefined) this.#sink.broken(this.#skip.startOffset, endOffset);
    else if (this.#pending.length > 0) this.#sink.broken(this.#offset, endOffset);
    this.#pending = empty;
    this.#skip = undefined;
    this.#displayUntil = -1;
    this.#offset = endOffset;
  }

  #consume(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      const used = this.#step(bytes, at);
      if (used === wanting) break;
      at += used;
    }
    return at;
  }

  /** Takes what stands at `at` and answers how many bytes that was, or `wanting` when more are needed. */
  #step(bytes: Uint8Array, at: number): number {
    if (this.#skip !== undefined) return this.#passOver(this.#skip, bytes, at);
    const byte = bytes[at] ?? 0;
    const onDisplay = this.#displaySelected(byte, this.#offset + at);
    if (byte >= 0x20) return this.#run(bytes, at, onDisplay);
    const codes =
      (onDisplay ? displayCommands : printerCommands)[byte] ?? (byte === 0x10 ? printerCommands[byte] : undefined);
    if (codes !== undefined) return this.#command(codes, bytes, at);
    if (!onDisplay) this.#sink.control(byte, this.#offset + at);
    return 1;
  }

  #run(bytes: Uint8Array, at: number, onDisplay: boolean): number {
    const limit = onDisplay ? Math.min(bytes.length, this.#displayUntil - this.#offset) : bytes.length;
    let to = at + 1;
    while (to < limit && (bytes[to] ?? 0) >= 0x20) to += 1;
    if (!onDisplay) this.#sink.text(bytes, at, to, this.#offset + at);
    return to - at;
  }

  /** A display knows no FS and no GS command, so one of these ends a selection too. */
  #displaySelected(byte: number, offset: number): boolean {
    if (this.#displayUntil >= 0 && (byte === 0x1c || byte === 0x1d || offset >= this.#displayUntil)) {
      this.#displayUntil = -1;
    }
    return this.#displayUntil >= 0;
  }

  #command(codes: readonly (CommandRow | undefined)[], bytes: Uint8Array, at: number): number {
    const code = bytes[at + 1];
    if (code === undefined) return wanting;
    const row = codes[code];
    if (row === undefined) return this.#unknown(at, code >= 0x20 ? 2 : 1);
    const length = row.frame(bytes, at, Math.min(bytes.length, at + maxHeld));
    if (length === impossible) return this.#unknown(at, 2);
    const seen = bytes.length - at;
    if (length === undetermined) return seen < maxHeld ? wanting : this.#unknown(at, 2);
    if (length >= restartWindow + 2) {
      const restart = findRestart(bytes, at + 2, Math.min(at + length, bytes.length), printerCommands);
      if (restart >= 0) return this.#giveUp(this.#offset + at, at, restart);
    }
    if (length <= seen) return this.#whole(row, bytes, at, length);
    if ((row.held && length <= maxHeld) || seen < minSeen) return wanting;
    return this.#startSkip(row, bytes, at, length);
  }

  #whole(row: CommandRow, bytes: Uint8Array, at: number, length: number): number {
    const offset = this.#offset + at;
    if (row.effect === "peripheral") {
      this.#displayUntil = ((bytes[at + 2] ?? 0) & 3) === 2 ? offset + maxDisplayBytes : -1;
    } else if (this.#displayUntil < 0) {
      if (length <= maxHeld) this.#sink.command(row, bytes, at, length, offset);
      else this.#sink.command(row, bytes.slice(at, at + headerLength), 0, length, offset);
    }
    return length;
  }

  /** The last bytes stay pending, because the start of another job may begin in them. */
  #startSkip(row: CommandRow, bytes: Uint8Array, at: number, length: number): number {
    const used = bytes.length - at - restartWindow + 1;
    const header = bytes.slice(at, at + headerLength);
    this.#skip = { row, header, startOffset: this.#offset + at, length, remaining: length - used };
    return used;
  }

  #passOver(skip: Skip, bytes: Uint8Array, at: number): number {
    const seen = bytes.length - at;
    const restart = findRestart(bytes, at, at + Math.min(skip.remaining, seen), printerCommands);
    if (restart >= 0) {
      this.#skip = undefined;
      return this.#giveUp(skip.startOffset, at, restart);
    }
    if (skip.remaining <= seen) {
      this.#skip = undefined;
      this.#sink.command(skip.row, skip.header, 0, skip.length, skip.startOffset);
      return skip.remaining;
    }
    const used = seen - restartWindow + 1;
    if (used <= 0) return wanting;
    skip.remaining -= used;
    return used;
  }

  #giveUp(startOffset: number, at: number, restart: number): number {
    this.#displayUntil = -1;
    this.#sink.broken(startOffset, this.#offset + restart);
    return restart - at;
  }

  #unknown(at: number, length: number): number {
    this.#sink.unknown(this.#offset + at, this.#offset + at + length);
    return length;
  }
}

const empty = new Uint8Array(0);

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const both = new Uint8Array(head.length + tail.length);
  both.set(head);
  both.set(tail, head.length);
  return both;
}
