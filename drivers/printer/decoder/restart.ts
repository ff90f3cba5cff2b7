import { lookUp, tooShort, type CommandIndex } from "./command-index.ts";
import type { Dialect } from "./dialect.ts";
import { impossible, undetermined } from "./frame.ts";

/** How many bytes, from `ESC @` on, must read like the start of a print job. */
const afterReset = 16;

/** How many bytes must read like a receipt where no `ESC @` begins it. */
const withoutReset = 96;

/** The most bytes that a place is judged by. */
export const restartWindow = withoutReset;

/** Where to look for the start of a print job. */
export interface RestartSearch {
  /** The dialects it may be in. */
  readonly dialects: readonly Dialect[];
  /** Whether the data is such that text in it cannot belong there: a picture, and not a symbol that may hold any text. */
  readonly amidPicture: boolean;
}

const ESC = 0x1b;
const GS = 0x1d;
const AT = 0x40;
const CAN = 0x18;
const LF = 0x0a;

/**
 * Looks for the start of a new print job inside what was announced as the data of a command, in `bytes` from `from` up to `to`. POS
 * software starts jobs with `ESC @`; two bytes also occur in pictures, so the bytes after it must be text and known commands too. A
 * picture can also be given up where a longer stretch of text lines and commands begins without it. Answers its position, or -1. More
 * bytes after `to` never bring out an earlier one.
 */
export function findRestart(bytes: Uint8Array, from: number, to: number, search: RestartSearch): number {
  const { dialects, amidPicture } = search;
  const last = to - afterReset;
  for (let at = from; at <= last; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < ESC || byte > GS) continue;
    if (byte === ESC && bytes[at + 1] === AT) {
      if (dialects.some(({ index }) => isJob(bytes, at + 2, at + afterReset, index))) return at;
    } else if (amidPicture && at + withoutReset <= to) {
      if (dialects.some(({ index }) => isReceipt(bytes, at, at + withoutReset, index))) return at;
    }
  }
  return -1;
}

/** What a stretch of bytes consists of, in one dialect. */
interface Reading {
  commands: number;
  text: number;
  lines: number;
  /** All of the text is ASCII. */
  plain: boolean;
}

function isJob(bytes: Uint8Array, from: number, to: number, index: CommandIndex): boolean {
  const reading = read(bytes, from, to, index);
  return reading !== undefined && (reading.commands > 0 || reading.plain);
}

/** An `ESC @` inside is the better place to begin. */
function isReceipt(bytes: Uint8Array, from: number, to: number, index: CommandIndex): boolean {
  const reading = read(bytes, from, to, index);
  if (reading === undefined || reading.commands < 2 || reading.lines < 2 || reading.text < withoutReset / 4)
    return false;
  for (let at = from; at + 1 < to; at += 1) if (bytes[at] === ESC && bytes[at + 1] === AT) return false;
  return true;
}

/** Reads a stretch; `undefined` when something in it is neither text nor a known command. */
function read(bytes: Uint8Array, from: number, to: number, index: CommandIndex): Reading | undefined {
  const reading: Reading = { commands: 0, text: 0, lines: 0, plain: true };
  let at = from;
  while (at < to) {
    const byte = bytes[at] ?? 0;
    const found = byte < 0x20 ? lookUp(index, bytes, at, to) : 1;
    if (found === tooShort) break;
    if (typeof found === "number") {
      if (!isText(byte)) return undefined;
      if (byte >= 0x20) reading.text += 1;
      if (byte === LF) reading.lines += 1;
      reading.plain &&= byte < 0x7f;
      at += 1;
      continue;
    }
    const length = found.frame(bytes, at, to);
    if (length === impossible) return undefined;
    if (length === undetermined) break;
    // A single byte is a command in noise as well.
    if (found.prefix.length > 1) reading.commands += 1;
    at += length;
  }
  return reading;
}

function isText(byte: number): boolean {
  if (byte < 0x20) return byte === LF || byte === 0x0d || byte === 0x09 || byte === CAN;
  return byte < 0x7f || (byte > 0xa0 && byte < 0xff);
}
