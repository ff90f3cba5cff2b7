import { ascii, type Charset, type DecodedText } from "./charset.ts";

/**
 * Text of a stream that never said what its charset is, on a printer whose configuration does not say either. Printers sold in China
 * are set to GB18030 and POS software relies on it; some newer software sends UTF-8. A stretch of text is UTF-8 if it is valid UTF-8,
 * GB18030 if all its high bytes are pairs of GB 2312, and page 437, the default of the command reference, otherwise.
 */
export class UndeclaredCharset implements Charset {
  readonly name = "undeclared";
  readonly #utf8: Charset;
  readonly #gb18030: Charset;
  readonly #page0: Charset;

  constructor(utf8: Charset, gb18030: Charset, page0: Charset) {
    this.#utf8 = utf8;
    this.#gb18030 = gb18030;
    this.#page0 = page0;
  }

  decode(bytes: Buffer, from: number, to: number, isAscii: boolean): DecodedText {
    if (isAscii) return ascii(bytes, from, to);
    const charset = isUtf8(bytes, from, to) ? this.#utf8 : isGb2312(bytes, from, to) ? this.#gb18030 : this.#page0;
    return charset.decode(bytes, from, to, false);
  }
}

/** Whether every high byte is part of a well-formed sequence of two to four bytes (RFC 3629, without its finer limits). */
function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    const more =
      lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
    if (more === 0 || i + more >= to) return false;
    const last = i + more;
    for (; i < last; i += 1) if (((bytes[i + 1] ?? 0) & 0xc0) !== 0x80) return false;
  }
  return true;
}

/** Whether the high bytes are pairs of GB 2312, and not one pair over and over, which is a drawn line in page 437. */
function isGb2312(bytes: Uint8Array, from: number, to: number): boolean {
  let first = -1;
  let differ = false;
  for (let i = from; i < to; i += 1) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    const trail = i + 1 < to ? (bytes[i + 1] ?? 0) : 0;
    if (lead < 0xa1 || lead > 0xf7 || (lead > 0xa9 && lead < 0xb0) || trail < 0xa1 || trail === 0xff) return false;
    const pair = lead * 256 + trail;
    if (first < 0) first = pair;
    differ ||= pair !== first || lead !== trail;
    i += 1;
  }
  return differ;
}
