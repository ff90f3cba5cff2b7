import { lookUp, tooShort } from "./command-index.ts";
import type { CommandRow } from "./command-row.ts";
import { defaultDialect, probe } from "./dialect-probe.ts";
import { dialects, otherThan, type Dialect, type DialectName } from "./dialect.ts";
import { impossible, undetermined } from "./frame.ts";

const ESC = 0x1b;
const GS = 0x1d;
const RS = 0x1e;

/** No frame needs more to say how long its command is. */
const longestLook = 8192;

/** Keeps track of the dialect of a stream: the one that was configured, or the one that its jobs turn out to be in. */
export class DialectFinder {
  /** Dialects that the stream may be in. */
  readonly possible: readonly Dialect[];
  #current: Dialect;
  /** The stream showed a command that only this dialect has. */
  #proven = false;
  #searching: boolean;

  constructor(configured: DialectName | undefined) {
    this.#current = configured === undefined ? defaultDialect : dialects[configured];
    this.possible = configured === undefined ? [dialects.escpos, dialects.star] : [this.#current];
    this.#searching = configured === undefined;
  }

  /** The dialect that the next byte is taken for. */
  get current(): Dialect {
    return this.#current;
  }

  /** A job begins and it is not yet known in which dialect. */
  get searching(): boolean {
    return this.#searching;
  }

  /** Another job may begin. */
  search(): void {
    this.#searching = this.possible.length > 1;
  }

  /** Finds the dialect of the job that begins at `at`; `false` when more bytes are needed. With `last` none will come. */
  settle(bytes: Uint8Array, at: number, last: boolean): boolean {
    const verdict = probe(bytes, at, bytes.length, this.#current, last);
    if (verdict === undefined) return false;
    this.#searching = false;
    this.#proven = verdict.proven || (this.#proven && verdict.dialect === this.#current);
    this.#current = verdict.dialect;
    return true;
  }

  /** A command of the current dialect was read. */
  saw(row: CommandRow): void {
    if (!this.#proven && this.#current.proofs.has(row)) this.#proven = true;
  }

  /**
   * What the current dialect does not know stands at `at`. Answers whether it is a command of the other dialect that is to be believed,
   * which is then the current one; `undefined` when more bytes are needed to say.
   */
  change(bytes: Uint8Array, at: number): boolean | undefined {
    const is = this.#isOther(bytes, at);
    if (is !== true) return is;
    this.#current = otherThan(this.#current);
    this.#proven = true;
    return true;
  }

  #isOther(bytes: Uint8Array, at: number): boolean | undefined {
    if (this.possible.length === 1) return false;
    const other = otherThan(this.#current);
    const found = lookUp(other.index, bytes, at, bytes.length);
    if (found === tooShort) return undefined;
    if (typeof found === "number" || !other.proofs.has(found)) return false;
    // ESC GS, ESC RS and a leading GS never begin a command of the other dialect; the rest is believed while nothing says otherwise.
    const [lead, code] = found.prefix;
    if (this.#proven && lead !== GS && (lead !== ESC || (code !== GS && code !== RS))) return false;
    const length = found.frame(bytes, at, Math.min(bytes.length, at + longestLook));
    if (length === undetermined && bytes.length - at < longestLook) return undefined;
    return length !== impossible && length !== undetermined;
  }
}
