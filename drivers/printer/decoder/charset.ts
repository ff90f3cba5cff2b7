/** Text and how many columns of the paper it takes. */
export interface DecodedText {
  readonly text: string;
  readonly columns: number;
}

/** Turns the bytes of a stretch of text into characters. */
export interface Charset {
  /** Name as codepage-encoder or iconv-lite knows it. */
  readonly name: string;
  /** Decodes the bytes from `from` up to `to`. Never throws; what is not in the charset becomes U+FFFD. */
  decode(bytes: Uint8Array, from: number, to: number): DecodedText;
}

/** Columns that a character takes: 2 for East Asian wide and full-width ones (Unicode Standard Annex 11), else 1. */
export function columnsOf(character: string): 1 | 2 {
  return /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u.test(
    character,
  )
    ? 2
    : 1;
}

/** Whether the bytes from `from` up to `to` are ASCII. */
export function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if ((bytes[i] ?? 0) >= 0x80) return false;
  return true;
}

/** The bytes from `from` up to `to`, each one a character. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}
