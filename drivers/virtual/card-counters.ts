import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** More readings than one tap takes. */
const readingsPerTap = 64;

/** Reading counters of the virtual NTAG 424, kept in a file: a counter that stood still would be taken for a copied message the next morning. */
export class CardCounters {
  readonly #path: string;
  #counters: Readonly<Record<string, number>>;

  /** Reads the file; without a readable one every tag is new. */
  constructor(path: string) {
    this.#path = path;
    this.#counters = read(path);
  }

  /** The counter that a tag has before its next tap. What the tap will use up is written down first. */
  next(uid: string): number {
    const counter = this.#counters[uid] ?? 0;
    this.#counters = { ...this.#counters, [uid]: counter + readingsPerTap };
    mkdirSync(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.new`;
    writeFileSync(draft, `${JSON.stringify(this.#counters)}\n`, { mode: 0o600 });
    renameSync(draft, this.#path);
    return counter;
  }
}

function read(path: string): Readonly<Record<string, number>> {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof kept !== "object" || kept === null) return {};
    const counters = Object.entries(kept).filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]));
    return Object.fromEntries(counters);
  } catch {
    return {};
  }
}
