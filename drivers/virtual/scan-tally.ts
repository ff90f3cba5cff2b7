import type { LaneId } from "../../agent/core/ids.ts";
import type { EpochMs, Ms } from "../../agent/core/time.ts";
import { isUndisturbed, type Deaths } from "./disturbance.ts";
import type { PlayedScan } from "./player.ts";

/** Where nobody reads a scanner, a new life of the agent may still be coming up. */
const comingUpMs: Ms = 15_000;

/** A scanner waits so long for somebody to read it, or less. */
const unreadMs: Ms = 3_000;

/** A code that names no shopper, as the cloud holds it. */
export interface CloudScan {
  readonly laneId: LaneId;
  readonly codeKind: string;
  /** GTIN of an article, scheme of a payment code. */
  readonly what: string;
  readonly atMs: EpochMs;
}

/** What was played against what the cloud holds. */
export interface Tally {
  /** Played, and to be found. */
  readonly expected: number;
  /** Of these, how many the cloud holds, once each. */
  readonly found: number;
  /** What the cloud holds of this morning beyond what was played. */
  readonly strays: number;
}

/**
 * Counts scans of articles and payment codes. A scanner beeps when it has decoded a code, not when the agent has it safe: a scan counts as
 * expected where no death of the agent was near. Any other may be in the cloud once, or not at all.
 */
export function tallyScans(
  scanned: readonly PlayedScan[],
  rows: readonly CloudScan[],
  beganAtMs: EpochMs,
  deaths: Deaths,
): Tally {
  const held = Map.groupBy(
    rows.filter(({ atMs }) => atMs >= beganAtMs),
    ({ laneId, codeKind, what }) => `${laneId} ${codeKind} ${what}`,
  );
  const played = Map.groupBy(scanned, keyOf);
  played.delete(undefined);
  let [expected, found, strays] = [0, 0, 0];
  for (const [key, scans] of played) {
    const sure = scans.filter((scan) => isSure(scan, deaths)).length;
    const there = held.get(key ?? "")?.length ?? 0;
    expected += sure;
    found += Math.min(sure, there);
    strays += Math.max(0, there - scans.length);
  }
  for (const [key, unplayed] of held) if (!played.has(key)) strays += unplayed.length;
  return { expected, found, strays };
}

/** Whether no death of the agent can have kept a scan from being read and becoming durable. */
export function isSure({ atMs, isRead }: PlayedScan, deaths: Deaths): boolean {
  return isRead ? isUndisturbed(atMs, atMs, deaths) : isUndisturbed(atMs - comingUpMs, atMs + unreadMs, deaths);
}

/** A member code is a touch, and counted as one. */
function keyOf({ planned, scan }: PlayedScan): string | undefined {
  if (scan.kind === "article") return `${planned.laneId} gtin ${scan.gtin}`;
  return scan.kind === "payment" ? `${planned.laneId} payment ${scan.scheme}` : undefined;
}
