import type { DeviceId } from "../../core/ids.ts";
import { passedMs, type Instant, type Ms } from "../../core/time.ts";
import { Level } from "./level.ts";
import type { ZoneThresholds } from "./presence-options.ts";
import type { Heard } from "./visit-event.ts";

/** What one moment counts for at most when zones are compared, in dB. */
const mostSurplusDb = 15;
/** And for how long: what comes after a gap says nothing about the gap. */
const longestStepMs: Ms = 3000;

/** Sightings counted together. */
export interface Tally {
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  readonly sightings: number;
  readonly strongestRssiDbm: number;
}

/** One beacon as the radios of one zone hear it. */
export class ZoneHearing {
  readonly thresholds: ZoneThresholds;
  readonly #radios = new Map<DeviceId, Level>();
  #last: Heard;
  /** Counted while the zone is a candidate for the beacon's next visit, without a break. */
  #tally: Tally | undefined;
  #outdoneAt: Instant | undefined;
  #surplusDbS = 0;

  constructor(thresholds: ZoneThresholds, first: Heard) {
    this.thresholds = thresholds;
    this.#last = first;
  }

  /** Takes a sighting by a radio of this zone; `levelDbm` is its strength as it counts. */
  note(heard: Heard, levelDbm: number): void {
    const { deviceId, at } = heard;
    let radio = this.#radios.get(deviceId);
    if (radio === undefined) this.#radios.set(deviceId, (radio = new Level()));
    radio.note(levelDbm, at);
    this.#last = heard;
    if (this.#tally !== undefined) this.#tally = tallied(this.#tally, heard);
  }

  /** The strongest of its radios with at least so many readings, in dBm; nothing when none heard the beacon of late. */
  level(windowMs: Ms, now: Instant, least = 1): number | undefined {
    const levels = [...this.#radios.values()].flatMap((radio) => radio.over(windowMs, now, least) ?? []);
    return levels.length === 0 ? undefined : Math.max(...levels);
  }

  /** Tells whether the zone is a candidate now. */
  consider(isCandidate: boolean): void {
    if (!isCandidate) this.#tally = undefined;
    else this.#tally ??= tallyOf(this.#last);
  }

  /**
   * Adds up by how much the zone outdoes another, in dB times seconds, and answers the sum; it falls when it does not, to 0. A cumulative
   * sum (E. S. Page, 1954): a little better for long or much better for a moment count the same, and noise does not add up.
   */
  outdo(surplusDb: number, now: Instant): number {
    const stepMs = this.#outdoneAt === undefined ? 0 : Math.min(passedMs(this.#outdoneAt, now), longestStepMs);
    this.#outdoneAt = now;
    const counted = Math.max(-mostSurplusDb, Math.min(surplusDb, mostSurplusDb));
    this.#surplusDbS = Math.max(0, this.#surplusDbS + (counted * stepMs) / 1000);
    return this.#surplusDbS;
  }

  /** Begins anew: the beacon has come into a zone. */
  reset(): void {
    this.#tally = undefined;
    this.#outdoneAt = undefined;
    this.#surplusDbS = 0;
  }

  /** What was counted, once the zone has been a candidate for so long. */
  candidacy(dwellMs: Ms, now: Instant): Tally | undefined {
    const tally = this.#tally;
    return tally !== undefined && passedMs(tally.firstSeenAt, now) >= dwellMs ? tally : undefined;
  }

  /** The radio that heard it last. */
  get deviceId(): DeviceId {
    return this.#last.deviceId;
  }
}

/** One sighting, counted. */
export function tallyOf({ at, rssiDbm }: Heard): Tally {
  return { firstSeenAt: at, lastSeenAt: at, sightings: 1, strongestRssiDbm: rssiDbm };
}

/** One sighting more. */
export function tallied(tally: Tally, { at, rssiDbm }: Heard): Tally {
  return {
    firstSeenAt: tally.firstSeenAt,
    lastSeenAt: at,
    sightings: tally.sightings + 1,
    strongestRssiDbm: Math.max(tally.strongestRssiDbm, rssiDbm),
  };
}
