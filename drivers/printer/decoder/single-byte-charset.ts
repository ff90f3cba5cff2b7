import iconv from "iconv-lite";
import { isAscii, latin1, type Charset, type DecodedText } from "./charset.ts";
import { katakana } from "./katakana.ts";

/** One byte, one character, one column. */
export class SingleByteCharset implements Charset {
  readonly name: string;
  /** The characters of the bytes 0x80 to 0xFF. */
  readonly #high: string;

  /** `name` as iconv-lite knows it, or `katakana`. An unknown one is decoded as Latin 1. */
  constructor(name: string) {
    this.name = name;
    this.#high = name === "katakana" ? katakana() : highHalf(name);
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

function highHalf(name: string): string {
  const high = Buffer.from(Array.from({ length: 128 }, (_, i) => i + 0x80));
  return iconv.decode(high, iconv.encodingExists(name) ? name : "latin1");
}
