import type { Clock } from "../agent/core/time.ts";

/** Long enough for a commit or two, short enough for nobody to wait for a restart. */
const graceMs = 500;

/**
 * Runs `work` with a second signal, which is aborted a little after the first: between the two, what was already read may still
 * be recorded, and nothing new is taken.
 */
export async function withGrace(
  stop: AbortSignal,
  clock: Clock,
  work: (giveUp: AbortSignal) => Promise<void>,
): Promise<void> {
  const giveUp = new AbortController();
  const done = new AbortController();
  const onStop = (): void => {
    clock.sleep(graceMs, done.signal).then(
      () => giveUp.abort(stop.reason),
      () => {},
    );
  };
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop, { once: true });
  try {
    await work(giveUp.signal);
  } finally {
    stop.removeEventListener("abort", onStop);
    done.abort();
  }
}
