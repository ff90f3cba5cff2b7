/** Text and how many columns of the paper it takes. */
export interface DecodedText {
  readonly text: string;
  readonly columns: number;
}

/** Turns the bytes of a stretch of text into characters. */
export interface Charset {
  /** Name as codepage-encoder or iconv-lite knows it. */
  readonly name: string;
  /**
   * Decodes the bytes from `from` up to `to`, which are known to be ASCII if `isAscii`. Never throws; what is not in the charset becomes
   * U+FFFD.
   */
  decode(bytes: Buffer, from: number, to: number, isAscii: boolean): DecodedText;
}

const wide =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;

/** Columns that a character takes: 2 for East Asian wide and full-width ones (Unicode Standard Annex 11), else 1. */
export function columnsOf(character: string): 1 | 2 {
  return character >= "\u1100" && wide.test(character) ? 2 : 1;
}

/** The bytes from `from` up to `to`, each one a character of one column. */
export function ascii(bytes: Buffer, from: number, to: number): DecodedText {
  return { text: bytes.toString("latin1", from, to), columns: to - from };
}
