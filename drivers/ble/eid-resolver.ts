import type { EpochMs } from "../../agent/core/time.ts";
import { parseHex } from "./advert-fields.ts";
import { ephemeralId, maxBeaconSeconds, temporaryKey } from "./eid.ts";

/** A beacon whose identity key is known, and what its clock once showed. */
export interface EidBeacon {
  readonly beaconId: string;
  /** 16 bytes. */
  readonly identityKeyHex: string;
  /** The identifier changes every 2^K seconds; K from 0 to 15. */
  readonly rotationExponent: number;
  /** What the beacon's clock showed ... */
  readonly beaconTimeSeconds: number;
  /** ... at this moment. */
  readonly asOfMs: EpochMs;
  /** How far its clock may have drifted since, either way. Default one hour. */
  readonly driftSeconds?: number;
}

/** Most identifiers that are kept ready for one beacon; a drift that asks for more is cut short. */
const maxIdsPerBeacon = 512;
const defaultDriftSeconds = 3_600;

/**
 * Tells which beacon an ephemeral identifier belongs to. Keeps the identifiers of each beacon's drift window ready, so that looking one
 * up costs the same whatever their number; holds 512 a beacon at most. Throws a RangeError for keys and exponents that cannot be.
 */
export class EidResolver {
  readonly #windows: readonly EidWindow[];
  readonly #known = new Map<string, string>();
  #movedAtSecond: number | undefined;

  constructor(beacons: readonly EidBeacon[]) {
    this.#windows = beacons.map((beacon) => new EidWindow(beacon, this.#known));
  }

  /** How many identifiers are kept ready. */
  get size(): number {
    return this.#known.size;
  }

  /** The beacon that sends `eid` around `nowMs` by the wall clock, if any. */
  resolve(eid: string, nowMs: EpochMs): string | undefined {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.#movedAtSecond) for (const window of this.#windows) window.moveTo(nowMs);
    this.#movedAtSecond = second;
    return this.#known.get(eid);
  }
}

/** The identifiers of one beacon around the present moment, in a map it shares with others. */
class EidWindow {
  readonly #beacon: EidBeacon;
  readonly #key: Uint8Array;
  readonly #quantum: number;
  readonly #drift: number;
  readonly #known: Map<string, string>;
  /** The identifiers of the quanta from `#first` on. */
  #first = 0;
  #ids: string[] = [];
  #lastBeaconQuantum: number | undefined;
  #keyFor: { half: number; key: Uint8Array } | undefined;

  constructor(beacon: EidBeacon, known: Map<string, string>) {
    const { rotationExponent } = beacon;
    if (!Number.isInteger(rotationExponent) || rotationExponent < 0 || rotationExponent > 15) {
      throw new RangeError("the rotation exponent of an Eddystone-EID is from 0 to 15");
    }
    this.#beacon = beacon;
    this.#key = parseHex(beacon.identityKeyHex, 16);
    this.#quantum = 2 ** rotationExponent;
    const drift = Math.max(0, beacon.driftSeconds ?? defaultDriftSeconds);
    this.#drift = Math.min(drift, (this.#quantum * (maxIdsPerBeacon - 2)) / 2);
    this.#known = known;
  }

  /** Looks at most once a quantum; then one identifier comes and one goes, unless the clock was set. */
  moveTo(nowMs: EpochMs): void {
    const seconds = this.#beacon.beaconTimeSeconds + (nowMs - this.#beacon.asOfMs) / 1_000;
    const quantum = Math.floor(seconds / this.#quantum);
    if (quantum === this.#lastBeaconQuantum) return;
    this.#lastBeaconQuantum = quantum;
    // A whole quantum is taken to be now, so that the window need move only with it.
    const first = this.#quantumAt(quantum * this.#quantum - this.#drift);
    const last = this.#quantumAt((quantum + 1) * this.#quantum - 1 + this.#drift);
    while (this.#ids.length > 0 && this.#first < first) this.#forget(this.#ids.shift());
    if (this.#first > first || this.#first + this.#ids.length > last + 1 || this.#ids.length === 0)
      this.#restart(first);
    for (let next = this.#first + this.#ids.length; next <= last; next++) this.#add(next);
  }

  #restart(first: number): void {
    for (const id of this.#ids) this.#forget(id);
    this.#ids = [];
    this.#first = first;
  }

  #forget(id: string | undefined): void {
    if (id === undefined) return;
    this.#first += 1;
    if (this.#known.get(id) === this.#beacon.beaconId) this.#known.delete(id);
  }

  #add(quantum: number): void {
    const seconds = quantum * this.#quantum;
    const half = Math.floor(seconds / 65_536);
    if (this.#keyFor?.half !== half) this.#keyFor = { half, key: temporaryKey(this.#key, seconds) };
    const id = ephemeralId(this.#keyFor.key, this.#beacon.rotationExponent, seconds);
    this.#ids.push(id);
    if (!this.#known.has(id)) this.#known.set(id, this.#beacon.beaconId);
  }

  #quantumAt(seconds: number): number {
    return Math.floor(Math.min(Math.max(seconds, 0), maxBeaconSeconds) / this.#quantum);
  }
}
