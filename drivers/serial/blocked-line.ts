import type { Clock, Ms } from "../../agent/core/time.ts";

/** How often the line is looked at. */
const lookMs: Ms = 500;

/** Beyond the time that what waits needs at the speed of the line: a printer that cuts or warms up holds its line up for a while. */
const graceMs: Ms = 5_000;

/** Start bit, data, parity and stop bits of a byte on the line, at most. */
const bitsAByte = 12;

/** A line that is written to. */
export interface WrittenLine {
  /** Bytes handed to it that the kernel has not taken yet. */
  readonly waitingBytes: () => number;
  /** When it took something last, by the monotonic clock. */
  readonly takenAtMs: () => Ms;
  readonly baudRate: number;
}

/**
 * Tells when the far end of a line takes nothing for longer than what waits needs at its speed, and when it takes something again: a
 * printer that holds its line up by flow control for lack of paper, or is off. Resolves when the signal is aborted.
 */
export async function watchBlocked(
  { waitingBytes, takenAtMs, baudRate }: WrittenLine,
  onChange: (isBlocked: boolean) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let isBlocked = false;
  let emptyAtMs = clock.monotonic();
  while (!signal.aborted) {
    const nowMs = clock.monotonic();
    const waiting = waitingBytes();
    if (waiting === 0) emptyAtMs = nowMs;
    const sinceMs = nowMs - Math.max(emptyAtMs, takenAtMs());
    const blocked = sinceMs > graceMs + (waiting * bitsAByte * 1_000) / baudRate;
    if (blocked !== isBlocked) onChange(blocked);
    isBlocked = blocked;
    await clock.sleep(lookMs, signal).catch(() => undefined);
  }
}
