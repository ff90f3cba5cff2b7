import type { CommandIndex } from "./command-table.ts";
import { impossible, undetermined } from "./frame.ts";

/** How many bytes, from `ESC @` on, must read like the start of a print job. */
export const restartWindow = 16;

const ESC = 0x1b;
const AT = 0x40;

/**
 * Looks for the start of a new print job inside what was announced as the data of a command, in `bytes` from `from` up to `to`. POS
 * software starts jobs with `ESC @`; two bytes also occur in pictures, so the bytes after it must be text and known commands too.
 * Answers its position, or -1.
 */
export function findRestart(bytes: Uint8Array, from: number, to: number, leads: CommandIndex): number {
  const last = to - restartWindow;
  for (let at = bytes.indexOf(ESC, from); at >= 0 && at <= last; at = bytes.indexOf(ESC, at + 1)) {
    if (bytes[at + 1] === AT && readsLikeAJob(bytes, at + 2, at + restartWindow, leads)) return at;
  }
  return -1;
}

function readsLikeAJob(bytes: Uint8Array, from: number, to: number, leads: CommandIndex): boolean {
  let commands = 0;
  let plain = true;
  let at = from;
  while (at < to) {
    const byte = bytes[at] ?? 0;
    const codes = leads[byte];
    if (codes === undefined) {
      if (!isText(byte)) return false;
      plain &&= byte < 0x7f;
      at += 1;
      continue;
    }
    if (at + 1 >= to) break;
    const length = codes[bytes[at + 1] ?? 0]?.frame(bytes, at, to) ?? impossible;
    if (length === impossible) return false;
    if (length === undetermined) break;
    commands += 1;
    at += length;
  }
  return commands > 0 || plain;
}

function isText(byte: number): boolean {
  if (byte < 0x20) return byte === 0x0a || byte === 0x0d || byte === 0x09;
  return byte < 0x7f || (byte > 0xa0 && byte < 0xff);
}
