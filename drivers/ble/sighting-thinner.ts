import type { KnownBeacon } from "./beacon-catalogue.ts";

/** What was heard of one beacon since the last summary. */
export interface BeaconSummary extends KnownBeacon {
  /** The median of what was heard, in dBm; of an even number the weaker of the two in the middle. */
  readonly rssiDbm: number;
  /** Adverts it stands for. */
  readonly adverts: number;
}

/** Received powers a controller can report, in dBm; 127 means that it does not know (Core Specification, Vol 4, Part E, 7.7.65.2). */
const weakestDbm = -127;
const strongestDbm = 20;

/** Beacons told apart between two summaries, at most: a group that matches anything could have members without end. */
const defaultMaxBeacons = 1_000;

interface Tally {
  beacon: KnownBeacon;
  adverts: number;
  /** How often each power was heard, the weakest first. */
  readonly heard: Uint32Array;
}

/**
 * Turns adverts by the thousand into one summary a beacon and interval. Holds a count for each power of each beacon (600 bytes) and
 * never the adverts, for 1000 beacons at most; what comes of others until the next summary is only counted.
 */
export class SightingThinner {
  readonly #maxBeacons: number;
  #tallies = new Map<string, Tally>();
  #left = 0;

  constructor(maxBeacons: number = defaultMaxBeacons) {
    this.#maxBeacons = maxBeacons;
  }

  /** Adverts of known beacons that went into no summary: without a usable power, or of too many beacons at once. */
  get leftOut(): number {
    return this.#left;
  }

  /** Takes in one advert, received with `rssiDbm`. */
  add(beacon: KnownBeacon, rssiDbm: number): void {
    const isUsable = Number.isInteger(rssiDbm) && rssiDbm >= weakestDbm && rssiDbm <= strongestDbm;
    const tally = isUsable ? this.#tallyOf(beacon) : undefined;
    if (!tally) {
      this.#left += 1;
      return;
    }
    const at = rssiDbm - weakestDbm;
    tally.heard[at] = (tally.heard[at] ?? 0) + 1;
    tally.adverts += 1;
    tally.beacon = beacon;
  }

  /** A summary of each beacon heard since the last call, in the order in which they were first heard. */
  take(): readonly BeaconSummary[] {
    const tallies = this.#tallies;
    this.#tallies = new Map();
    return Array.from(tallies.values(), ({ beacon, adverts, heard }) => ({
      ...beacon,
      adverts,
      rssiDbm: medianOf(heard, adverts),
    }));
  }

  #tallyOf(beacon: KnownBeacon): Tally | undefined {
    const known = this.#tallies.get(beacon.identifier);
    if (known || this.#tallies.size >= this.#maxBeacons) return known;
    const tally = { beacon, adverts: 0, heard: new Uint32Array(strongestDbm - weakestDbm + 1) };
    this.#tallies.set(beacon.identifier, tally);
    return tally;
  }
}

function medianOf(heard: Uint32Array, adverts: number): number {
  let below = 0;
  const middle = Math.ceil(adverts / 2);
  for (const [at, count] of heard.entries()) {
    below += count;
    if (below >= middle) return at + weakestDbm;
  }
  return strongestDbm;
}
