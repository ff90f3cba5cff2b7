import { createRequire } from "node:module";
import type * as Codepages from "@point-of-sale/codepage-encoder";
import iconv from "iconv-lite";
import { ascii, type Charset, type DecodedText } from "./charset.ts";
import { TextUnits } from "./text-units.ts";

const unknown = "\uFFFD";

const load = createRequire(import.meta.url);

/** Loaded with the first page that is asked for: printers in China and Japan select none. */
function codepages(): typeof Codepages.default {
  return load("@point-of-sale/codepage-encoder") as typeof Codepages.default;
}

/** One byte, one character, one column. */
export class SingleByteCharset implements Charset {
  readonly name: string;
  /** UTF-16 units of each byte: the first, and the second where a character has two, else 0. */
  readonly #first: Uint16Array;
  readonly #second: Uint16Array;
  readonly #units = new TextUnits(2048);

  /** `name` as @point-of-sale/codepage-encoder or iconv-lite knows it. An unknown one is decoded as Latin 1. */
  constructor(name: string) {
    this.name = name;
    const high = highHalf(name);
    const unit = (byte: number, index: number): number =>
      byte < 0x80 ? (index === 0 ? byte : 0) : (high[byte - 0x80] ?? unknown).charCodeAt(index) || 0;
    this.#first = Uint16Array.from({ length: 256 }, (_, byte) => unit(byte, 0));
    this.#second = Uint16Array.from({ length: 256 }, (_, byte) => unit(byte, 1));
  }

  decode(bytes: Buffer, from: number, to: number, isAscii: boolean): DecodedText {
    const columns = to - from;
    if (isAscii) return ascii(bytes, from, to);
    const units = this.#units.room(columns * 2);
    let count = 0;
    for (let i = from; i < to; i += 1) {
      const byte = bytes[i] ?? 0;
      units[count] = this.#first[byte] ?? 0;
      count += 1;
      const second = this.#second[byte] ?? 0;
      if (second === 0) continue;
      units[count] = second;
      count += 1;
    }
    return { text: this.#units.text(count), columns };
  }
}

/** The name under which there is such a charset, whatever its capitals; nothing where there is none, or it has pairs of bytes. */
export function singleByteName(written: string): string | undefined {
  const name = written.toLowerCase();
  if (codepages().supports(name)) return name;
  if (!iconv.encodingExists(name)) return undefined;
  return [...iconv.decode(highBytes, name)].length === highBytes.length ? name : undefined;
}

const highBytes = Buffer.from(Array.from({ length: 128 }, (_, i) => i + 0x80));

/** The characters of the bytes 0x80 to 0xFF of a charset, 128 of them. */
export function highHalf(name: string): readonly string[] {
  // Printers have pages of their own under the names of the codepage encoder; iconv-lite has the rest.
  if (codepages().supports(name)) {
    const points = codepages().getCodepoints(name as Codepages.Codepage, true);
    return Array.from({ length: 128 }, (_, i) => character(points[i + 0x80]));
  }
  return [...iconv.decode(highBytes, iconv.encodingExists(name) ? name : "latin1")];
}

/** A page has no character for some bytes, or one that would end a line. */
function character(point: number | null | undefined): string {
  return point === undefined || point === null || point < 0x20 ? unknown : String.fromCodePoint(point);
}
