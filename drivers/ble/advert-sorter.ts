import type { Clock, EpochMs } from "../../agent/core/time.ts";
import { BatteryNotes } from "./battery-notes.ts";
import type { BeaconCatalogue } from "./beacon-catalogue.ts";
import { readFrame } from "./beacon-frame.ts";
import type { HeardAdvert } from "./radio.ts";
import { SightingThinner, type BeaconSummary } from "./sighting-thinner.ts";

/** Takes in every advert of a radio: those of known beacons go into summaries, the others are only counted. Holds no advert. */
export class AdvertSorter {
  readonly #catalogue: BeaconCatalogue;
  readonly #wallMs: () => EpochMs;
  readonly #thinner = new SightingThinner();
  readonly #batteries = new BatteryNotes();
  #heard = 0;
  #known = 0;
  #leftOutBefore = 0;
  #beacons = new Set<string>();

  constructor(catalogue: BeaconCatalogue, clock: Clock) {
    this.#catalogue = catalogue;
    this.#wallMs = () => clock.now().wallMs;
  }

  /** Takes in one advert. Never throws, whatever it says. */
  take(advert: HeardAdvert): void {
    this.#heard += 1;
    const { address, isRandomAddress } = advert;
    const frame = readFrame(advert.bytes);
    const beacon = this.#catalogue.recognise({ frame, address, isRandomAddress }, this.#wallMs);
    this.#batteries.note(address, frame, beacon);
    if (!beacon) return;
    this.#known += 1;
    this.#thinner.add(beacon, advert.rssiDbm);
  }

  /** A summary of each known beacon heard since the last call. */
  summaries(): readonly BeaconSummary[] {
    const summaries = this.#thinner.take();
    // The names are those of the configuration, so this set is no larger than that.
    for (const { beaconId } of summaries) this.#beacons.add(beaconId);
    return summaries;
  }

  /** What was heard since the last call, in words for a technician; `undefined` when nothing was. */
  describe(): string | undefined {
    const heard = this.#heard;
    const beacons = this.#beacons.size;
    const leftOut = this.#thinner.leftOut - this.#leftOutBefore;
    const lost = leftOut === 0 ? "" : `, ${leftOut} of these without use`;
    const counts = `${heard} adverts in the last minute, ${this.#known} of known beacons (${beacons})${lost}`;
    this.#leftOutBefore += leftOut;
    this.#heard = 0;
    this.#known = 0;
    this.#beacons = new Set();
    if (heard === 0) return undefined;
    const weakest = this.#batteries.weakest();
    return weakest ? `${counts}; weakest battery: ${weakest.beaconId}, ${weakest.millivolts} mV` : counts;
  }
}
