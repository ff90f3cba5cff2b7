import iconv from "iconv-lite";
import { isAscii, latin1, type Charset, type DecodedText } from "./charset.ts";
import { highHalf } from "./single-byte-charset.ts";

/** ASCII and pairs of bytes that take two columns, as on East Asian printers; GB18030 has groups of four bytes too. */
export class DoubleByteCharset implements Charset {
  readonly name: string;
  /** UTF-16 unit by pair of bytes, once it was looked up. */
  readonly #pairs = new Uint16Array(65_536);
  readonly #isGb18030: boolean;
  readonly #isShiftJis: boolean;
  /** The characters of the bytes 0x80 to 0xFF standing alone. */
  readonly #high: readonly string[];

  /** `name` as iconv-lite knows it. */
  constructor(name: string) {
    this.name = name;
    this.#isGb18030 = name === "gb18030";
    this.#isShiftJis = name === "shiftjis";
    this.#high = this.#isShiftJis ? highHalf("epson/katakana") : [];
  }

  decode(bytes: Uint8Array, from: number, to: number): DecodedText {
    if (!this.#isShiftJis && isAscii(bytes, from, to)) return { text: latin1(bytes, from, to), columns: to - from };
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
    if (this.#isShiftJis && lead >= 0xa0 && lead < 0xe0) return 1;
    const trail = bytes[at + 1] ?? 0;
    if (trail >= 0x40) return 2;
    return this.#isGb18030 && trail >= 0x30 && trail <= 0x39 && at + 3 < to ? 4 : 1;
  }

  /** Japanese printers have the yen sign for 0x5C. */
  #single(byte: number): string {
    if (byte >= 0x80) return this.#high[byte - 0x80] ?? "\uFFFD";
    return byte === 0x5c && this.#isShiftJis ? "\u00A5" : String.fromCharCode(byte);
  }

  #pair(bytes: Uint8Array, at: number): string {
    const lead = bytes[at] ?? 0;
    const trail = bytes[at + 1] ?? 0;
    const key = lead * 256 + trail;
    if (this.#pairs[key] === 0) {
      const decoded = iconv.decode(Buffer.of(lead, trail), this.name);
      this.#pairs[key] = decoded.length === 1 ? decoded.charCodeAt(0) : 0xfffd;
    }
    return String.fromCharCode(this.#pairs[key] ?? 0xfffd);
  }
}

function quad(bytes: Uint8Array, at: number): string {
  return iconv.decode(Buffer.from(bytes.subarray(at, at + 4)), "gb18030");
}
