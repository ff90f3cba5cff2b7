import { stat } from "node:fs/promises";
import type { Clock, Ms } from "../../agent/core/time.ts";

/** Costs one system call each; a POS that prints again after a break takes longer. */
const lookMs: Ms = 300;

/**
 * Resolves when a path no longer leads to the device it leads to now, or to none, or when the signal is aborted.
 *
 * serialport does not always notice that a device is gone: once the kernel has hung the port up, read(2) gives 0 instead of an error
 * (tty hangup), and the library reads again and again for ever, at full load and without an event. The number of a device is not
 * given to another while it is held open, so the number tells.
 */
export async function deviceGone(path: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const opened = await deviceAt(path);
  while (!signal.aborted) {
    if (opened === undefined || (await deviceAt(path)) !== opened) return;
    try {
      await clock.sleep(lookMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

async function deviceAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).rdev;
  } catch {
    return undefined;
  }
}
