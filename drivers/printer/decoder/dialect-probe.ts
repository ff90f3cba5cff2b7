import { lookUp, tooShort } from "./command-index.ts";
import { dialects, otherThan, type Dialect } from "./dialect.ts";
import { impossible, undetermined } from "./frame.ts";

/** What the beginning of a print job says about its dialect. */
export interface Verdict {
  readonly dialect: Dialect;
  /** A command was seen that only this dialect has. */
  readonly proven: boolean;
}

/** How far a job is looked into before the dialect stays what it is. */
const probeWindow = 256;

const LF = 0x0a;
const CR = 0x0d;
const fault = -2;

/**
 * Bytes below 0x20 that say nothing: what any printer takes (NUL, HT, LF, FF, CR, CAN), and what drives something on one that is no proof
 * alone (BEL, SO, SI, DC2, DC4, EM, SUB).
 */
const neutralControls: ReadonlySet<number> = new Set(
  [0x00, 0x09, LF, 0x0c, CR, 0x18].concat([0x07, 0x0e, 0x0f, 0x12, 0x14, 0x19, 0x1a]),
);

/** The stream as one dialect reads it. */
interface Walker {
  readonly dialect: Dialect;
  at: number;
  score: number;
  /** A command was seen that only this dialect has. */
  proven: boolean;
  sawText: boolean;
  lineEnded: boolean;
}

/**
 * Reads the beginning of a job in both dialects side by side, from `at` up to `end`, and answers which one makes sense of it. A command
 * that only one of them has decides; so does a command or control byte that one of them does not know. At the end of the first line,
 * after 256 bytes or with `last` the job stays in the dialect it is taken for. `undefined`: more bytes are needed. Longer
 * input never changes an answer once given.
 */
export function probe(
  bytes: Uint8Array,
  at: number,
  end: number,
  current: Dialect,
  last: boolean,
): Verdict | undefined {
  const limit = Math.min(end, at + probeWindow);
  const mine = walker(current, at);
  const others = walker(otherThan(current), at);
  while (mine.at < limit || others.at < limit) {
    const behind = others.at < mine.at ? others : mine;
    if (!advance(behind, bytes, limit)) break;
    const verdict = decided(mine, others);
    if (verdict !== undefined) return verdict;
  }
  if (!last && limit < at + probeWindow) return undefined;
  return { dialect: others.score > mine.score ? others.dialect : current, proven: false };
}

function walker(dialect: Dialect, at: number): Walker {
  return { dialect, at, score: 0, proven: false, sawText: false, lineEnded: false };
}

function decided(mine: Walker, others: Walker): Verdict | undefined {
  if (mine.proven !== others.proven) return { dialect: (mine.proven ? mine : others).dialect, proven: true };
  if (mine.at !== others.at) return undefined;
  if (mine.score !== others.score) {
    return { dialect: (mine.score > others.score ? mine : others).dialect, proven: false };
  }
  return mine.lineEnded && others.lineEnded ? { dialect: mine.dialect, proven: false } : undefined;
}

/** Takes one byte of text or one command; `false` when it is not all there. */
function advance(walk: Walker, bytes: Uint8Array, limit: number): boolean {
  const byte = bytes[walk.at] ?? 0;
  if (byte >= 0x20) {
    walk.sawText = true;
    walk.at += 1;
    return true;
  }
  const found = lookUp(walk.dialect.index, bytes, walk.at, limit);
  if (found === tooShort) return false;
  if (typeof found === "number") return skipUnknown(walk, byte, found);
  const length = found.frame(bytes, walk.at, limit);
  if (length === undetermined) return false;
  if (length === impossible) return skipUnknown(walk, byte, 2);
  walk.proven ||= walk.dialect.proofs.has(found);
  walk.at += length;
  return true;
}

function skipUnknown(walk: Walker, byte: number, length: number): true {
  if (!neutralControls.has(byte)) walk.score += fault;
  if (byte === LF || byte === CR) walk.lineEnded ||= walk.sawText;
  walk.at += length;
  return true;
}

/** What a stream is taken for until it says otherwise. */
export const defaultDialect: Dialect = dialects.escpos;
