import type { Clock, Ms } from "../../agent/core/time.ts";

/** What a controller is that does not answer in time, in words for a technician. */
export const silence = "the controller does not answer";

/** Asks a controller something with a signal that is aborted after `withinMs`, or when `signal` is. Settles as the question does. */
export async function withPatience<T>(
  question: (patience: AbortSignal) => Promise<T>,
  withinMs: Ms,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  const done = new AbortController();
  const patience = new AbortController();
  const waiting = clock.sleep(withinMs, AbortSignal.any([signal, done.signal])).then(
    () => patience.abort(new Error(silence)),
    () => undefined,
  );
  try {
    return await question(AbortSignal.any([signal, patience.signal]));
  } finally {
    done.abort();
    await waiting;
  }
}
