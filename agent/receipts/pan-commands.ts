/** What a command means for a search of card numbers. */
export interface CommandSpan {
  /** Bytes of the command that are no text. Text may follow as its data. */
  readonly length: number;
  /**
   * `style`: may stand inside a printed number. `break`: ends one. `picture`: `skip` bytes of pixels follow. `pairs`: a CODE128
   * symbol, whose data begins at the fifth byte.
   */
  readonly effect: "style" | "break" | "picture" | "pairs";
  /** Bytes of pixels after `length`; 0 unless a picture. */
  readonly skip: number;
}

/** More bytes are needed to tell. */
export const undecided = "undecided";

type Measure = (bytes: Uint8Array, at: number) => CommandSpan | typeof undecided;
type Codes = readonly (Measure | undefined)[];

/** No page of paper has more pixels; a longer count is noise. */
const maxPicture = 4 * 1024 * 1024;
/** A longer list of parameters is scanned as if it were text. */
const maxParameters = 32;

/**
 * The command at `at`, where an ESC, FS, GS, DLE or US stands. A table of its own, apart from the decoder's: masking must not depend
 * on profile or dialect, and needs to know only where text begins and which bytes are pixels.
 */
export function commandAt(bytes: Uint8Array, at: number, star: boolean): CommandSpan | typeof undecided {
  const code = bytes[at + 1];
  if (code === undefined) return undecided;
  const lead = bytes[at] ?? 0;
  const measure = (star && lead === 0x1b ? starEsc[code] : undefined) ?? codesByLead[lead]?.[code];
  // What is unknown is taken as two bytes, or as one when the second begins a command itself.
  return measure === undefined ? { length: code < 0x20 ? 1 : 2, effect: "break", skip: 0 } : measure(bytes, at);
}

/** Whether `at` holds a command that only Star printers know: GS and RS never follow ESC elsewhere. */
export function isStarOnly(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x1b && (bytes[at + 1] === 0x1d || bytes[at + 1] === 0x1e);
}

function fixed(effect: "style" | "break", total: number): Measure {
  const span: CommandSpan = { length: total, effect, skip: 0 };
  return (bytes, at) => (at + total > bytes.length ? undecided : span);
}

const style = (parameters: number): Measure => fixed("style", 2 + parameters);
const other = (parameters: number): Measure => fixed("break", 2 + parameters);

/** A command of `header` bytes and as many of pixels as `pixels` says. */
function picture(header: number, pixels: (bytes: Uint8Array, at: number) => number): Measure {
  return (bytes, at) => {
    if (at + header > bytes.length) return undecided;
    const skip = pixels(bytes, at);
    return skip <= maxPicture ? { length: header, effect: "picture", skip } : { length: 2, effect: "break", skip: 0 };
  };
}

/** A command that its third byte tells the length of. */
function byThird(choose: (third: number) => Measure): Measure {
  return (bytes, at) => {
    const third = bytes[at + 2];
    return third === undefined ? undecided : choose(third)(bytes, at);
  };
}

const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
const long = (bytes: Uint8Array, at: number): number => word(bytes, at) + 65_536 * word(bytes, at + 2);

/** `X ( f pL pH`: graphics are pixels, stored symbol data is text, the rest are settings. */
const parenthesised: Measure = (bytes, at) => {
  if (at + 8 > bytes.length) return at + 5 <= bytes.length && word(bytes, at + 3) < 3 ? settings(bytes, at) : undecided;
  if (bytes[at] === 0x1d && bytes[at + 2] === 0x4c) return picture(5, (all, from) => word(all, from + 3))(bytes, at);
  if (bytes[at] === 0x1d && bytes[at + 2] === 0x6b && bytes[at + 6] === 0x50) return fixed("break", 8)(bytes, at);
  return settings(bytes, at);
};

function settings(bytes: Uint8Array, at: number): CommandSpan | typeof undecided {
  const count = word(bytes, at + 3);
  return fixed("break", count <= maxParameters ? 5 + count : 5)(bytes, at);
}

/** `GS k`: form A is followed by its data, form B by a count and its data; CODE128 in form B writes two digits in a byte. */
const barcode: Measure = byThird((m) => {
  if (m < 65) return fixed("break", 3);
  if (m !== 73) return fixed("break", 4);
  return (bytes, at) => {
    const length = 4 + (bytes[at + 3] ?? 0);
    return at + length > bytes.length ? undecided : { length, effect: "pairs", skip: 0 };
  };
});

/** `ESC E n` and `ESC F` of ESC/POS clash with two-byte commands of Star: a digit that is no switch is text. */
const switched: Measure = byThird((n) => style(n >= 0x32 && n <= 0x39 ? 0 : 1));
const oneOrNone: Measure = byThird((n) => style(n <= 1 ? 1 : 0));

