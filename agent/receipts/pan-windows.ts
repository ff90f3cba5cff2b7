import type { DigitGroup } from "./digit-groups.ts";
import { isCardGrouping, isDate, isGtin, isPan, mayBegin, maxPanDigits, minPanDigits } from "./pan-rules.ts";

/** Groups of digits that follow each other closely enough to be one number. */
export class DigitChain {
  readonly groups: DigitGroup[] = [];
  readonly #bytes: Uint8Array;
  readonly #masked: Uint8Array;
  readonly #digits = new Uint8Array(maxPanDigits);
  #found = false;

  /** Card numbers found in `bytes` are masked in `masked`. */
  constructor(bytes: Uint8Array, masked: Uint8Array) {
    this.#bytes = bytes;
    this.#masked = masked;
  }

  /** Whether anything was masked. */
  get found(): boolean {
    return this.#found;
  }

  /**
   * Masks every card number and empties the chain. While it is `open` (more digits may follow), answers the position of the first
   * group that may still be the start of a card number and leaves it and what follows alone; -1 when there is none.
   */
  resolve(open: boolean): number {
    let from = 0;
    let held = -1;
    while (from < this.groups.length && held < 0) {
      if (open && this.#mayGrow(from)) held = this.groups[from]?.start ?? -1;
      else from = this.#take(from);
    }
    this.groups.length = 0;
    return held;
  }

  /** Masks the longest card number that begins with the group at `from`. Answers the group to go on with. */
  #take(from: number): number {
    let best = -1;
    for (let to = from, count = 0; to < this.groups.length; to += 1) {
      count += size(this.groups[to]);
      if (count > maxPanDigits) break;
      if (count >= minPanDigits && this.#isCardNumber(from, to)) best = to;
    }
    if (best < 0) return from + 1;
    this.#mask(from, best);
    return best + 1;
  }

  #mayGrow(from: number): boolean {
    let count = 0;
    for (let i = from; i < this.groups.length; i += 1) count += size(this.groups[i]);
    if (count > maxPanDigits) return false;
    this.#load(from, this.groups.length - 1);
    return mayBegin(this.#digits, count);
  }

  #isCardNumber(from: number, to: number): boolean {
    const count = this.#load(from, to);
    if (!isPan(this.#digits, count)) return false;
    if (from === to) return !isGtin(this.#digits, 0, count);
    return this.#readsAsOne(from, to);
  }

  /** Whether several groups are printed as one number is: alike separators, no decimal, no date, no article number among them. */
  #readsAsOne(from: number, to: number): boolean {
    const groups = this.groups.slice(from, to + 1);
    const gaps = groups.slice(1).map((group) => group.gap);
    if (groups.some((group) => group.joined)) return false;
    const sizes = groups.map(size);
    if (isCardGrouping(sizes) || isCardGrouping(acrossLines(groups))) return true;
    const separators = new Set(gaps.map((gap) => gap.separator).filter((separator) => separator !== 0));
    if (gaps.some((gap) => gap.loose) || separators.size > 1) return false;
    return separators.size === 0 ? this.#isWrapped(sizes) : this.#isGrouped(sizes);
  }

  /** Digits broken by line ends alone. A short number at the end of a line and an article number on the next are two. */
  #isWrapped(sizes: readonly number[]): boolean {
    const [first = 0, second = 0] = sizes;
    return first >= 2 && !(first < 8 && isGtin(this.#digits, first, second));
  }

  #isGrouped(sizes: readonly number[]): boolean {
    let at = 0;
    for (const [index, length] of sizes.entries()) {
      if (length < 3 && index < sizes.length - 1) return false;
      if (length === 8 && isDate(this.#digits, at)) return false;
      if (isGtin(this.#digits, at, length)) return false;
      at += length;
    }
    return true;
  }

  #load(from: number, to: number): number {
    let count = 0;
    for (let i = from; i <= to; i += 1) {
      const group = this.groups[i];
      if (group === undefined) continue;
      for (let at = group.start; at < group.end && count < maxPanDigits; at += 1) {
        this.#digits[count] = (this.#bytes[at] ?? 0) - 0x30;
        count += 1;
      }
    }
    return count;
  }

  /** Replaces all digits but the last four. */
  #mask(from: number, to: number): void {
    this.#found = true;
    let keep = 4;
    for (let i = to; i >= from; i -= 1) {
      const group = this.groups[i];
      if (group === undefined) continue;
      for (let at = group.end - 1; at >= group.start; at -= 1) {
        if (keep > 0) keep -= 1;
        else this.#masked[at] = 0x2a;
      }
    }
  }
}

function size(group: DigitGroup | undefined): number {
  return group === undefined ? 0 : group.end - group.start;
}

/** Sizes of the groups when those that a line end broke are put together again. */
function acrossLines(groups: readonly DigitGroup[]): readonly number[] {
  const sizes: number[] = [];
  for (const group of groups) {
    if (group.gap.lineEnd && sizes.length > 0) sizes.push((sizes.pop() ?? 0) + size(group));
    else sizes.push(size(group));
  }
  return sizes;
}
