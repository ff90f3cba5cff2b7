import type { SeededRandom } from "../../drivers/virtual/random.ts";

/** A place on the floor, in metres. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A straight piece of a walk, or a stand when both ends are one. Without `isOn` the beacon says nothing. */
export interface Leg {
  readonly startMs: number;
  readonly endMs: number;
  readonly from: Spot;
  readonly to: Spot;
  /** Where the person looks, in radians. */
  readonly heading: number;
  readonly isOn: boolean;
}

/** A radio and the zone it belongs to. */
export interface Radio {
  readonly id: string;
  readonly zone: string;
  readonly spot: Spot;
}

/** A shop of three zones, the middle one with two radios. */
export const shop: readonly Radio[] = [
  { id: "entrance-1", zone: "entrance", spot: { x: 4, y: 5 } },
  { id: "shelves-1", zone: "shelves", spot: { x: 19, y: 3 } },
  { id: "shelves-2", zone: "shelves", spot: { x: 19, y: 8 } },
  { id: "checkout-1", zone: "checkout", spot: { x: 34, y: 5 } },
];

/** Two zones whose radios are 6 m apart. */
export const neighbours: readonly Radio[] = [
  { id: "left-1", zone: "left", spot: { x: 15, y: 5 } },
  { id: "right-1", zone: "right", spot: { x: 21, y: 5 } },
];

/** What people do with a beacon. */
export type Habit = "tour" | "stay" | "border" | "pace" | "pass" | "sleep";

/** All of them. */
export const habits: readonly Habit[] = ["tour", "stay", "border", "pace", "pass", "sleep"];

/** One person's half hour. */
class Walk {
  readonly legs: Leg[] = [];
  readonly #random: SeededRandom;
  readonly #endMs: number;
  #atMs = 0;
  #spot: Spot;

  constructor(start: Spot, endMs: number, random: SeededRandom) {
    this.#spot = start;
    this.#endMs = endMs;
    this.#random = random;
  }

  get isOver(): boolean {
    return this.#atMs >= this.#endMs;
  }

  /** Walks there at 0.6 to 1.4 m/s. */
  to(spot: Spot): void {
    const [dx, dy] = [spot.x - this.#spot.x, spot.y - this.#spot.y];
    const speed = 0.6 + 0.8 * this.#random.next();
    this.#leg(spot, (Math.hypot(dx, dy) / speed) * 1000, Math.atan2(dy, dx), true);
  }

  /** Stands about: turns, and takes a step now and then. */
  linger(durationMs: number, stepM: number): void {
    const [home, until] = [this.#spot, this.#atMs + durationMs];
    while (this.#atMs < until && !this.isOver) {
      const step = (): number => (this.#random.next() * 2 - 1) * stepM;
      const spot = { x: home.x + step(), y: home.y + step() };
      this.to(spot);
      const standMs = 5000 + 40_000 * this.#random.next();
      this.#leg(spot, Math.max(0, Math.min(standMs, until - this.#atMs)), this.#random.next() * 2 * Math.PI, true);
    }
  }

  /** Stands there, and the beacon is off. */
  off(durationMs: number): void {
    this.#leg(this.#spot, durationMs, 0, false);
  }

  #leg(to: Spot, durationMs: number, heading: number, isOn: boolean): void {
    const endMs = this.#atMs + durationMs;
    this.legs.push({ startMs: this.#atMs, endMs, from: this.#spot, to, heading, isOn });
    this.#atMs = endMs;
    this.#spot = to;
  }
}

const street: Spot = { x: -45, y: 5 };
const till: Spot = { x: 34, y: 5 };
const stops: readonly [Spot, ...Spot[]] = [{ x: 4, y: 5 }, { x: 19, y: 5.5 }, till];

/** What is done in one round of a habit, until the time is over. */
const rounds: Readonly<Record<Habit, (walk: Walk, random: SeededRandom) => void>> = {
  tour: (walk, random) => {
    walk.linger(minutes(3, 4, random), 1);
    for (const stop of stops) {
      walk.to(about(stop, 2, random));
      walk.linger(minutes(0.7, 4, random), 0.8);
    }
    walk.to(street);
  },
  stay: (walk, random) => {
    walk.to(about(random.pick(stops), 2, random));
    walk.linger(hourMs, 0.6);
  },
  border: (walk, random) => {
    walk.to(about({ x: 18, y: 5 }, 0.5, random));
    walk.linger(hourMs, 0.5);
  },
  pace: (walk, random) => {
    walk.to(about(till, 1.5, random));
    walk.linger(minutes(0.5, 1.5, random), 1);
    walk.to(about({ x: 26.5, y: 5 }, 1, random));
    walk.linger(minutes(0.2, 0.8, random), 1);
  },
  pass: (walk, random) => {
    walk.to({ x: -10, y: -20 });
    walk.to({ x: -10, y: 30 });
    walk.linger(minutes(0.5, 3, random), 1);
  },
  sleep: (walk, random) => {
    walk.to(about(random.pick(stops), 2, random));
    walk.linger(minutes(1.5, 4, random), 0.8);
    walk.off(minutes(3, 5, random));
  },
};

const hourMs = 3_600_000;

/** Where the shop's people go, and for how long. */
export function walkOf(habit: Habit, endMs: number, random: SeededRandom): readonly Leg[] {
  const walk = new Walk(street, endMs, random);
  while (!walk.isOver) rounds[habit](walk, random);
  return walk.legs;
}

function about({ x, y }: Spot, within: number, random: SeededRandom): Spot {
  return { x: x + (random.next() * 2 - 1) * within, y: y + (random.next() * 2 - 1) * within };
}

function minutes(least: number, most: number, random: SeededRandom): number {
  return (least + random.next() * (most - least)) * 60_000;
}
