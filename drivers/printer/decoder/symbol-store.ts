import { symbolName, symbolText } from "./symbols.ts";

/** What a `GS ( k` command printed. */
export interface PrintedSymbol {
  /** `qr`, `pdf417`, `datamatrix`, ... */
  readonly name: string;
  readonly data: string;
}

const store = 0x50;
const print = 0x51;

/** The printer's memory for two-dimensional symbols: `GS ( k` stores data with one function and prints it with another. */
export class SymbolStore {
  readonly #data = new Map<number, string>();

  /** Takes one `GS ( k`; answers what it printed. */
  take(bytes: Uint8Array, at: number, length: number): PrintedSymbol | undefined {
    const cn = bytes[at + 5] ?? 0;
    const fn = bytes[at + 6];
    if (fn === store) this.#store(cn, bytes.subarray(at + 8, at + length), length - 8);
    const data = fn === print ? this.#data.get(cn) : undefined;
    return data === undefined ? undefined : { name: symbolName(cn), data };
  }

  /** Data too long to be held was passed over: then nothing is stored, rather than a part of it or what was there before. */
  #store(cn: number, data: Uint8Array, length: number): void {
    if (length > 0 && data.length === length) this.#data.set(cn, symbolText(data));
    else this.#data.delete(cn);
  }

  /** `ESC @` clears what was stored. */
  clear(): void {
    this.#data.clear();
  }
}
