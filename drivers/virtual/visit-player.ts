import type { Clock, EpochMs, Ms } from "../../agent/core/time.ts";
import type { PlannedVisit, StoreBeacon } from "./beacon-plan.ts";

/** The air at the entrance, as far as the store's beacons go. */
export interface Entrance {
  /** A beacon is heard from now on: as strongly as from a few steps away, or hardly. */
  hear(beacon: StoreBeacon, from: "near" | "far"): void;
  /** It is not heard any more. */
  lose(beacon: StoreBeacon): void;
}

/** A beacon came to the entrance or went. */
export interface VisitPlayed {
  readonly type: "came" | "went";
  readonly visit: PlannedVisit;
}

/** A visit that was played to its end. Wall clock. */
export interface PlayedVisit {
  readonly visit: PlannedVisit;
  readonly cameAtMs: EpochMs;
  readonly wentAtMs: EpochMs;
}

/** What the visits are played with. */
export interface VisitPlayerParts {
  readonly entrance: Entrance;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onVisit: (event: VisitPlayed) => void;
}

/** How long somebody who walks off is still heard. */
const walkingOffMs: Ms = 8_000;

/** Plays visits, each at its time from now. Resolves with those played to their end when all are, or when the signal is aborted. */
export async function playVisits(
  visits: readonly PlannedVisit[],
  parts: VisitPlayerParts,
): Promise<readonly PlayedVisit[]> {
  const playing = visits.map(async (visit) => {
    try {
      return await playVisit(visit, parts);
    } catch (error) {
      if (!parts.signal.aborted) throw error;
      return [];
    }
  });
  return (await Promise.all(playing)).flat();
}

async function playVisit(visit: PlannedVisit, parts: VisitPlayerParts): Promise<readonly PlayedVisit[]> {
  const { entrance, clock, signal, onVisit } = parts;
  const { beacon, comesAtMs, staysMs, goes } = visit;
  await clock.sleep(comesAtMs, signal);
  const cameAtMs = clock.now().wallMs;
  entrance.hear(beacon, "near");
  onVisit({ type: "came", visit });
  await clock.sleep(staysMs, signal);
  const wentAtMs = clock.now().wallMs;
  onVisit({ type: "went", visit });
  if (goes === "walks-off") {
    entrance.hear(beacon, "far");
    await clock.sleep(walkingOffMs, signal);
  }
  entrance.lose(beacon);
  return [{ visit, cameAtMs, wentAtMs }];
}
