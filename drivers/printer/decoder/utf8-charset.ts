import { columnsOf, isAscii, latin1, type Charset, type DecodedText } from "./charset.ts";

/** UTF-8; East Asian wide characters take two columns. */
export class Utf8Charset implements Charset {
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
