import { symbolName, symbolText } from "./symbols.ts";

/** What a command printed. */
export interface PrintedSymbol {
  /** `qr`, `pdf417`, `datamatrix`, ... */
  readonly name: string;
  readonly data: string;
}

const store = 0x50;
const print = 0x51;

/** The printer's memory for two-dimensional symbols: one command stores data, another prints it. */
export class SymbolStore {
  readonly #data = new Map<string, string>();

  /** Takes one `GS ( k`, which does both; answers what it printed. */
  take(bytes: Uint8Array, at: number, length: number): PrintedSymbol | undefined {
    const name = symbolName(bytes[at + 5] ?? 0);
    const fn = bytes[at + 6];
    if (fn === store) this.store(name, bytes.subarray(at + 8, at + length), length - 8);
    return fn === print ? this.printed(name) : undefined;
  }

  /** Stores `length` bytes. Data too long to be held was passed over: then nothing is stored, rather than a part of it or what was there. */
  store(name: string, data: Uint8Array, length: number): void {
    if (length > 0 && data.length === length) this.#data.set(name, symbolText(data));
    else this.#data.delete(name);
  }

  /** What is stored under a name, if anything. */
  printed(name: string): PrintedSymbol | undefined {
    const data = this.#data.get(name);
    return data === undefined ? undefined : { name, data };
  }

  /** `ESC @` clears what was stored. */
  clear(): void {
    this.#data.clear();
  }
}
