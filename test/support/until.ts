import { setTimeout as delay } from "node:timers/promises";

/** How long and how often a condition is looked at. */
interface UntilOptions {
  /** Default 10 s. */
  readonly timeoutMs?: number;
  /** Default 20 ms. */
  readonly everyMs?: number;
  /** Named in the error when the condition never holds. */
  readonly what?: string;
}

type Falsy = false | 0 | "" | null | undefined;

/**
 * Waits for a condition of the outside world (a process, a socket, a file) by looking at it again and again. Resolves to the first
 * truthy value of `predicate`; rejects when there was none in time.
 */
export async function until<T>(
  predicate: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20, what = "the condition" }: UntilOptions = {},
): Promise<Exclude<T, Falsy>> {
  const deadline = process.hrtime.bigint() + BigInt(timeoutMs) * 1_000_000n;
  for (;;) {
    const value = await predicate();
    if (isTruthy(value)) return value;
    if (process.hrtime.bigint() > deadline) throw new Error(`${what} did not hold within ${timeoutMs} ms`);
    await delay(everyMs);
  }
}

function isTruthy<T>(value: T): value is Exclude<T, Falsy> {
  return Boolean(value);
}
