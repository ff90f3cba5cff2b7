import type { Ms } from "../../../agent/core/time.ts";

/** How a keyboard wedge ends a code. */
export type WedgeSuffix = "enter" | "tab" | "none";

/** How typing is told from scanning. */
export interface WedgeRules {
  /** By default a code ends with enter or tab, whichever comes. */
  readonly suffix?: WedgeSuffix;
  /** A scanner takes no longer than half of this from key to key on average. It types a key in a few milliseconds, a fast typist in 100. */
  readonly interKeyMs: Ms;
}

/** By default; a scanner that was set to type slowly needs more. */
export const defaultInterKeyMs: Ms = 80;

/** Shorter ones are taken for keys that a person pressed. */
const minLength = 4;

/** A typed code is no longer than this; what goes on is no code. */
const maxLength = 4096;

/** After this silence at the least, what comes is something else. Far longer than any pause of a scanner or of a busy machine. */
const silenceMs: Ms = 500;

/**
 * Puts the characters of one keyboard together to codes. What a person types never becomes one: a code has at least four characters, and
 * all since the last end or the last silence came at a scanner's pace on average. A single late key does not break a code in two, for the
 * rest of a code is another code. Nothing else is kept.
 */
export class Wedge {
  readonly #rules: WedgeRules;
  readonly #silenceMs: Ms;
  #text = "";
  #firstMs: Ms = 0;
  #lastMs: Ms = 0;

  constructor(rules: WedgeRules) {
    this.#rules = rules;
    this.#silenceMs = Math.max(silenceMs, 2 * rules.interKeyMs);
  }

  /** Takes what was typed at a reading of the monotonic clock; answers the codes that are complete with it. */
  take(typed: string, nowMs: Ms): readonly string[] {
    const codes = this.expire(nowMs);
    const ended: string[] = [];
    for (const char of typed) {
      if (this.#ends(char)) ended.push(...this.#finish(nowMs));
      else this.#add(char, nowMs);
    }
    return [...codes, ...ended];
  }

  /** Ends what has been silent for too long: a code where there is no suffix, else nothing. */
  expire(nowMs: Ms): readonly string[] {
    if (this.#text === "" || nowMs - this.#lastMs <= this.#silenceMs) return [];
    if (this.#rules.suffix === "none") return this.#finish(this.#lastMs);
    this.#text = "";
    return [];
  }

  /** When {@link Wedge.expire} should be asked, if at all: only codes without a suffix end by themselves. */
  get dueMs(): Ms | undefined {
    if (this.#rules.suffix !== "none" || this.#text === "") return undefined;
    return this.#lastMs + this.#silenceMs + 1;
  }

  #ends(char: string): boolean {
    const { suffix } = this.#rules;
    if (char === "\r") return suffix === undefined || suffix === "enter";
    return char === "\t" && (suffix === undefined || suffix === "tab");
  }

  #add(char: string, nowMs: Ms): void {
    if (this.#text === "") this.#firstMs = nowMs;
    if (this.#text.length < maxLength) this.#text += char;
    this.#lastMs = nowMs;
  }

  #finish(endMs: Ms): readonly string[] {
    const text = this.#text;
    this.#text = "";
    const isFast = endMs - this.#firstMs <= (text.length * this.#rules.interKeyMs) / 2;
    return text.length >= minLength && text.length < maxLength && isFast ? [text] : [];
  }
}
