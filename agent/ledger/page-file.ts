import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { pageSize } from "./sqlite.native.ts";
import { readLogPages, type LogPages } from "./write-ahead-log.ts";

/** No page of a file has this number or a higher one. */
const firstOlder = 2 ** 32;

/**
 * The pages of a ledger with its write-ahead log laid over them, read without SQLite and without changing either. Nothing about them
 * is taken for granted, not even the file's header.
 */
export class PageFile implements Disposable {
  readonly #mainPages: number;
  readonly #main: number | undefined;
  readonly #log: number | undefined;
  readonly #logged: LogPages;
  #last: { readonly number: number; readonly page: Buffer } | undefined;

  constructor(file: string) {
    this.#logged = readLogPages(`${file}-wal`, pageSize);
    this.#main = existsSync(file) ? openSync(file, "r") : undefined;
    this.#log = this.#logged.offsets.size > 0 ? openSync(`${file}-wal`, "r") : undefined;
    this.#mainPages = this.#main === undefined ? 0 : Math.ceil(fstatSync(this.#main).size / pageSize);
  }

  /** Numbers of all pages there are, then numbers of their own for older and damaged copies in the log. */
  *numbers(): Generator<number> {
    for (let number = 1; number <= this.#mainPages; number += 1) yield number;
    for (const number of this.#logged.offsets.keys()) if (number > this.#mainPages) yield number;
    for (const index of this.#logged.older.keys()) yield firstOlder + index;
  }

  /** A page by its number from 1; what is missing at the end of the file is zero. Undefined outside the file. */
  page(number: number): Buffer | undefined {
    if (this.#last?.number === number) return this.#last.page;
    const logged = this.#logged.offsets.get(number) ?? this.#logged.older[number - firstOlder];
    if (logged === undefined && (number < 1 || number > this.#mainPages)) return undefined;
    const page = Buffer.alloc(pageSize);
    const from = logged === undefined ? this.#main : this.#log;
    try {
      if (from !== undefined) readSync(from, page, 0, pageSize, logged ?? (number - 1) * pageSize);
    } catch {
      // A sector the disk cannot read is a page that is not there.
      return undefined;
    }
    this.#last = { number, page };
    return page;
  }

  [Symbol.dispose](): void {
    for (const descriptor of [this.#main, this.#log]) if (descriptor !== undefined) closeSync(descriptor);
  }
}
