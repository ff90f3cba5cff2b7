import { isPan, mayBegin, maxPanDigits, minPanDigits } from "../core/card-number.ts";
import type { DigitForm } from "./digit-forms.ts";
import { noGap, type DigitGroup, type Gap } from "./digit-groups.ts";
import { endsTrackNumber, hasCardWords, isInsideHex, isTrackStart } from "./pan-context.ts";
import { isBareCard, readsAsOne } from "./pan-grouping.ts";
import { isCouponOrLocation } from "./pan-rules.ts";
import { mayBeTradeNumber, tradeNumberDigits } from "./trade-number.ts";

/** Zeros before a number that are taken for padding. */
const maxPadding = 16;
/** Digits beyond which nothing is one number: a card number that fills a field, and a digit more. */
const mostDigits = maxPanDigits + maxPadding;

/** Groups of digits that follow each other closely enough to be one number. */
export class DigitChain {
  readonly groups: DigitGroup[] = [];
  readonly #digits = new Uint8Array(tradeNumberDigits);
  #lastMasked = -1;
  #found = false;

  /** Whether anything was ever masked. */
  get found(): boolean {
    return this.#found;
  }

  /** Where the card number masked last ends, or -1. */
  get lastMasked(): number {
    return this.#lastMasked;
  }

  /** Digits begin a new group; `previous` is how many stand before the gap. */
  add(start: number, form: DigitForm, gap: Gap, previous: number): DigitGroup {
    const group: DigitGroup = { start, end: start, count: 0, zeros: 0, form, gap, previous };
    this.groups.push(group);
    return group;
  }

  /** The first `count` bytes of the buffer went away. */
  shift(count: number): void {
    for (const group of this.groups) {
      group.start -= count;
      group.end -= count;
    }
    this.#lastMasked = this.#lastMasked < count ? -1 : this.#lastMasked - count;
  }

  /**
   * Masks every card number and empties the chain. While it is `open` (more digits may follow, and when it is `growing` in the last
   * group), answers the position of the first group that may still be the start of a card number and keeps it and what follows; -1
   * when there is none. Bytes before `given` were handed out already.
   */
  resolve(bytes: Uint8Array, open: false | "open" | "growing", given: number): number {
    let from = 0;
    while (from < this.groups.length) {
      if (open !== false && this.#mayGrow(bytes, from, open === "growing")) {
        if (from > 0) this.groups.splice(0, from);
        return this.groups[0]?.start ?? -1;
      }
      from = this.#take(bytes, from, given);
    }
    this.groups.length = 0;
    return -1;
  }

