import type { LinkEntry, Tier } from "./entry.ts";
import type { EntryId, LaneId } from "./ids.ts";
import type { Instant } from "./time.ts";

/** A touch that could claim a slip. */
export interface LinkableTouch {
  readonly entryId: EntryId;
  readonly laneId: LaneId;
  readonly at: Instant;
  readonly tier: Tier;
  /** Played in a test: it goes with what was played, and never with a sale. */
  readonly isTest?: true;
}

/** A slip that could be claimed. */
export interface LinkableSlip {
  readonly entryId: EntryId;
  readonly laneId: LaneId;
  readonly firstByteAt: Instant;
  readonly lastByteAt: Instant;
  readonly isTest?: true;
}

/** Decides which touch belongs to which slip. Pure: the same calls in the same order give the same decisions. */
export interface Linking {
  /** Takes a touch; answers with the link it makes, if any. */
  touch(touch: LinkableTouch): LinkEntry | undefined;
  /** Takes a slip; answers with the link it makes, if any. */
  slip(slip: LinkableSlip): LinkEntry | undefined;
  /** Takes a slip that is already linked: it is open no more, and the touches before its end are used up. */
  settle(slip: LinkableSlip): void;
}
