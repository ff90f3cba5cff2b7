import type { Instant, Ms } from "../../core/time.ts";

/**
 * Time from `from` to `to`, in milliseconds, never below 0: by the monotonic clock within one boot, else by the wall clock, which may be
 * wrong.
 */
export function elapsedMs(from: Instant, to: Instant): Ms {
  const passed = from.bootId === to.bootId ? to.monotonicMs - from.monotonicMs : to.wallMs - from.wallMs;
  return Math.max(0, passed);
}
