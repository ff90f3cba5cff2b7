import { none, type Segment } from "./presence-truth.ts";

/** A rule said that the beacon is in another zone now, or in `none`. */
export interface Change {
  readonly atMs: number;
  readonly zone: string;
}

/** What a rule made of some traces. */
export class Score {
  /** Changes that nothing true explains. */
  falseChanges = 0;
  hours = 0;
  missed = 0;
  visits = 0;
  /** From coming near, with no other zone on the way, until the rule says so, in milliseconds. */
  readonly enterMs: number[] = [];
  /** From coming near, out of another zone. */
  readonly moveMs: number[] = [];
  /** From being away until the rule no longer says that it is there. */
  readonly exitMs: number[] = [];

  /** Takes one trace. */
  add(segments: readonly Segment[], changes: readonly Change[]): void {
    const endMs = segments.at(-1)?.endMs ?? 0;
    this.hours += endMs / 3_600_000;
    this.falseChanges += countFalse(segments, changes);
    let [inside, between] = [none, new Set<string>()];
    for (const segment of segments) {
      if (!isDefinite(segment)) between = between.union(segment.may);
      else if (zoneOf(segment) !== inside) {
        if (inside !== none) this.#left(inside, segment, changes, endMs);
        if (zoneOf(segment) !== none) this.#came(segment, between.union(new Set([inside])), changes);
        inside = zoneOf(segment);
      }
      if (isDefinite(segment)) between = new Set();
    }
  }

  #came(segment: Segment, before: ReadonlySet<string>, changes: readonly Change[]): void {
    this.visits += 1;
    const zone = zoneOf(segment);
    const isIn = zoneAt(changes, segment.startMs) === zone;
    const at = isIn
      ? segment.startMs
      : changes.find(({ atMs, zone: to }) => atMs > segment.startMs && to === zone)?.atMs;
    const isMove = [...before].some((name) => name !== none && name !== zone);
    if (at === undefined || at > segment.endMs + missedAfterMs) this.missed += 1;
    else (isMove ? this.moveMs : this.enterMs).push(at - segment.startMs);
  }

  #left(zone: string, away: Segment, changes: readonly Change[], endMs: number): void {
    if (zoneAt(changes, away.startMs) !== zone) return;
    const at = changes.find(({ atMs, zone: to }) => atMs > away.startMs && to !== zone)?.atMs ?? endMs;
    this.exitMs.push(at - away.startMs);
  }
}

/** A visit that a rule notices later than this after its end is missed. */
const missedAfterMs = 15_000;
/** A change may come so long before what explains it, and so long after. */
const earlyMs = 5000;
const lateMs = 30_000;

/**
 * Every change needs a stretch of truth that explains it: about that time, in which the beacon may be where the rule now says. A stretch
 * explains so many changes and no more, and none when it is certain and the rule was right already.
 */
function countFalse(segments: readonly Segment[], changes: readonly Change[]): number {
  const open = new Map(
    segments.map((segment) => {
      const wasRight = isDefinite(segment) && segment.may.has(zoneAt(changes, segment.startMs - earlyMs));
      return [segment, wasRight ? 0 : segment.explains];
    }),
  );
  let count = 0;
  for (const { atMs, zone } of changes) {
    const why = [...open].find(
      ([{ startMs, endMs, may }, left]) =>
        left > 0 && may.has(zone) && startMs - earlyMs <= atMs && atMs <= endMs + lateMs,
    );
    if (why === undefined) count += 1;
    else open.set(why[0], why[1] - 1);
  }
  return count;
}

function zoneAt(changes: readonly Change[], atMs: number): string {
  return changes.findLast((change) => change.atMs <= atMs)?.zone ?? none;
}

const isDefinite = ({ may }: Segment): boolean => may.size === 1;
const zoneOf = ({ may }: Segment): string => [...may][0] ?? none;

/** The value that so much of them (0 to 1) do not exceed; nothing known is infinite. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.POSITIVE_INFINITY;
}
