import iconv from "iconv-lite";

/** Text and how many columns of the paper it takes. */
export interface DecodedText {
  readonly text: string;
  readonly columns: number;
}

/** Turns the bytes of a stretch of text into characters. */
export interface Charset {
  /** Name as iconv-lite knows it. */
  readonly name: string;
  /** Decodes the bytes from `from` up to `to`. Never throws; what is not in the charset becomes U+FFFD. */
  decode(bytes: Uint8Array, from: number, to: number): DecodedText;
}

/** Whether storeloop can decode this charset. */
export function charsetExists(name: string): boolean {
  return name === katakanaName || iconv.encodingExists(name);
}

/** Makes decoders for charsets and keeps them: their tables are built at the first use only. */
export class CharsetCache {
  readonly #charsets = new Map<string, Charset>();

  /** The decoder for a charset of {@link charsetExists}; an unknown name is decoded as Latin 1. */
  get(name: string): Charset {
    const known = this.#charsets.get(name);
    if (known !== undefined) return known;
    const made = make(name);
    this.#charsets.set(name, made);
    return made;
  }
}

const katakanaName = "katakana";
const doubleByteNames: ReadonlySet<string> = new Set(["gb18030", "gbk", "big5", "shiftjis", "euckr"]);

function make(name: string): Charset {
  if (name === "utf8") return new Utf8Charset();
  if (doubleByteNames.has(name)) return new DoubleByteCharset(name);
  return new SingleByteCharset(name, name === katakanaName ? katakana() : highHalf(name));
}

/** One byte, one character, one column. */
class SingleByteCharset implements Charset {
  readonly name: string;
  /** The characters of the bytes 0x80 to 0xFF. */
  readonly #high: string;

  constructor(name: string, high: string) {
    this.name = name;
    this.#high = high;
  }

  decode(bytes: Uint8Array, from: number, to: number): DecodedText {
    const columns = to - from;
    if (isAscii(bytes, from, to)) return { text: latin1(bytes, from, to), columns };
    let text = "";
    for (let i = from; i < to; i += 1) {
      const byte = bytes[i] ?? 0;
      text += byte < 0x80 ? String.fromCharCode(byte) : (this.#high[byte - 0x80] ?? "\uFFFD");
    }
    return { text, columns };
  }
}

/** ASCII and pairs of bytes that take two columns, as on East Asian printers; GB18030 has groups of four bytes too. */
class DoubleByteCharset implements Charset {
  readonly name: string;
  /** UTF-16 unit by pair of bytes, 0 for a pair that is not in the table. */
  readonly #pairs = new Uint16Array(65_536);
  /** Which pairs were looked up already. */
  readonly #looked = new Uint8Array(65_536);
  readonly #hasQuads: boolean;
  readonly #singles: string;

  constructor(name: string) {
    this.name = name;
    this.#hasQuads = name === "gb18030";
    this.#singles = singles(name);
  }

  decode(bytes: Uint8Array, from: number, to: number): DecodedText {
    if (isAscii(bytes, from, to) && this.#singles.startsWith("\\"))
      return { text: latin1(bytes, from, to), columns: to - from };
    let text = "";
    let columns = 0;
    let i = from;
    while (i < to) {
      const length = this.#lengthAt(bytes, i, to);
      text += length === 1 ? this.#single(bytes[i] ?? 0) : length === 2 ? this.#pair(bytes, i) : quad(bytes, i);
      columns += length === 1 ? 1 : 2;
      i += length;
    }
    return { text, columns };
  }

  #lengthAt(bytes: Uint8Array, at: number, to: number): 1 | 2 | 4 {
    const lead = bytes[at] ?? 0;
    if (lead < 0x81 || lead === 0xff || at + 1 >= to) return 1;
    if (this.name === "shiftjis" && (lead === 0xa0 || (lead > 0xa0 && lead < 0xe0))) return 1;
    const trail = bytes[at + 1] ?? 0;
    if (trail >= 0x40) return 2;
    return this.#hasQuads && trail >= 0x30 && trail <= 0x39 && at + 3 < to ? 4 : 1;
  }

  #single(byte: number): string {
    return byte < 0x80 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : (this.#singles[byte === 0x5c ? 0 : byte - 0x7f] ?? "");
  }

  #pair(bytes: Uint8Array, at: number): string {
    const lead = bytes[at] ?? 0;
    const trail = bytes[at + 1] ?? 0;
    const key = lead * 256 + trail;
    if (this.#looked[key] === 0) {
      this.#looked[key] = 1;
      const decoded = iconv.decode(Buffer.of(lead, trail), this.name);
      this.#pairs[key] = decoded.length === 1 ? decoded.charCodeAt(0) : 0xfffd;
    }
    return String.fromCharCode(this.#pairs[key] ?? 0xfffd);
  }
}

/** UTF-8; East Asian wide characters take two columns. */
class Utf8Charset implements Charset {
  readonly name = "utf8";
  readonly #decoder = new TextDecoder("utf-8");

  decode(bytes: Uint8Array, from: number, to: number): DecodedText {
    if (isAscii(bytes, from, to)) return { text: latin1(bytes, from, to), columns: to - from };
    const text = this.#decoder.decode(bytes.subarray(from, to));
    let columns = 0;
    for (const character of text) columns += columnsOf(character);
    return { text, columns };
  }
}

/** Columns that a character takes: 2 for East Asian wide and full-width ones (Unicode Standard Annex 11), else 1. */
export function columnsOf(character: string): 1 | 2 {
  return /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u.test(
    character,
  )
    ? 2
    : 1;
}

/** The characters of 0x5C and of 0x80 to 0xFF standing alone. Japanese printers have the yen sign for 0x5C. */
function singles(name: string): string {
  const backslash = name === "shiftjis" ? "\u00A5" : "\\";
  return backslash + (name === "shiftjis" ? katakana() : "\uFFFD".repeat(128));
}

function quad(bytes: Uint8Array, at: number): string {
  return iconv.decode(Buffer.from(bytes.subarray(at, at + 4)), "gb18030");
}

function highHalf(name: string): string {
  const high = Buffer.from(Array.from({ length: 128 }, (_, i) => i + 0x80));
  return iconv.decode(high, iconv.encodingExists(name) ? name : "latin1");
}

/** Epson's Katakana page: half-width katakana (JIS X 0201) at 0xA1 to 0xDF, lines for boxes at 0x80 to 0x9F. */
function katakana(): string {
  const boxes = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯";
  const kana = Array.from({ length: 63 }, (_, i) => String.fromCharCode(0xff61 + i)).join("");
  return `${boxes}\u00A0${kana}═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒ `;
}

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if ((bytes[i] ?? 0) >= 0x80) return false;
  return true;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}
