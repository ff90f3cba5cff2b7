import { knownElapsedMs, passedMs, type Instant, type Ms } from "../../core/time.ts";
import type { Heard, OpenVisit, VisitEnded } from "./visit-event.ts";
import { tallied, tallyOf, type Tally } from "./zone-hearing.ts";

/** An open visit and what was counted of it. */
export class Visit {
  readonly open: OpenVisit;
  #tally: Tally | undefined;
  #lastSeenAt: Instant;
  /** Since when it may be silent: the last sighting, or when the agent came up again. */
  #quietSince: Instant;
  #weakSince: Instant | undefined;

  private constructor(open: OpenVisit, tally: Tally | undefined, lastSeenAt: Instant, quietSince: Instant) {
    this.open = open;
    this.#tally = tally;
    this.#lastSeenAt = lastSeenAt;
    this.#quietSince = quietSince;
  }

  /** One that begins with what was counted so far. */
  static begun(open: OpenVisit, tally: Tally): Visit {
    return new Visit(open, tally, tally.lastSeenAt, tally.lastSeenAt);
  }

  /** One that an earlier life of the agent began. What was counted of it is lost; its silence begins to count `now`. */
  static restored(open: OpenVisit, lastSeenAt: Instant, now: Instant): Visit {
    return new Visit(open, undefined, lastSeenAt, now);
  }

  /** Takes a sighting in its zone. */
  note(heard: Heard): void {
    this.#tally = this.#tally === undefined ? tallyOf(heard) : tallied(this.#tally, heard);
    this.#lastSeenAt = heard.at;
    this.#quietSince = heard.at;
  }

  /** Tells whether it is too weak now. Nothing is told while it is not heard: a gap changes nothing. */
  weaken(isWeak: boolean, now: Instant): void {
    if (!isWeak) this.#weakSince = undefined;
    else this.#weakSince ??= now;
  }

  /** Why it is over, if it is. */
  isOver({ silentMs, exitDwellMs }: { silentMs: Ms; exitDwellMs: Ms }, now: Instant): "left" | "silent" | undefined {
    if (this.#weakSince !== undefined && passedMs(this.#weakSince, now) >= exitDwellMs) return "left";
    return passedMs(this.#quietSince, now) > silentMs ? "silent" : undefined;
  }

  /** Ends it. */
  ended(reason: VisitEnded["reason"]): VisitEnded {
    return {
      type: "ended",
      ...this.open,
      reason,
      lastSeenAt: this.#lastSeenAt,
      // Across boots with a wrong clock nobody knows: then it is what is certain, and not decades.
      dwellMs: Math.max(0, Math.round(knownElapsedMs(this.open.firstSeenAt, this.#lastSeenAt) ?? 0)),
      sightings: this.#tally?.sightings ?? 0,
      ...(this.#tally !== undefined && { strongestRssiDbm: this.#tally.strongestRssiDbm }),
    };
  }
}
