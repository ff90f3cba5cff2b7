/** Collects the UTF-16 units of a text and makes one flat string of them, which is faster than adding characters to a string. */
export class TextUnits {
  #units: Uint16Array;
  #bytes: Buffer;

  /** `capacity` units without growing. */
  constructor(capacity: number) {
    this.#units = new Uint16Array(capacity);
    this.#bytes = Buffer.from(this.#units.buffer);
  }

  /** Makes room for so many units and answers where they are to be written, from 0 on. */
  room(units: number): Uint16Array {
    if (units > this.#units.length) {
      this.#units = new Uint16Array(units);
      this.#bytes = Buffer.from(this.#units.buffer);
    }
    return this.#units;
  }

  /** The first `length` units as text. */
  text(length: number): string {
    return this.#bytes.toString("utf16le", 0, length * 2);
  }
}
