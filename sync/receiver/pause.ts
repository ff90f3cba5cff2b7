import { setTimeout as delay } from "node:timers/promises";

/** Waits for some milliseconds; rejects with the signal's reason when aborted. Injected, so that a test need not wait. */
export type Pause = (durationMs: number, signal: AbortSignal) => Promise<void>;

/** The real one. */
export const pause: Pause = async (durationMs, signal) => {
  try {
    await delay(durationMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
};
