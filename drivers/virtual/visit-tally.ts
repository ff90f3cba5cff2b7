import type { EpochMs, Ms } from "../../agent/core/time.ts";
import type { StoreBeacon } from "./beacon-plan.ts";
import { isUndisturbed, type Deaths } from "./disturbance.ts";
import type { Tally } from "./scan-tally.ts";
import type { PlayedVisit } from "./visit-player.ts";

/** A visit as the cloud holds it. */
export interface CloudVisit {
  readonly beaconId: string;
  readonly token: string;
  readonly firstSeenAtMs: EpochMs;
}

/** A radio tells of what it heard about once a second. */
const lateMs: Ms = 2_000;

/** What a beacon is known by in the store, before it becomes a token. */
export function beaconIdentifier({ sends }: StoreBeacon): string {
  return sends.type === "ibeacon"
    ? `ibeacon:${sends.uuid}:${sends.major}:${sends.minor}`
    : `eddystone-uid:${sends.namespace}:${sends.instance}`;
}

/**
 * Counts visits. Nothing is kept of a beacon until its visit has begun, and a new life of the agent takes seconds until it hears again: a
 * visit counts as expected where no death of the agent was near. Any other may be in the cloud, in pieces, or not at all.
 */
export function tallyVisits(
  played: readonly PlayedVisit[],
  rows: readonly CloudVisit[],
  tokenOf: (identifier: string) => string,
  beganAtMs: EpochMs,
  deaths: Deaths,
): Tally {
  const left = new Set(rows.filter(({ firstSeenAtMs }) => firstSeenAtMs >= beganAtMs));
  let [expected, found] = [0, 0];
  for (const { visit, cameAtMs, wentAtMs } of played) {
    const { beaconId } = visit.beacon;
    const token = tokenOf(beaconIdentifier(visit.beacon));
    const isOurs = (row: CloudVisit): boolean =>
      row.token === token &&
      row.beaconId === beaconId &&
      row.firstSeenAtMs >= cameAtMs &&
      row.firstSeenAtMs <= wentAtMs + lateMs;
    const own = [...left].filter(isOurs);
    const isSure = isUndisturbed(cameAtMs, wentAtMs, deaths);
    expected += isSure ? 1 : 0;
    found += isSure && own.length > 0 ? 1 : 0;
    for (const row of isSure ? own.slice(0, 1) : own) left.delete(row);
  }
  return { expected, found, strays: left.size };
}
