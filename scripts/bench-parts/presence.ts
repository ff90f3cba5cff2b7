import { SeededRandom } from "../../drivers/virtual/random.ts";
import { airs, expectedDbm, heardOf, losses, type Advert, type Air } from "./presence-air.ts";
import { Verdicts, type Rule } from "./presence-rules.ts";
import { Score } from "./presence-score.ts";
import { coreM, truthOf, type Segment } from "./presence-truth.ts";
import { habits, neighbours, shop, walkOf, type Habit } from "./presence-walks.ts";

/** One beacon for half an hour: what the radios heard, and what is true. */
export interface Trace {
  readonly habit: Habit;
  readonly air: Air;
  readonly intervalMs: number;
  /** What is heard on average at the rim of a zone, as somebody measured it who walked the shop. */
  readonly rimDbm: number;
  readonly adverts: readonly Advert[];
  readonly segments: readonly Segment[];
}

const traceMs = 30 * 60_000;
const intervals = [100, 1000] as const;

/** The seeds that settings were chosen on. */
export const tuningSeeds: readonly number[] = Array.from({ length: 18 }, (_, index) => 101 + index);
/** The seeds that figures are reported and tested on. */
export const reportSeeds: readonly number[] = Array.from({ length: 8 }, (_, index) => 201 + index);

/** The traces of a seed: each habit with a fast and a slow beacon; airs and losses take turns over the seeds. */
function* tracesOf(seed: number): Generator<Trace> {
  let turn = seed;
  for (const habit of habits) {
    for (const intervalMs of intervals) {
      const random = new SeededRandom(seed * 1000 + turn);
      const air = airs[turn % airs.length] ?? airs[0];
      const loss = losses[Math.floor(turn / airs.length) % losses.length] ?? losses[0];
      const radios = habit === "border" ? neighbours : shop;
      const legs = walkOf(habit, traceMs, random);
      const adverts = [...heardOf(legs, radios, air, { intervalMs, loss, random })];
      const endMs = Math.max(...legs.map((leg) => leg.endMs));
      yield {
        habit,
        air,
        intervalMs,
        rimDbm: expectedDbm(air, coreM),
        adverts,
        segments: truthOf(legs, radios, endMs),
      };
      turn += 1;
    }
    // So that a habit meets other airs and losses with the next seed.
    turn += 1;
  }
}

/** A rule for one trace; it says what it finds to the verdicts. */
export type NewRule = (trace: Trace, verdicts: Verdicts) => Rule;

function play(trace: Trace, newRule: NewRule): Verdicts {
  const verdicts = new Verdicts();
  const rule = newRule(trace, verdicts);
  const endMs = trace.segments.at(-1)?.endMs ?? 0;
  let index = 0;
  for (let atMs = 1000; atMs <= endMs; atMs += 1000) {
    for (; index < trace.adverts.length; index += 1) {
      const advert = trace.adverts[index];
      if (advert === undefined || advert.atMs >= atMs) break;
      rule.hear(advert);
    }
    rule.tick(atMs);
  }
  return verdicts;
}

/** What a rule made of all traces, and of those between two zones alone. */
export interface Scores {
  readonly all: Score;
  readonly borders: Score;
}

/** Scores several rules on the same traces. */
export function scores<Name extends string>(
  seeds: readonly number[],
  rules: Readonly<Record<Name, NewRule>>,
): Readonly<Record<Name, Scores>> {
  const names = Object.keys(rules) as Name[];
  const fresh = (): Scores => ({ all: new Score(), borders: new Score() });
  const taken = Object.fromEntries(names.map((name) => [name, fresh()])) as Record<Name, Scores>;
  for (const seed of seeds) {
    for (const trace of tracesOf(seed)) {
      for (const name of names) {
        const { changes } = play(trace, rules[name]);
        taken[name].all.add(trace.segments, changes);
        if (trace.habit === "border") taken[name].borders.add(trace.segments, changes);
      }
    }
  }
  return taken;
}
