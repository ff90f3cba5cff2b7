/** What stands between a group of digits and the one before it. */
export interface Gap {
  /** The separator when it is one blank (0x20) or one hyphen (0x2D); 0 when there is none on the same line. */
  readonly separator: number;
  /** More than one separator, or an indented next line. */
  readonly loose: boolean;
  /** The line ended in between. */
  readonly lineEnd: boolean;
}

/** A run of digits in a buffer. */
export interface DigitGroup {
  readonly start: number;
  readonly end: number;
  readonly gap: Gap;
  /** It is a part of a decimal number, a time or a date: a point, comma, colon or slash joins it to another digit. */
  readonly joined: boolean;
}

/** Most bytes between two groups of one number: a padded line end, style commands and an indent. */
const maxGap = 96;

const LF = 0x0a;
const CR = 0x0d;
const BLANK = 0x20;
const HYPHEN = 0x2d;

/** Parameter bytes of the commands that set a style or position and so may stand inside a printed number, by lead byte and code. */
const styleCommands: ReadonlyMap<number, ReadonlyMap<number, number>> = new Map([
  [
    0x1b,
    parameters({
      "!": 1,
      " ": 1,
      "-": 1,
      "2": 0,
      "3": 1,
      "4": 0,
      "5": 0,
      "@": 0,
      E: 1,
      G: 1,
      M: 1,
      R: 1,
      V: 1,
      a: 1,
      r: 1,
      t: 1,
      "{": 1,
      $: 2,
      "\\": 2,
    }),
  ],
  [0x1c, parameters({ "!": 1, "&": 0, "-": 1, ".": 0, C: 1, S: 2, W: 1 })],
  [0x1d, parameters({ "!": 1, B: 1, H: 1, L: 2, P: 2, W: 2, b: 1, f: 1, h: 1, w: 1 })],
]);

function parameters(byCode: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  return new Map(Object.entries(byCode).map(([code, count]) => [code.charCodeAt(0), count]));
}

/**
 * Length of the style command at `at`: 0 when there is none, -1 when the buffer ends before that is known.
 */
export function styleLength(bytes: Uint8Array, at: number): number {
  const codes = styleCommands.get(bytes[at] ?? 0);
  if (codes === undefined) return 0;
  const code = bytes[at + 1];
  if (code === undefined) return -1;
  const count = codes.get(code);
  if (count === undefined) return 0;
  return at + 2 + count > bytes.length ? -1 : 2 + count;
}

/** Whether the byte at `at` is an ASCII digit. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Whether a byte joins digits to a decimal number, a time or a date. */
export function joinsDigits(byte: number | undefined): boolean {
  return byte === 0x2e || byte === 0x2c || byte === 0x3a || byte === 0x2f;
}

/** Takes in what follows a group and says whether another group would still belong to the same number. */
export class GapReader {
  #bytes = 0;
  #blanks = 0;
  #separators = 0;
  #separator = 0;
  #indent = 0;
  #lineEnds = 0;
  #lastBreak = 0;

  /** A new gap begins. */
  clear(): void {
    this.#bytes = 0;
    this.#blanks = 0;
    this.#separators = 0;
    this.#separator = 0;
    this.#indent = 0;
    this.#lineEnds = 0;
    this.#lastBreak = 0;
  }

  /** A style command of `length` bytes. Answers whether the gap still holds. */
  style(length: number): boolean {
    this.#bytes += length;
    this.#lastBreak = 0;
    return this.#bytes <= maxGap;
  }

  /** Any other byte. Answers whether the gap still holds. */
  byte(byte: number): boolean {
    this.#bytes += 1;
    if (this.#bytes > maxGap) return false;
    if (byte === LF || byte === CR) return this.#lineEnd(byte);
    this.#lastBreak = 0;
    if (byte !== BLANK && byte !== HYPHEN) return false;
    if (this.#lineEnds > 0) {
      this.#indent += 1;
      return byte === BLANK;
    }
    if (byte === BLANK) this.#blanks += 1;
    this.#separators += 1;
    this.#separator = byte;
    return true;
  }

  /** What the gap was, or `undefined` when it was too wide for one number. */
  gap(): Gap | undefined {
    const lineEnd = this.#lineEnds > 0;
    if (lineEnd && this.#separators === this.#blanks) return { separator: 0, loose: this.#indent > 0, lineEnd };
    if (this.#separators > 3) return undefined;
    return { separator: this.#separators === 1 ? this.#separator : 0, loose: this.#separators > 1, lineEnd };
  }

  /** CR LF and LF CR are one line end; a second line end is a blank line. */
  #lineEnd(byte: number): boolean {
    const pair = this.#lastBreak !== 0 && this.#lastBreak !== byte;
    this.#lastBreak = pair ? 0 : byte;
    if (!pair) this.#lineEnds += 1;
    return this.#lineEnds <= 1;
  }
}
