import CodepageEncoder, { type Codepage } from "@point-of-sale/codepage-encoder";
import iconv from "iconv-lite";
import { isAscii, latin1, type Charset, type DecodedText } from "./charset.ts";

const unknown = "\uFFFD";

/** One byte, one character, one column. */
export class SingleByteCharset implements Charset {
  readonly name: string;
  /** The characters of the bytes 0x80 to 0xFF. */
  readonly #high: readonly string[];

  /** `name` as @point-of-sale/codepage-encoder or iconv-lite knows it. An unknown one is decoded as Latin 1. */
  constructor(name: string) {
    this.name = name;
    this.#high = highHalf(name);
  }

  decode(bytes: Uint8Array, from: number, to: number): DecodedText {
    const columns = to - from;
    if (isAscii(bytes, from, to)) return { text: latin1(bytes, from, to), columns };
    let text = "";
    for (let i = from; i < to; i += 1) {
      const byte = bytes[i] ?? 0;
      text += byte < 0x80 ? String.fromCharCode(byte) : (this.#high[byte - 0x80] ?? unknown);
    }
    return { text, columns };
  }
}

/** The characters of the bytes 0x80 to 0xFF of a charset, 128 of them. */
export function highHalf(name: string): readonly string[] {
  // Printers have pages of their own under the names of the codepage encoder; iconv-lite has the rest.
  if (CodepageEncoder.supports(name)) {
    const points = CodepageEncoder.getCodepoints(name as Codepage, true);
    return Array.from({ length: 128 }, (_, i) => character(points[i + 0x80]));
  }
  const high = Buffer.from(Array.from({ length: 128 }, (_, i) => i + 0x80));
  return [...iconv.decode(high, iconv.encodingExists(name) ? name : "latin1")];
}

/** A page has no character for some bytes, or one that would end a line. */
function character(point: number | null | undefined): string {
  return point === undefined || point === null || point < 0x20 ? unknown : String.fromCodePoint(point);
}
