import type { LinkEntry, Tier } from "../core/entry.ts";
import type { LaneId } from "../core/ids.ts";
import type { LinkableSlip, LinkableTouch, Linking } from "../core/linking.ts";
import { elapsedMs, type Ms } from "../core/time.ts";

/** Name of the rule that {@link Linker} applies; part of every link, so that a better rule can be told apart later. */
const linkRule = "lane-window/1";

/** How far from a slip a touch may lie. */
export interface LinkWindow {
  /** Before the slip's first byte. */
  readonly beforeMs: Ms;
  /** After its last byte. */
  readonly afterMs: Ms;
}

/** Touches and slips of one lane that wait for each other. Bounded: the oldest goes first. */
interface Waiting {
  touches: LinkableTouch[];
  slips: LinkableSlip[];
}

const mostWaiting = 100;
const strength: Readonly<Record<Tier, number>> = { proven: 4, presented: 3, claimed: 2, nearby: 1 };

/**
 * Decides which touch belongs to which slip of its lane. One touch, one slip.
 *
 * A slip takes the strongest touch in its window, and of equally strong ones the latest; equally strong touches of the same
 * millisecond make it ambiguous. Touches that came before the end of a decided slip are used up with it: they belong to that shopper or
 * to one who left. A touch that comes after the paper takes the latest slip whose window is still open, else it waits for the
 * next one. Pure: the same touches and slips in the same order give the same decisions.
 */
export class Linker implements Linking {
  readonly #window: LinkWindow;
  readonly #lanes = new Map<string, Waiting>();

  constructor(window: LinkWindow) {
    this.#window = window;
  }

  touch(touch: LinkableTouch): LinkEntry | undefined {
    const lane = this.#lane(touch);
    const open = lane.slips.filter((slip) => this.#inWindow(touch, slip));
    const slip = open.toSorted((a, b) => elapsedMs(b.lastByteAt, a.lastByteAt)).at(-1);
    if (slip === undefined) {
      lane.touches = [...lane.touches, touch].slice(-mostWaiting);
      return undefined;
    }
    this.settle(slip);
    return linked(slip, touch, [touch]);
  }

  slip(slip: LinkableSlip): LinkEntry | undefined {
    const lane = this.#lane(slip);
    const candidates = lane.touches.filter((touch) => this.#inWindow(touch, slip)).toSorted(weakestFirst);
    const best = candidates.at(-1);
    if (best === undefined) {
      lane.slips = [...lane.slips, slip].slice(-mostWaiting);
      return undefined;
    }
    lane.touches = lane.touches.filter((touch) => touch !== best);
    this.settle(slip);
    const rival = candidates.at(-2);
    const tied = rival !== undefined && weakestFirst(rival, best) === 0;
    return tied ? ambiguous(slip, candidates) : linked(slip, best, candidates);
  }

  settle(slip: LinkableSlip): void {
    const lane = this.#lane(slip);
    lane.slips = lane.slips.filter((other) => other.entryId !== slip.entryId);
    lane.touches = lane.touches.filter((touch) => elapsedMs(slip.lastByteAt, touch.at) > 0);
  }

  /** What is played in a test has each lane to itself. */
  #lane({ laneId, isTest }: { readonly laneId: LaneId; readonly isTest?: true }): Waiting {
    const key = `${isTest ? "test" : "real"} ${laneId}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) this.#lanes.set(key, (lane = { touches: [], slips: [] }));
    return lane;
  }

  #inWindow(touch: LinkableTouch, slip: LinkableSlip): boolean {
    const early = elapsedMs(touch.at, slip.firstByteAt);
    const late = elapsedMs(slip.lastByteAt, touch.at);
    return early <= this.#window.beforeMs && late <= this.#window.afterMs;
  }
}

function weakestFirst(a: LinkableTouch, b: LinkableTouch): number {
  return strength[a.tier] - strength[b.tier] || Math.trunc(elapsedMs(b.at, a.at));
}

function linked(slip: LinkableSlip, touch: LinkableTouch, candidates: readonly LinkableTouch[]): LinkEntry {
  return {
    laneId: slip.laneId,
    transactionEntryId: slip.entryId,
    state: "linked",
    touchEntryId: touch.entryId,
    tier: touch.tier,
    candidateEntryIds: candidates.map(({ entryId }) => entryId),
    rule: linkRule,
    ...(slip.isTest && { isTest: slip.isTest }),
  };
}

function ambiguous(slip: LinkableSlip, candidates: readonly LinkableTouch[]): LinkEntry {
  return {
    laneId: slip.laneId,
    transactionEntryId: slip.entryId,
    state: "ambiguous",
    candidateEntryIds: candidates.map(({ entryId }) => entryId),
    rule: linkRule,
    ...(slip.isTest && { isTest: slip.isTest }),
  };
}
