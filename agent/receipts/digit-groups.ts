import type { DigitForm } from "./digit-forms.ts";

/** What stands between a group of digits and the one before it. */
export interface Gap {
  /** The sort of the separators on the line; 0 when there is none, -1 when there are several sorts. */
  readonly separator: number;
  /** How many separators; a next line's indent does not count. */
  readonly count: number;
  /** The next line is indented. */
  readonly indented: boolean;
  /** The line ended in between. */
  readonly lineEnd: boolean;
}

/** A run of digits of one form in a buffer. Positions move with the buffer. */
export interface DigitGroup {
  start: number;
  end: number;
  /** How many digits. */
  count: number;
  /** How many of the first are zeros. */
  zeros: number;
  readonly form: DigitForm;
  readonly gap: Gap;
  /** How many digits the group before the gap has. */
  readonly previous: number;
}

/** The gap of a group that no other comes before. */
export const noGap: Gap = { separator: 0, count: 0, indented: false, lineEnd: false };

/** Most bytes between two groups of one number: a padded line end, style commands and an indent. */
const maxGap = 96;
/** Most separators between two groups on a line. */
const maxSeparators = 8;

const LF = 0x0a;
const blank = 0x20;

/** A decimal, a time or a date is joined by these, and by no other mark. */
export function joinsDigits(gap: Gap): boolean {
  const { separator, count, lineEnd } = gap;
  return (
    !lineEnd && count === 1 && (separator === 0x2e || separator === 0x2c || separator === 0x3a || separator === 0x2f)
  );
}

/** Takes in what follows a group and says whether another group would still belong to the same number. */
export class GapReader {
  #bytes = 0;
  #separator = 0;
  /** Separators on the first line, and blanks among them at its end. */
  #separators = 0;
  #indent = 0;
  #lineEnds = 0;
  #lastBreak = 0;

  /** A new gap begins. */
  clear(): void {
    this.#bytes = 0;
    this.#separator = 0;
    this.#separators = 0;
    this.#indent = 0;
    this.#lineEnds = 0;
    this.#lastBreak = 0;
  }

  /** Whether nothing stands between the groups so far. */
  get empty(): boolean {
    return this.#bytes === 0;
  }

  /** A style command of `length` bytes. Answers whether the gap still holds. */
  style(length: number): boolean {
    this.#bytes += length;
    this.#lastBreak = 0;
    return this.#bytes <= maxGap;
  }

  /** A separator of a sort. Answers whether the gap still holds. */
  separator(sort: number, length: number): boolean {
    this.#bytes += length;
    this.#lastBreak = 0;
    if (this.#lineEnds > 0) this.#indent += 1;
    else {
      this.#separators += 1;
      this.#separator = this.#separator === 0 || this.#separator === sort ? sort : -1;
    }
    return this.#bytes <= maxGap && (this.#lineEnds === 0 || sort === blank);
  }

  /** CR LF and LF CR are one line end; a second line end is a blank line. Answers whether the gap still holds. */
  lineEnd(byte: number): boolean {
    this.#bytes += 1;
    const pair = this.#lastBreak !== 0 && this.#lastBreak !== byte;
    this.#lastBreak = pair ? 0 : byte;
    if (!pair) this.#lineEnds += 1;
    return this.#lineEnds <= 1 && this.#bytes <= maxGap;
  }

  /** What the gap was, or `undefined` when it was too wide for one number. */
  gap(): Gap | undefined {
    if (this.#bytes === 0) return noGap;
    const lineEnd = this.#lineEnds > 0;
    const indented = this.#indent > 0;
    if (lineEnd && this.#separator === blank) return { separator: 0, count: 0, indented, lineEnd };
    if (this.#separators > maxSeparators) return undefined;
    return { separator: this.#separator, count: this.#separators, indented, lineEnd };
  }
}

/** Whether a byte ends a line. */
export function endsLine(byte: number): boolean {
  return byte === LF || byte === 0x0d;
}
