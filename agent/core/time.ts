/** Milliseconds since 1970-01-01T00:00:00Z by the wall clock, which a shop's computer may have wrong. */
export type EpochMs = number;

/** A duration in milliseconds, or a reading of the monotonic clock. */
export type Ms = number;

/** A moment as the machine knew it: four readings taken together, so that a wrong wall clock can be corrected later. */
export interface Instant {
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly wallMs: EpochMs;
  /** Monotonic clock, milliseconds since an arbitrary point in this boot. */
  readonly monotonicMs: Ms;
  /** The kernel's boot id: monotonic readings compare only within one boot. */
  readonly bootId: string;
  /** Whether the wall clock was known to be synchronised at that moment. */
  readonly trusted: boolean;
}

/** Time as a dependency. Whatever waits takes one, so that a test moves time instead of waiting for it. */
export interface Clock {
  /** The present moment. */
  now(): Instant;
  /** The monotonic clock alone, in milliseconds. */
  monotonic(): Ms;
  /** Resolves after `durationMs`, or rejects with the signal's reason as soon as it is aborted. */
  sleep(durationMs: Ms, signal: AbortSignal): Promise<void>;
}

/**
 * Time from `from` to `to`, in milliseconds: by the monotonic clock within one boot, else by the wall clock, which may be wrong. Negative
 * when `to` was earlier.
 */
export function elapsedMs(from: Instant, to: Instant): Ms {
  return from.bootId === to.bootId ? to.monotonicMs - from.monotonicMs : to.wallMs - from.wallMs;
}

/** {@link elapsedMs} where it can be known: within one boot, or by two wall clocks that were both synchronised. */
export function knownElapsedMs(from: Instant, to: Instant): Ms | undefined {
  return from.bootId === to.bootId || (from.trusted && to.trusted) ? elapsedMs(from, to) : undefined;
}

/** {@link elapsedMs} for what is known to come after: never below 0, whatever the wall clock says. */
export function passedMs(from: Instant, to: Instant): Ms {
  return Math.max(0, elapsedMs(from, to));
}
