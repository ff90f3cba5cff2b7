/** Numbers that look random and are the same for the same seed (Mulberry32). Not for secrets. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True so often, from 0 to 1. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.between(0, list.length - 1)] ?? list[0];
  }

  /** Some of the whole numbers from 0 to `count - 1`, each once, in order. */
  choose(count: number, of: number): ReadonlySet<number> {
    const chosen = new Set<number>();
    for (let left = Math.min(count, of); left > 0; left -= 1) {
      const limit = of - left;
      const candidate = this.between(0, limit);
      chosen.add(chosen.has(candidate) ? limit : candidate);
    }
    return chosen;
  }

  /** So many decimal digits. */
  digits(count: number): string {
    return Array.from({ length: count }, () => String(this.between(0, 9))).join("");
  }

  /** So many bytes in upper-case hexadecimal. */
  hex(bytes: number): string {
    return Array.from({ length: bytes }, () => this.between(0, 255).toString(16).padStart(2, "0"))
      .join("")
      .toUpperCase();
  }
}