function table(rows: Readonly<Record<string, Measure>>): Codes {
  const codes: (Measure | undefined)[] = Array.from({ length: 256 });
  for (const [keys, measure] of Object.entries(rows)) for (const key of keys) codes[key.charCodeAt(0)] = measure;
  return codes;
}

const esc = table({
  "@2": style(0),
  E: switched,
  "45": oneOrNone,
  "! -3GMRVart{T": style(1),
  "$\\": style(2),
  "%=?JKdeuU": other(1),
  Bcf: other(2),
  p: other(3),
  W: other(8),
  b: other(4),
  "FLSimqv<": other(0),
  D: other(0),
  "(": parenthesised,
  "*": picture(5, (bytes, at) => word(bytes, at + 3) * ([32, 33, 0x30, 0x31].includes(bytes[at + 2] ?? 0) ? 3 : 1)),
  "\x1d": byThird((code) => starGs[code] ?? fixed("break", 3)),
  "\x1e": fixed("break", 4),
});

const starEsc = table({
  "EF45M:P0": style(0),
  " -RzQlWhi": style(1),
  i: style(2),
  d$: other(1),
  s: other(2),
  "\x07": other(2),
  "\x06\x0c": other(1),
  b: other(4),
  X: picture(4, (bytes, at) => 3 * word(bytes, at + 2)),
  k: picture(4, (bytes, at) => 24 * word(bytes, at + 2)),
  KL: picture(4, (bytes, at) => bytes[at + 2] ?? 0),
});

/** What follows `ESC GS` on a Star printer. */
const starGs = table({
  at: fixed("style", 4),
  AR: fixed("style", 5),
  "\x03": fixed("break", 6),
  S: picture(9, (bytes, at) => word(bytes, at + 4) * word(bytes, at + 6)),
  y: starSymbol(8),
  x: starSymbol(6),
});

/** `ESC GS y` (QR) and `ESC GS x` (PDF417): settings, and data as text after `header` bytes. */
function starSymbol(header: number): Measure {
  return (bytes, at) => {
    const action = bytes[at + 3];
    if (action === undefined) return undecided;
    if (action === 0x44) return fixed("break", header)(bytes, at);
    if (action !== 0x53) return fixed("break", 4)(bytes, at);
    return fixed("break", header === 6 && bytes[at + 4] === 0x30 ? 8 : 6)(bytes, at);
  };
}

const fs = table({
  "&.": style(0),
  "!-CW": style(1),
  S: style(2),
  bL: other(0),
  "?p": other(2),
  g: fixed("break", 10),
  a: other(1),
  "2": picture(4, () => 72),
  "}": other(2),
  "(": parenthesised,
  q: picture(7, (bytes, at) => ((bytes[at + 2] ?? 0) === 1 ? word(bytes, at + 3) * word(bytes, at + 5) * 8 : 0)),
});

const gs = table({
  "!BHbfhw": style(1),
  "LPW$\\": style(2),
  "/EITajr": other(1),
  "^": other(3),
  z: other(3),
  ":c": other(0),
  "(": parenthesised,
  k: barcode,
  V: byThird((m) => fixed("break", m >= 65 ? 4 : 3)),
  "8": picture(7, (bytes, at) => long(bytes, at + 3)),
  "*": picture(4, (bytes, at) => (bytes[at + 2] ?? 0) * (bytes[at + 3] ?? 0) * 8),
  vQ: picture(8, (bytes, at) => word(bytes, at + 4) * word(bytes, at + 6)),
  D: picture(15, (bytes, at) => Math.max(0, long(bytes, at + 11) - 6)),
});

/** Status requests may stand between any two bytes. */
const dle = table({
  "\x04": byThird((n) => fixed("style", n === 0 || n === 7 || n === 8 || n === 0x12 ? 4 : 3)),
  "\x05": style(1),
  "\x14": byThird((fn) => fixed("style", fn === 3 ? 8 : fn === 7 ? 4 : fn === 8 ? 10 : 5)),
});

const us = table({ "\x01\x02\x03\n\r:@BU": other(0), ",.;CEXrvn": other(1), "#$T^": other(2) });

const codesByLead: readonly (Codes | undefined)[] = Array.from({ length: 32 }, (_, lead) =>
  lead === 0x1b ? esc : lead === 0x1c ? fs : lead === 0x1d ? gs : lead === 0x10 ? dle : lead === 0x1f ? us : undefined,
);

/** Whether a command begins with the byte. */
export function isLead(byte: number): boolean {
  return byte < 32 && codesByLead[byte] !== undefined;
}
