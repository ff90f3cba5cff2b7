import type { Instant } from "../../core/time.ts";
import { FollowedBeacon } from "./followed-beacon.ts";
import type { PresenceOptions } from "./presence-options.ts";
import type { Heard, OpenVisit, VisitEnded, VisitEvent } from "./visit-event.ts";

/**
 * Decides from sightings which zone each beacon is in: at most one at a time. A visit begins when a zone hears the beacon strongly for a
 * moment, and ends when it hears it weakly for a while, when another zone hears it better for a while, or when nobody hears it any more;
 * a gap up to `silentMs` is carried over. Near or far, and not metres.
 *
 * Pure: the same sightings and times give the same decisions, but for the ids. Bounded: it follows `mostBeacons`, forgets the one without
 * a visit that was heard longest ago for a new one, and never one with an open visit.
 */
export class PresenceEngine {
  readonly #options: PresenceOptions;
  readonly #newId: () => string;
  /** In the order in which they were last heard. */
  readonly #beacons = new Map<string, FollowedBeacon>();

  constructor(options: PresenceOptions, newId: () => string) {
    this.#options = options;
    this.#newId = newId;
  }

  /** Beacons followed now. */
  get size(): number {
    return this.#beacons.size;
  }

  /** Takes a sighting; decides nothing. False when it is full of open visits and this beacon is not among them. */
  note(heard: Heard): boolean {
    let beacon = this.#beacons.get(heard.key);
    if (beacon === undefined) {
      if (!this.#hasRoom()) return false;
      beacon = new FollowedBeacon(heard, this.#options);
    }
    this.#beacons.delete(heard.key);
    this.#beacons.set(heard.key, beacon);
    beacon.note(heard);
    return true;
  }

  /** What follows for one beacon from what was heard so far; a visit that ends comes before the one that begins. */
  decide(key: string, now: Instant): readonly VisitEvent[] {
    return this.#beacons.get(key)?.decide(now, this.#newId) ?? [];
  }

  /** Ends the visits whose time is up, and forgets who was not heard for long. To be called about once a second. */
  sweep(now: Instant): readonly VisitEnded[] {
    const ended: VisitEnded[] = [];
    for (const [key, beacon] of this.#beacons) {
      const over = beacon.end(now);
      if (over !== undefined) ended.push(over);
      if (beacon.isStale(now)) this.#beacons.delete(key);
    }
    return ended;
  }

  /**
   * Goes on with a visit that an earlier life of the agent began and did not end, whatever room there is. When the beacon is not heard
   * within `silentMs` from `now` it ends as silent, last seen at `lastSeenAt`. Of two visits of one beacon, which a salvaged ledger may
   * know, the earlier one has ended: it is the answer.
   */
  restore(open: OpenVisit, lastSeenAt: Instant, now: Instant): VisitEnded | undefined {
    const earlier = this.#beacons.get(open.key)?.abandon();
    const beacon = new FollowedBeacon({ key: open.key, beaconId: open.beaconId, at: lastSeenAt }, this.#options);
    beacon.restore(open, lastSeenAt, now);
    this.#beacons.set(open.key, beacon);
    return earlier;
  }

  #hasRoom(): boolean {
    if (this.#beacons.size < this.#options.mostBeacons) return true;
    for (const [key, beacon] of this.#beacons) {
      if (beacon.isVisiting) continue;
      this.#beacons.delete(key);
      return true;
    }
    return false;
  }
}
