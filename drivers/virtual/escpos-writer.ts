import iconv from "iconv-lite";

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;

/** Writes the bytes that a POS sends to its ESC/POS printer. */
export class EscposWriter {
  readonly #charset: string;
  readonly #lineEnd: Uint8Array;
  readonly #parts: Uint8Array[] = [];

  /** `charset` as iconv-lite names it; `lineEnd` is what the POS ends lines with. */
  constructor(charset: string, lineEnd: "\n" | "\n\r") {
    this.#charset = charset;
    this.#lineEnd = Buffer.from(lineEnd, "latin1");
  }

  /** All that was written. */
  get bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  /** `ESC @`. */
  initialize(): this {
    return this.#raw(ESC, 0x40);
  }

  /** `FS &` or `FS .`: double-byte characters. */
  doubleByte(on: boolean): this {
    return this.#raw(FS, on ? 0x26 : 0x2e);
  }

  /** `ESC t n`. */
  codePage(n: number): this {
    return this.#raw(ESC, 0x74, n);
  }

  /** A line of text. */
  line(text: string): this {
    this.#parts.push(iconv.encode(text, this.#charset), this.#lineEnd);
    return this;
  }

  /** A line in the middle of the paper, laid out by the printer (`ESC a`). */
  centred(text: string): this {
    return this.#raw(ESC, 0x61, 1).line(text).#raw(ESC, 0x61, 0);
  }

  /** A line in bold (`ESC E`), with characters of twice the size (`GS !`) if so wished. */
  bold(text: string, size: "normal" | "double" = "normal"): this {
    const double = size === "double";
    if (double) this.#raw(GS, 0x21, 0x11);
    this.#raw(ESC, 0x45, 1).line(text).#raw(ESC, 0x45, 0);
    return double ? this.#raw(GS, 0x21, 0) : this;
  }

  /** A Code 128 symbol of ASCII data, in the middle (`GS k`, form B, code set B). */
  code128(data: string, digitsBelow: boolean): this {
    const payload = Buffer.from(`{B${data}`, "latin1");
    this.#raw(ESC, 0x61, 1, GS, 0x77, 3, GS, 0x68, 64, GS, 0x66, 0, GS, 0x48, digitsBelow ? 2 : 0);
    return this.#raw(GS, 0x6b, 73, payload.length, ...payload, ESC, 0x61, 0);
  }

  /** `ESC p`: a pulse of 50 ms to the cash drawer. */
  openDrawer(): this {
    return this.#raw(ESC, 0x70, 0, 25, 250);
  }

  /** Feeds the paper out and cuts it, leaving one point (`GS V 1`). */
  cut(): this {
    for (let i = 0; i < 3; i += 1) this.#parts.push(this.#lineEnd);
    return this.#raw(GS, 0x56, 1);
  }

  #raw(...bytes: readonly number[]): this {
    this.#parts.push(Uint8Array.from(bytes));
    return this;
  }
}