  /** No byte follows for now: masks what is whole, and keeps what may still grow. */
  settle(bytes: Uint8Array, given: number): void {
    let [from, keep] = [0, -1];
    while (from < this.groups.length) {
      const masked = this.#lastMasked;
      const next = this.#take(bytes, from, given);
      if (this.#lastMasked !== masked) keep = -1;
      else if (keep < 0 && this.#mayGrow(bytes, from, true)) keep = from;
      from = next;
    }
    this.groups.splice(0, keep < 0 ? from : keep);
  }

  /** Masks the longest card number that begins with the group at `from`. Answers the group to go on with. */
  #take(bytes: Uint8Array, from: number, given: number): number {
    const first = this.groups[from];
    if (first === undefined || !this.#hasDigits(from, minPanDigits)) return from + 1;
    const trade = this.#tradeNumber(bytes, from);
    if (trade > 0) return from + trade;
    let best = this.#isBareNumber(bytes, from, first) ? from : -1;
    let count = first.count;
    if (count < maxPanDigits && mayBegin(this.#digits, this.#load(bytes, from, from, 0))) {
      for (let to = from + 1; to < this.groups.length; to += 1) {
        const group = this.groups[to];
        if (group === undefined || group.form !== first.form) break;
        this.#append(bytes, group, count);
        count += group.count;
        if (count > maxPanDigits) break;
        if (isPan(this.#digits, count) && this.#isOneNumber(bytes, from, to, count)) best = to;
      }
    }
    if (best < 0) return from + 1;
    this.#mask(from, best, bytes, given);
    return best + 1;
  }

  /** Whether the groups from `from` on have at least so many digits. */
  #hasDigits(from: number, wanted: number): boolean {
    let count = 0;
    for (let i = from; i < this.groups.length && count < wanted; i += 1) count += size(this.groups[i]);
    return count >= wanted;
  }

  /** Whether one group of digits is a card number, zeros that fill a field left out. */
  #isBareNumber(bytes: Uint8Array, index: number, group: DigitGroup): boolean {
    const padding = paddingOf(group);
    const count = group.count - padding;
    if (count > maxPanDigits || count < minPanDigits) return false;
    if (isTrackStart(bytes, group.start) && endsTrackNumber(bytes[group.end])) return true;
    this.#load(bytes, index, index, padding);
    if (!isPan(this.#digits, count) || isInsideHex(bytes, group.start)) return false;
    const afterSeparator = bytes[group.start - 1] === 0x1d;
    return isBareCard(this.#digits, count, {
      padding,
      afterSeparator,
      inCardContext: () => hasCardWords(bytes, group.start),
    });
  }

  /** Whether the groups from `from` to `to`, whose digits are a card number, are printed as one number. */
  #isOneNumber(bytes: Uint8Array, from: number, to: number, count: number): boolean {
    const groups = this.groups.slice(from, to + 1);
    const [first] = groups;
    const after = this.groups[to + 1];
    if (first === undefined || (bytes[first.start - 1] === 0x1d && isCouponOrLocation(this.#digits, count)))
      return false;
    return readsAsOne(this.#digits, {
      sizes: groups.map(size),
      gaps: groups.slice(1).map((group) => group.gap),
      neighbours: { before: first.gap, after: after?.gap ?? noGap },
      singlesAround: first.previous === 1 || after?.count === 1,
      inCardContext: () => hasCardWords(bytes, first.start),
    });
  }

  /** Whether the group at `from` may begin a number that is not whole yet. */
  #mayGrow(bytes: Uint8Array, from: number, growing: boolean): boolean {
    const first = this.groups[from];
    if (first === undefined) return false;
    let count = 0;
    for (let i = from; i < this.groups.length && count <= mostDigits; i += 1) count += size(this.groups[i]);
    if (count > mostDigits) return false;
    if (count <= tradeNumberDigits && this.#mayBeTrade(bytes, from)) return true;
    const alone = this.groups.length === from + 1;
    // One digit that has just begun says too little about what stands after the number.
    if (growing && !alone && size(this.groups.at(-1)) === 1) count -= 1;
    const padding = alone ? paddingOf(first) : 0;
    if (count - padding > maxPanDigits) return false;
    if (alone && isTrackStart(bytes, first.start)) return true;
    if (count === padding) return padding > 0;
    return mayBegin(this.#digits, this.#load(bytes, from, this.groups.length - 1, padding));
  }

  #mayBeTrade(bytes: Uint8Array, from: number): boolean {
    const last = this.groups.length - 1;
    return mayBeTradeNumber(this.#digits, this.#load(bytes, from, last, 0)) && this.#alike(from, last);
  }

  /** How many groups from `from` on are a trade number printed in groups; 0 when none is. */
  #tradeNumber(bytes: Uint8Array, from: number): number {
    let count = 0;
    let to = from;
    for (; to < this.groups.length && count < tradeNumberDigits; to += 1) count += size(this.groups[to]);
    if (count !== tradeNumberDigits || to === from + 1) return 0;
    const is = mayBeTradeNumber(this.#digits, this.#load(bytes, from, to - 1, 0)) && this.#alike(from, to - 1);
    return is ? to - from : 0;
  }

  /** Whether the same separators stand between all the groups. */
  #alike(from: number, to: number): boolean {
    const gap = this.groups[from + 1]?.gap ?? noGap;
    for (let i = from + 2; i <= to; i += 1) {
      const other = this.groups[i]?.gap ?? noGap;
      if (other.separator !== gap.separator || other.count !== gap.count || other.lineEnd !== gap.lineEnd) return false;
    }
    return true;
  }

  /** Reads digits, the first `skip` left out, as many as fit. Answers how many. */
  #load(bytes: Uint8Array, from: number, to: number, skip: number): number {
    let count = -skip;
    for (let i = from; i <= to; i += 1) {
      const group = this.groups[i];
      if (group !== undefined) count = this.#append(bytes, group, count);
    }
    return count;
  }

  /** Reads the digits of a group behind `count` others. Answers how many they are then. */
  #append(bytes: Uint8Array, { start, end, form }: DigitGroup, count: number): number {
    const width = form.star.length;
    let known = count;
    for (let at = start + form.lead.length; at < end && known < this.#digits.length; at += width) {
      if (known >= 0) this.#digits[known] = (bytes[at] ?? 0) - form.zero;
      known += 1;
    }
    return known;
  }

  /**
   * Replaces all digits but the last four. When more than eight were handed out before it was known that a card number begins with
   * them, the last four go too: then no more than twelve are ever seen.
   */
  #mask(from: number, to: number, bytes: Uint8Array, given: number): void {
    this.#found = true;
    this.#lastMasked = this.groups[to]?.end ?? -1;
    let [keep, seen] = [4, 0];
    for (const { start, end, form } of this.groups.slice(from, to + 1)) {
      seen += Math.max(0, Math.min(end, given) - start) / form.star.length;
    }
    if (seen > 8) keep = 0;
    for (let i = to; i >= from; i -= 1) {
      const group = this.groups[i];
      if (group === undefined) continue;
      const { star } = group.form;
      for (let at = group.end - star.length; at >= group.start; at -= star.length) {
        if (keep > 0) keep -= 1;
        else if (at >= given) bytes.set(star, at);
      }
    }
  }
}

function size(group: DigitGroup | undefined): number {
  return group === undefined ? 0 : group.count;
}

/** Zeros that pad a number to a fixed width. */
function paddingOf(group: DigitGroup): number {
  return group.zeros <= maxPadding ? group.zeros : 0;
}
