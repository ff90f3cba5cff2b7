import type { Alignment, PaperSymbol, TextRun } from "../../../agent/core/paper.ts";

/** How the printer is set to print, beyond what decides how text reads. */
export interface Style extends Pick<TextRun, "scaleY" | "bold" | "underline" | "inverse" | "small" | "red"> {
  readonly align: Alignment;
  /** Left margin in dots. */
  readonly marginDots: number;
  /** Of linear barcodes. */
  readonly barHeightDots: number;
  readonly barModuleDots: number;
  readonly letters: PaperSymbol["letters"];
  /** Of QR codes. */
  readonly qrModuleDots: number;
  readonly level: PaperSymbol["level"];
}

/** The settings at power-on and after `ESC @`. */
export const plainStyle: Style = {
  scaleY: 1,
  bold: false,
  underline: false,
  inverse: false,
  small: false,
  red: false,
  align: "left",
  marginDots: 0,
  barHeightDots: 162,
  barModuleDots: 3,
  letters: "none",
  qrModuleDots: 3,
  level: "L",
};

type Change = Partial<Style> | undefined;
type Rule = (bytes: Uint8Array, at: number, length: number) => Change;

const alignments: readonly Alignment[] = ["left", "center", "right"];
const lettersPlaces: readonly PaperSymbol["letters"][] = ["none", "above", "below", "both"];
const levels: readonly PaperSymbol["level"][] = ["L", "M", "Q", "H"];

/** A parameter that is a number or the digit of it. */
const digit = (value: number | undefined): number => ((value ?? 0) >= 0x30 ? (value ?? 0) - 0x30 : (value ?? 0));
const isOn = (value: number | undefined): boolean => ((value ?? 0) & 1) === 1;
const third =
  (change: (value: number) => Change): Rule =>
  (bytes, at) =>
    change(bytes[at + 2] ?? 0);

const align = (value: number | undefined): Change => {
  const alignment = alignments[digit(value)];
  return alignment === undefined ? undefined : { align: alignment };
};

/**
 * What each command changes, by its leading bytes (Epson ESC/POS command reference; Star Line Mode command specifications). Where the
 * dialects have one code for two things, the length of the command tells them apart.
 */
const rules: Readonly<Record<string, Rule>> = {
  "\x1b@": () => plainStyle,
  "\x1b!": third((n) => ({
    small: (n & 1) !== 0,
    bold: (n & 8) !== 0,
    scaleY: (n & 16) === 0 ? 1 : 2,
    underline: (n & 128) !== 0,
  })),
  "\x1d!": third((n) => ({ scaleY: (n & 7) + 1 })),
  "\x1bE": (bytes, at, length) => ({ bold: length === 2 || isOn(bytes[at + 2]) }),
  "\x1bG": third((n) => ({ bold: isOn(n) })),
  "\x1bF": (_bytes, _at, length) => (length === 2 ? { bold: false } : undefined),
  "\x1b-": third((n) => ({ underline: digit(n) !== 0 })),
  "\x1dB": third((n) => ({ inverse: isOn(n) })),
  "\x1bM": (bytes, at, length) => (length === 3 ? { small: digit(bytes[at + 2]) === 1 } : undefined),
  "\x1br": third((n) => ({ red: isOn(n) })),
  "\x1ba": third(align),
  "\x1dL": (bytes, at) => ({ marginDots: (bytes[at + 2] ?? 0) + 256 * (bytes[at + 3] ?? 0) }),
  "\x1dh": third((n) => ({ barHeightDots: Math.max(1, n) })),
  "\x1dw": third((n) => ({ barModuleDots: Math.min(Math.max(1, n), 6) })),
  "\x1dH": third((n) => ({ letters: lettersPlaces[digit(n)] ?? "none" })),
  "\x1d(": (bytes, at) => (bytes[at + 2] === 0x6b && bytes[at + 5] === 0x31 ? qr(bytes, at) : undefined),

  // ESC b n1 n2 n3 n4 d.. RS: n2 tells whether letters stand below, n3 how wide a module is, n4 the height.
  "\x1bb": (bytes, at) => ({
    letters: digit(bytes[at + 3]) % 2 === 0 ? "below" : "none",
    barModuleDots: ((Math.max(1, digit(bytes[at + 4])) - 1) % 3) + 2,
    barHeightDots: Math.max(1, bytes[at + 5] ?? 0),
  }),
  "\x1bi": (bytes, at, length) => (length === 4 ? { scaleY: digit(bytes[at + 2]) + 1 } : undefined),
  "\x1bh": (bytes, at, length) => (length === 3 ? { scaleY: digit(bytes[at + 2]) + 1 } : undefined),
  "\x1b\x0e": () => ({ scaleY: 2 }),
  "\x1b\x14": () => ({ scaleY: 1 }),
};

/** Star's commands behind `ESC GS` and `ESC RS`. */
const starRules: Readonly<Record<string, Rule>> = {
  "\x1da": (bytes, at) => align(bytes[at + 3]),
  "\x1eF": (bytes, at) => ({ small: digit(bytes[at + 3]) === 1 }),
  // ESC GS y S 1 n is the error correction, S 2 n the width of a module.
  "\x1dy": (bytes, at) => {
    if (bytes[at + 3] !== 0x53) return undefined;
    const value = digit(bytes[at + 5]);
    const key = digit(bytes[at + 4]);
    return key === 2 ? { qrModuleDots: Math.max(1, value) } : key === 1 ? { level: levels[value] ?? "L" } : undefined;
  },
};

/** `ESC 4` and `ESC 5`: inverse on a Star printer, italics (not drawn) on others. */
const starInverse: Readonly<Record<string, Rule>> = {
  "\x1b4": () => ({ inverse: true }),
  "\x1b5": () => ({ inverse: false }),
};

/** `GS ( k` for QR codes: fn 67 is the width of a module, fn 69 the error correction. */
function qr(bytes: Uint8Array, at: number): Change {
  const fn = bytes[at + 6];
  const n = bytes[at + 7] ?? 0;
  if (fn === 67) return { qrModuleDots: Math.min(Math.max(1, n), 16) };
  return fn === 69 ? { level: levels[digit(n)] ?? "L" } : undefined;
}

/** The style after a command; the same object when it changes nothing. `star`: the stream is known to be for a Star printer. */
export function styleAfter(style: Style, bytes: Uint8Array, at: number, length: number, star: boolean): Style {
  const code = pair(bytes, at);
  const rule =
    (isStarOnly(bytes, at) ? starRules[pair(bytes, at + 1)] : rules[code]) ?? (star ? starInverse[code] : undefined);
  // A Star printer feeds with `ESC a n`.
  const change = star && code === "\x1ba" ? undefined : rule?.(bytes, at, length);
  return change === undefined ? style : { ...style, ...change };
}

/** Whether only a Star printer knows the command: GS and RS never follow ESC in ESC/POS. */
export function isStarOnly(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x1b && (bytes[at + 1] === 0x1d || bytes[at + 1] === 0x1e);
}

function pair(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
}
