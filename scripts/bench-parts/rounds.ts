/** A measurement: does its work once and answers a rate. */
export type Measurement = () => Promise<number>;

/**
 * Takes several measurements in turn (a, b, a, b, ...), so that a slow moment of the machine falls on all of them, and answers the
 * median of each. One more round goes first and is not counted: it warms the code up.
 */
export async function medianOfRounds<Name extends string>(
  measurements: Readonly<Record<Name, Measurement>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(measurements) as Name[];
  const taken = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const rate = await measurements[name]();
      if (round > 0) taken.get(name)?.push(rate);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(taken.get(name) ?? [])])) as Record<Name, number>;
}

/** The middle value, the lower of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
