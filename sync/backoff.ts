import type { Ms } from "../agent/core/time.ts";

/** A number from 0 to below 1, like Math.random. */
export type Random = () => number;

/** How waits grow. */
export interface BackoffOptions {
  readonly firstMs: Ms;
  readonly longestMs: Ms;
}

/**
 * The wait before attempt `attempt` (0 is the first): doubled each time up to the longest, and then drawn from its upper half, so
 * that many stores that lost one broker together do not come back together.
 */
export function backoffMs(options: BackoffOptions, attempt: number, random: Random): Ms {
  const full = Math.min(options.longestMs, options.firstMs * 2 ** Math.min(attempt, 30));
  return full * (0.5 + random() / 2);
}
