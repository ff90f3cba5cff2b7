import type { ZoneId } from "../../core/ids.ts";
import { passedMs, type Instant } from "../../core/time.ts";
import type { PresenceOptions } from "./presence-options.ts";
import { Visit } from "./visit.ts";
import type { Heard, OpenVisit, VisitEnded, VisitEvent, VisitStarted } from "./visit-event.ts";
import { ZoneHearing, type Tally } from "./zone-hearing.ts";

/** Readings a candidate needs of one radio: one alone may be a reflection. */
const leastReadings = 2;
/** As strong as what a radio no longer hears, in dBm. */
const unheardDbm = -100;

/** One beacon: how the zones hear it, and the one it is in. */
export class FollowedBeacon {
  readonly #key: string;
  readonly #beaconId: string;
  readonly #options: PresenceOptions;
  readonly #zones = new Map<ZoneId, ZoneHearing>();
  #visit: Visit | undefined;
  #lastSeenAt: Instant;

  constructor({ key, beaconId, at }: Pick<Heard, "key" | "beaconId" | "at">, options: PresenceOptions) {
    this.#key = key;
    this.#beaconId = beaconId;
    this.#options = options;
    this.#lastSeenAt = at;
  }

  /** Whether it is in a zone. */
  get isVisiting(): boolean {
    return this.#visit !== undefined;
  }

  /** Not heard for so long that a visit would be over. */
  isStale(now: Instant): boolean {
    return this.#visit === undefined && passedMs(this.#lastSeenAt, now) > this.#options.silentMs;
  }

  /** Goes on with a visit that an earlier life of the agent began. */
  restore(open: OpenVisit, lastSeenAt: Instant, now: Instant): void {
    this.#visit = Visit.restored(open, lastSeenAt, now);
  }

  /** Ends the visit, since a later one is known. */
  abandon(): VisitEnded | undefined {
    return this.#visit === undefined ? undefined : this.#leave(this.#visit, "silent");
  }

  /** Takes a sighting; decides nothing. */
  note(heard: Heard): void {
    this.#lastSeenAt = heard.at;
    const { zones, enterDbm, exitDbm, referenceTxPowerDbm: reference } = this.#options;
    const { zoneId, rssiDbm, txPowerDbm } = heard;
    let zone = this.#zones.get(zoneId);
    if (zone === undefined) {
      zone = new ZoneHearing(zones.get(zoneId) ?? { enterDbm, exitDbm }, heard);
      this.#zones.set(zoneId, zone);
    }
    const isRelative = reference !== undefined && txPowerDbm !== undefined;
    zone.note(heard, isRelative ? rssiDbm + reference - txPowerDbm : rssiDbm);
    if (this.#visit?.open.zoneId === zoneId) this.#visit.note(heard);
  }

  /** What follows from what was heard so far. */
  decide(now: Instant, newId: () => string): readonly VisitEvent[] {
    const over = this.end(now);
    if (over !== undefined) return [over];
    return this.#visit === undefined ? this.#comeIn(now, newId) : this.#move(this.#visit, now, newId);
  }

  /** Ends the visit when it is over. */
  end(now: Instant): VisitEnded | undefined {
    const visit = this.#visit;
    if (visit === undefined) return undefined;
    const here = this.#zones.get(visit.open.zoneId);
    const level = here?.level(this.#options.steadyMs, now);
    if (here !== undefined && level !== undefined) visit.weaken(level < here.thresholds.exitDbm, now);
    const reason = visit.isOver(this.#options, now);
    return reason === undefined ? undefined : this.#leave(visit, reason);
  }

  #comeIn(now: Instant, newId: () => string): readonly VisitEvent[] {
    const { quickMs, enterDwellMs } = this.#options;
    let best: Candidate | undefined;
    let strongest = Number.NEGATIVE_INFINITY;
    for (const [zoneId, zone] of this.#zones) {
      const level = zone.level(quickMs, now);
      const isNear = level !== undefined && level >= zone.thresholds.enterDbm;
      zone.consider(isNear);
      if (isNear) strongest = Math.max(strongest, level);
      const tally = zone.candidacy(enterDwellMs, now);
      const isSure = zone.level(quickMs, now, leastReadings) !== undefined;
      if (tally !== undefined && isNear && isSure) best = better(best, { zoneId, zone, tally, level });
    }
    // Where another zone is stronger, it is about to be a candidate: better late than in the wrong one.
    return best === undefined || best.level < strongest ? [] : [this.#enter(best, newId)];
  }

  #move(visit: Visit, now: Instant, newId: () => string): readonly VisitEvent[] {
    const { quickMs, moveSurplusDbS } = this.#options;
    const toBeat = this.#toBeat(visit.open.zoneId, now);
    let best: Candidate | undefined;
    for (const [zoneId, zone] of this.#zones) {
      if (zoneId === visit.open.zoneId) continue;
      const level = zone.level(quickMs, now, leastReadings);
      const isNear = level !== undefined && level >= zone.thresholds.enterDbm;
      const surplus = zone.outdo(isNear ? level - toBeat : Number.NEGATIVE_INFINITY, now);
      zone.consider(surplus > 0);
      const tally = zone.candidacy(0, now);
      if (tally !== undefined && isNear && surplus >= moveSurplusDbS)
        best = better(best, { zoneId, zone, tally, level });
    }
    return best === undefined ? [] : [this.#leave(visit, "moved"), this.#enter(best, newId)];
  }

  /**
   * What another zone must be heard at to be better. Twice the margin while the beacon is still near enough to come in where it is: at
   * the border of two zones a person who turns round is 10 dB weaker on one side.
   */
  #toBeat(zoneId: ZoneId, now: Instant): number {
    const { quickMs, steadyMs, moveMarginDb } = this.#options;
    const here = this.#zones.get(zoneId);
    const steady = here?.level(steadyMs, now);
    if (here === undefined || steady === undefined) return unheardDbm + moveMarginDb;
    const isNear = steady >= here.thresholds.enterDbm;
    return (here.level(quickMs, now) ?? steady) + (isNear ? 2 * moveMarginDb : moveMarginDb);
  }

  #enter({ zoneId, zone, tally }: Candidate, newId: () => string): VisitStarted {
    const { firstSeenAt } = tally;
    const open = { visitId: newId(), key: this.#key, beaconId: this.#beaconId, zoneId, firstSeenAt };
    this.#visit = Visit.begun(open, tally);
    for (const other of this.#zones.values()) other.reset();
    return { type: "started", ...open, deviceId: zone.deviceId };
  }

  #leave(visit: Visit, reason: VisitEnded["reason"]): VisitEnded {
    this.#visit = undefined;
    return visit.ended(reason);
  }
}

interface Candidate {
  readonly zoneId: ZoneId;
  readonly zone: ZoneHearing;
  readonly tally: Tally;
  readonly level: number;
}

function better(one: Candidate | undefined, other: Candidate): Candidate {
  return one !== undefined && one.level >= other.level ? one : other;
}
