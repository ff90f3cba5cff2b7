/** The value below which a share of the values lies: 0.5 the median, 0.99 all but the worst of a hundred. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Prints what a run came to, as one JSON object in a line, so that it can be quoted. */
export function show(what: string, figures: object): void {
  process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`);
}

/** Median, p95 and worst of durations in milliseconds, rounded. */
export function spread(valuesMs: readonly number[]): {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
} {
  const at = (share: number): number => Math.round(percentile(valuesMs, share));
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}
