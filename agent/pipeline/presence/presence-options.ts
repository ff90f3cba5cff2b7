import type { ZoneId } from "../../core/ids.ts";
import type { Ms } from "../../core/time.ts";

/** How strongly a beacon is heard inside a zone and outside of it. */
export interface ZoneThresholds {
  /** At or above it a beacon comes into the zone, in dBm. */
  readonly enterDbm: number;
  /** Below it a beacon leaves, in dBm. Below `enterDbm`: between the two nothing changes. */
  readonly exitDbm: number;
}

/** When a beacon counts as being in a zone. How to set it: docs/presence.md. */
export interface PresenceOptions extends ZoneThresholds {
  /** Zones that need thresholds of their own. */
  readonly zones: ReadonlyMap<ZoneId, ZoneThresholds>;
  /**
   * Makes the thresholds relative: they then hold for a beacon that is expected at so many dBm at one metre, and one that says to be
   * stronger or weaker is heard as if it were not. Without it they are plain dBm for every beacon.
   */
  readonly referenceTxPowerDbm?: number;
  /** How long a beacon is strong enough before its visit begins. */
  readonly enterDwellMs: Ms;
  /** How long it is too weak before its visit ends. */
  readonly exitDwellMs: Ms;
  /** Not heard for so long, its visit ends; a gap up to here changes nothing. */
  readonly silentMs: Ms;
  /** How much better another zone must hear it to count as better, in dB; twice that while it is strong enough to come in where it is. */
  readonly moveMarginDb: number;
  /** For how long: what is above the margin, added up over the seconds until it moves (10 dB for 8 s, or 4 dB for 20). */
  readonly moveSurplusDbS: number;
  /** Coming in is decided by the median of so much time. */
  readonly quickMs: Ms;
  /** Leaving and moving are decided by the median of so much time. */
  readonly steadyMs: Ms;
  /** Beacons followed at one time. Beyond, the one without a visit that was heard longest ago is forgotten. */
  readonly mostBeacons: number;
}

/**
 * What holds where nothing is configured: zones of about 4 m in an ordinary shop, for a beacon of -59 dBm at one metre. The thresholds are
 * a place to start from, to be set by walking the shop; the times hold for most shops.
 */
export const defaultPresence: PresenceOptions = {
  enterDbm: -84,
  exitDbm: -95,
  zones: new Map(),
  enterDwellMs: 1000,
  exitDwellMs: 15_000,
  silentMs: 60_000,
  moveMarginDb: 8,
  moveSurplusDbS: 80,
  quickMs: 5000,
  steadyMs: 15_000,
  mostBeacons: 1000,
};
