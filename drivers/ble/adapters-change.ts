import type { Clock, Ms } from "../../agent/core/time.ts";
import { adapterNumbers } from "./adapter-presence.ts";
import type { QuietAdapter } from "./find-adapter.ts";

/** What is waited for, and how long. */
export interface AdaptersChange {
  readonly folder: string;
  /** The adapters that there were. */
  readonly among: readonly number[];
  /** Those of them that did not tell their address. */
  readonly quiet: readonly QuietAdapter[];
  readonly clock: Clock;
  /** Between two looks. */
  readonly everyMs: Ms;
  readonly atMostMs: Ms;
}

/** Waits until an adapter comes or goes, or one that did not tell its address is turned on or off, at most so long, or until aborted. */
export async function adaptersChange(
  { folder, among, quiet, clock, everyMs, atMostMs }: AdaptersChange,
  signal: AbortSignal,
): Promise<void> {
  const untilMs = clock.monotonic() + atMostMs;
  const isSame = (): boolean =>
    adapterNumbers(folder).join() === among.join() && quiet.every(({ events, state }) => events.state === state);
  while (!signal.aborted && isSame() && clock.monotonic() < untilMs)
    await clock.sleep(everyMs, signal).catch(() => undefined);
}
