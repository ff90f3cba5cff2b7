import iconv from "iconv-lite";
import { ascii, type Charset, type DecodedText } from "./charset.ts";
import { highHalf } from "./single-byte-charset.ts";
import { TextUnits } from "./text-units.ts";

const replacement = 0xfffd;

/** ASCII and pairs of bytes that take two columns, as on East Asian printers; GB18030 has groups of four bytes too. */
export class DoubleByteCharset implements Charset {
  readonly name: string;
  /** UTF-16 unit by pair of bytes, once it was looked up. */
  readonly #pairs = new Uint16Array(65_536);
  /** UTF-16 unit of each byte that stands alone. */
  readonly #singles: Uint16Array;
  readonly #isGb18030: boolean;
  readonly #isShiftJis: boolean;
  readonly #units = new TextUnits(1024);

  /** `name` as iconv-lite knows it. */
  constructor(name: string) {
    this.name = name;
    this.#isGb18030 = name === "gb18030";
    this.#isShiftJis = name === "shiftjis";
    this.#singles = singles(this.#isShiftJis);
  }

  decode(bytes: Buffer, from: number, to: number, isAscii: boolean): DecodedText {
    if (!this.#isShiftJis && isAscii) return ascii(bytes, from, to);
    const units = this.#units.room(to - from);
    let columns = 0;
    let count = 0;
    let i = from;
    while (i < to) {
      const byte = bytes[i] ?? 0;
      const length = byte < 0x80 ? 1 : this.#lengthAt(bytes, i, to);
      if (length === 4) {
        for (const unit of quad(bytes, i)) units[count++] = unit;
      } else {
        units[count] =
          (length === 1 ? this.#singles[byte] : this.#pair(byte * 256 + (bytes[i + 1] ?? 0))) ?? replacement;
        count += 1;
      }
      columns += length === 1 ? 1 : 2;
      i += length;
    }
    return { text: this.#units.text(count), columns };
  }

  #lengthAt(bytes: Uint8Array, at: number, to: number): 1 | 2 | 4 {
    const lead = bytes[at] ?? 0;
    if (lead < 0x81 || lead === 0xff || at + 1 >= to) return 1;
    if (this.#isShiftJis && lead >= 0xa0 && lead < 0xe0) return 1;
    const trail = bytes[at + 1] ?? 0;
    if (trail >= 0x40) return 2;
    return this.#isGb18030 && trail >= 0x30 && trail <= 0x39 && at + 3 < to ? 4 : 1;
  }

  #pair(key: number): number {
    const known = this.#pairs[key] ?? 0;
    if (known !== 0) return known;
    const decoded = iconv.decode(Buffer.of(key >> 8, key & 0xff), this.name);
    const unit = decoded.length === 1 ? decoded.charCodeAt(0) : replacement;
    this.#pairs[key] = unit;
    return unit;
  }
}

/** Japanese printers have the yen sign for 0x5C, and katakana above ASCII. */
function singles(isShiftJis: boolean): Uint16Array {
  const high = isShiftJis ? highHalf("epson/katakana") : [];
  const units = Uint16Array.from({ length: 256 }, (_, i) =>
    i < 0x80 ? i : (high[i - 0x80]?.charCodeAt(0) ?? replacement),
  );
  if (isShiftJis) units[0x5c] = 0xa5;
  return units;
}

/** The one or two units of a group of four bytes. */
function quad(bytes: Uint8Array, at: number): readonly number[] {
  const text = iconv.decode(Buffer.from(bytes.subarray(at, at + 4)), "gb18030");
  return Array.from({ length: Math.min(text.length, 4) }, (_, i) => text.charCodeAt(i));
}
