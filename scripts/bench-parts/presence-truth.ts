import { spotOn } from "./presence-air.ts";
import type { Leg, Radio, Spot } from "./presence-walks.ts";

/** Where a beacon may be said to be: names of zones, and `none`. Several where nobody could tell. */
export interface Segment {
  readonly startMs: number;
  readonly endMs: number;
  readonly may: ReadonlySet<string>;
  /** Changes of zone it explains: one, or, where somebody walks by several zones, one for each. */
  readonly explains: number;
}

/** In no zone. */
export const none = "none";
/** So near a radio it is in the zone, in metres. */
export const coreM = 4;
/** So far from all radios it is in none. */
const outsideM = 12;
/** A radio that is nearer than another by less than this factor is not nearer. */
const nearerBy = 1.6;
/** What lasts shorter is no visit and no absence. */
const shortestMs = 10_000;

/** What is true of a walk, second by second, put together. */
export function truthOf(legs: readonly Leg[], radios: readonly Radio[], endMs: number): readonly Segment[] {
  const segments: Segment[] = [];
  let index = 0;
  for (let startMs = 0; startMs < endMs; startMs += 500) {
    while (index < legs.length && (legs[index]?.endMs ?? 0) <= startMs) index += 1;
    const leg = legs[index];
    const may = leg?.isOn === true ? mayBe(spotOn(leg, startMs), radios) : new Set([none]);
    const last = segments.at(-1);
    const next = { startMs, endMs: Math.min(startMs + 500, endMs), may, explains: 1 };
    if (last !== undefined && isSame(last.may, may)) segments[segments.length - 1] = { ...next, startMs: last.startMs };
    else segments.push(next);
  }
  return withoutShort(segments);
}

function mayBe(spot: Spot, radios: readonly Radio[]): ReadonlySet<string> {
  const away = radios.map(({ zone, spot: at }) => ({ zone, metres: Math.hypot(at.x - spot.x, at.y - spot.y) }));
  const nearest = Math.min(...away.map(({ metres }) => metres));
  if (nearest > outsideM) return new Set([none]);
  const zones = away.filter(({ metres }) => metres <= Math.max(nearest, 1) * nearerBy).map(({ zone }) => zone);
  return new Set(nearest <= coreM ? zones : [...zones, none]);
}

/** Short segments in a row are one, in which all of them may be, and what is before and after as well. */
function withoutShort(segments: readonly Segment[]): readonly Segment[] {
  const isShort = ({ startMs, endMs }: Segment): boolean => endMs - startMs < shortestMs;
  const kept: Segment[] = [];
  let run: Segment[] = [];
  for (const segment of [...segments, undefined]) {
    if (segment !== undefined && isShort(segment)) run.push(segment);
    else {
      const [first] = run;
      const beside = [...(kept.at(-1)?.may ?? []), ...(segment?.may ?? [])];
      const may = new Set([...run.flatMap((short) => [...short.may]), ...beside]);
      const explains = Math.max(1, may.size - 1);
      if (first !== undefined)
        kept.push({ startMs: first.startMs, endMs: run.at(-1)?.endMs ?? first.endMs, may, explains });
      if (segment !== undefined) kept.push(segment);
      run = [];
    }
  }
  return kept;
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((name) => other.has(name));
}
