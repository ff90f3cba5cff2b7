/** Code points as sorted, disjoint ranges, both ends included. */
export type CharSet = readonly (readonly [number, number])[];

const last = 0x10ffff;

/** No code point. */
export const noChars: CharSet = [];

/** Every code point. */
export const allChars: CharSet = [[0, last]];

/** All of both. */
export function union(...sets: readonly CharSet[]): CharSet {
  const merged: [number, number][] = [];
  for (const [from, to] of sets.flat().toSorted((a, b) => a[0] - b[0])) {
    const top = merged.at(-1);
    if (top !== undefined && from <= top[1] + 1) top[1] = Math.max(top[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** All the others. */
export function complement(set: CharSet): CharSet {
  const others: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) others.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= last) others.push([next, last]);
  return others;
}

/** Whether some code point is in both. */
export function overlap(a: CharSet, b: CharSet): boolean {
  return a.some(([from, to]) => b.some(([low, high]) => from <= high && low <= to));
}
