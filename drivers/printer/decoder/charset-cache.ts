import type { Charset } from "./charset.ts";
import { DoubleByteCharset } from "./double-byte-charset.ts";
import { SingleByteCharset } from "./single-byte-charset.ts";
import { UndeclaredCharset } from "./undeclared-charset.ts";
import { Utf8Charset } from "./utf8-charset.ts";

/** Name of the charset to ask for when nothing says which one it is. */
export const undeclared = "undeclared";

const doubleByteNames: ReadonlySet<string> = new Set(["gb18030", "gbk", "big5", "shiftjis", "euckr"]);

/** Whether a charset has pairs of bytes. */
export function isDoubleByte(name: string): boolean {
  return doubleByteNames.has(name);
}

/** Makes decoders for charsets and keeps them: their tables are built at the first use only. Best shared by all streams. */
export class CharsetCache {
  readonly #charsets = new Map<string, Charset>();

  /** The decoder for a charset by the name that codepage-encoder or iconv-lite has for it, or {@link undeclared}; Latin 1 for an unknown name. */
  get(name: string): Charset {
    const known = this.#charsets.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    this.#charsets.set(name, made);
    return made;
  }

  #make(name: string): Charset {
    if (name === undeclared) return new UndeclaredCharset(this.get("utf8"), this.get("gb18030"), this.get("cp437"));
    if (name === "utf8") return new Utf8Charset();
    return isDoubleByte(name) ? new DoubleByteCharset(name) : new SingleByteCharset(name);
  }
}
