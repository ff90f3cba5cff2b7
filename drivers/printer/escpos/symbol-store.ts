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
    if (fn === store && length > 8) this.#data.set(cn, symbolText(bytes.slice(at + 8, at + length)));
    const data = fn === print ? this.#data.get(cn) : undefined;
    return data === undefined ? undefined : { name: symbolName(cn), data };
  }

  /** `ESC @` clears what was stored. */
  clear(): void {
    this.#data.clear();
  }
}
