import { ascii, columnsOf, type Charset, type DecodedText } from "./charset.ts";

/** UTF-8; East Asian wide characters take two columns. */
export class Utf8Charset implements Charset {
  readonly name = "utf8";
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  decode(bytes: Buffer, from: number, to: number, isAscii: boolean): DecodedText {
    if (isAscii) return ascii(bytes, from, to);
    const text = this.#decoder.decode(bytes.subarray(from, to));
    let columns = 0;
    for (const character of text) columns += columnsOf(character);
    return { text, columns };
  }
}
