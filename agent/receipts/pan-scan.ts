import { GapReader, isDigit, joinsDigits, styleLength, type Gap } from "./digit-groups.ts";
import { DigitChain } from "./pan-windows.ts";

/** What a scan must know of the bytes before its buffer. */
export interface ScanState {
  /** The byte before is a digit of a run that was given up and may go on. */
  readonly deadRun: boolean;
  /** The byte before the buffer, and the one before that. */
  readonly before: number;
  readonly beforeThat: number;
}

const noGap: Gap = { separator: 0, loose: false, lineEnd: false };

/** One pass over a buffer in search of card numbers. */
export class PanScan {
  /** The buffer with the card numbers masked. */
  readonly masked: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #final: boolean;
  readonly #state: ScanState;
  readonly #chain: DigitChain;
  readonly #gap = new GapReader();
  /** Where the run of digits at the end of the buffer begins, or -1. */
  #lastRun = -1;
  /** Where scanning stopped for want of bytes, or -1. */
  #stoppedAt = -1;

  /** `final` says that no byte follows the buffer. */
  constructor(bytes: Uint8Array, final: boolean, state: ScanState) {
    this.#bytes = bytes;
    this.masked = bytes.slice();
    this.#final = final;
    this.#state = state;
    this.#chain = new DigitChain(bytes, this.masked);
  }

  /** Whether anything was masked. */
  get found(): boolean {
    return this.#chain.found;
  }

  /** Scans, and answers up to where the result is decided. */
  run(): number {
    const length = this.#bytes.length;
    let at = this.#state.deadRun ? this.#digitsTo(0) : 0;
    if (at > 0 && at === length) this.#lastRun = 0;
    while (at < length && this.#stoppedAt < 0) at = this.#step(at);
    const held = this.#chain.resolve(!this.#final);
    const stopped = this.#stoppedAt < 0 ? length : this.#stoppedAt;
    return held < 0 ? stopped : Math.min(held, stopped);
  }

  /** What the scan of the bytes from `at` on must know. */
  stateAt(at: number): ScanState {
    if (at === 0) return this.#state;
    const before = this.#bytes[at - 1] ?? 0;
    return {
      deadRun: at === this.#bytes.length && this.#lastRun >= 0,
      before,
      beforeThat: at === 1 ? this.#state.before : (this.#bytes[at - 2] ?? 0),
    };
  }

  #step(at: number): number {
    const byte = this.#bytes[at] ?? 0;
    if (isDigit(byte)) return this.#run(at);
    if (byte === 0x1b || byte === 0x1c || byte === 0x1d) return this.#style(at);
    if (this.#chain.groups.length > 0 && !this.#gap.byte(byte)) this.#chain.resolve(false);
    return at + 1;
  }

  #run(start: number): number {
    const end = this.#digitsTo(start);
    const gap = this.#chain.groups.length === 0 ? noGap : this.#gap.gap();
    if (gap === undefined) this.#chain.resolve(false);
    const point = joinsDigits(this.#bytes[end]);
    if (point && end + 1 === this.#bytes.length && !this.#final) this.#stoppedAt = end;
    const joined = (point && isDigit(this.#bytes[end + 1])) || this.#joinedBefore(start);
    this.#chain.groups.push({ start, end, gap: gap ?? noGap, joined });
    this.#gap.clear();
    if (end === this.#bytes.length) this.#lastRun = start;
    return end;
  }

  #joinedBefore(start: number): boolean {
    const before = start > 0 ? this.#bytes[start - 1] : this.#state.before;
    const beforeThat = start > 1 ? this.#bytes[start - 2] : start === 1 ? this.#state.before : this.#state.beforeThat;
    return joinsDigits(before) && isDigit(beforeThat);
  }

  #style(at: number): number {
    const length = styleLength(this.#bytes, at);
    if (length < 0 && !this.#final) {
      this.#stoppedAt = at;
      return at;
    }
    const holds = length > 0 ? this.#gap.style(length) : false;
    if (!holds && this.#chain.groups.length > 0) this.#chain.resolve(false);
    return at + Math.max(1, length);
  }

  #digitsTo(start: number): number {
    let end = start;
    while (isDigit(this.#bytes[end])) end += 1;
    return end;
  }
}
