import type { VisitEndedEntry } from "../../core/entry.ts";
import type { DeviceId, ZoneId } from "../../core/ids.ts";
import type { Instant, Ms } from "../../core/time.ts";

/** A beacon as one radio heard it, under the name that tells it from all others. */
export interface Heard {
  /** The same for the same beacon, always. */
  readonly key: string;
  /** The configured name of the beacon or of its group. */
  readonly beaconId: string;
  readonly zoneId: ZoneId;
  readonly deviceId: DeviceId;
  readonly rssiDbm: number;
  /** Expected at one metre, where the beacon says. */
  readonly txPowerDbm?: number;
  readonly at: Instant;
}

/** A visit that has begun and not ended. */
export interface OpenVisit {
  readonly visitId: string;
  readonly key: string;
  readonly beaconId: string;
  readonly zoneId: ZoneId;
  readonly firstSeenAt: Instant;
}

/** A beacon came into a zone. */
export interface VisitStarted extends OpenVisit {
  readonly type: "started";
  /** The radio that heard it. */
  readonly deviceId: DeviceId;
}

/** A beacon left a zone. */
export interface VisitEnded extends OpenVisit {
  readonly type: "ended";
  readonly reason: VisitEndedEntry["reason"];
  readonly lastSeenAt: Instant;
  /** From the first to the last sighting. */
  readonly dwellMs: Ms;
  readonly sightings: number;
  /** Absent when the visit was taken over from an earlier life of the agent and the beacon was not heard since. */
  readonly strongestRssiDbm?: number;
}

/** What presence decides. */
export type VisitEvent = VisitStarted | VisitEnded;
