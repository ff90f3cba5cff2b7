import { lookUp, tooShort, type CommandIndex } from "./command-index.ts";
import { dialects, type Dialect } from "./dialect.ts";
import { impossible, undetermined } from "./frame.ts";

/** How many bytes, from `ESC @` on, must read like the start of a print job. */
export const restartWindow = 16;

const ESC = 0x1b;
const AT = 0x40;
const CAN = 0x18;

/**
 * Looks for the start of a new print job inside what was announced as the data of a command, in `bytes` from `from` up to `to`. POS
 * software starts jobs with `ESC @`; two bytes also occur in pictures, so the bytes after it must be text and known commands too, in
 * `dialect` or, without one, in any. Answers its position, or -1.
 */
export function findRestart(bytes: Uint8Array, from: number, to: number, dialect: Dialect | undefined): number {
  const last = to - restartWindow;
  for (let at = bytes.indexOf(ESC, from); at >= 0 && at <= last; at = bytes.indexOf(ESC, at + 1)) {
    if (bytes[at + 1] === AT && begins(bytes, at, dialect)) return at;
  }
  return -1;
}

function begins(bytes: Uint8Array, at: number, dialect: Dialect | undefined): boolean {
  const reads = (one: Dialect): boolean => readsLikeAJob(bytes, at + 2, at + restartWindow, one.index);
  return dialect === undefined ? reads(dialects.escpos) || reads(dialects.star) : reads(dialect);
}

function readsLikeAJob(bytes: Uint8Array, from: number, to: number, index: CommandIndex): boolean {
  let commands = 0;
  let plain = true;
  let at = from;
  while (at < to) {
    const byte = bytes[at] ?? 0;
    const found = byte < 0x20 ? lookUp(index, bytes, at, to) : 1;
    if (found === tooShort) break;
    if (typeof found === "number") {
      if (!isText(byte)) return false;
      plain &&= byte < 0x7f;
      at += 1;
      continue;
    }
    const length = found.frame(bytes, at, to);
    if (length === impossible) return false;
    if (length === undetermined) break;
    // A single byte is a command in noise as well.
    if (found.prefix.length > 1) commands += 1;
    at += length;
  }
  return commands > 0 || plain;
}

function isText(byte: number): boolean {
  if (byte < 0x20) return byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === CAN;
  return byte < 0x7f || (byte > 0xa0 && byte < 0xff);
}
