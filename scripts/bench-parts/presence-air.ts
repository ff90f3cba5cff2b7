import type { SeededRandom } from "../../drivers/virtual/random.ts";
import type { Leg, Radio, Spot } from "./presence-walks.ts";

/**
 * How a place carries a signal: log-distance path loss (exponent `loss`) with log-normal shadowing, correlated over 3 m and a minute, Rician
 * fading a channel (`rice` is its K factor), correlated over 15 cm and some seconds, and the body of who carries it, in the way when turned.
 */
export interface Air {
  readonly name: string;
  readonly loss: number;
  readonly shadowDb: number;
  readonly rice: number;
  readonly bodyDb: number;
}

/** An open floor, aisles of shelves, and a crowd. */
export const airs: readonly [Air, ...Air[]] = [
  { name: "open", loss: 2, shadowDb: 3, rice: 6, bodyDb: 6 },
  { name: "shelves", loss: 2.7, shadowDb: 4, rice: 3, bodyDb: 10 },
  { name: "crowd", loss: 3.2, shadowDb: 5, rice: 1.5, bodyDb: 12 },
];

/** How adverts get lost: now and then, in bursts of some seconds, or all of them for up to 25 s at a time. */
export type Loss = "some" | "bursts" | "dropouts";

/** All of them. */
export const losses: readonly [Loss, ...Loss[]] = ["some", "bursts", "dropouts"];

/** An advert as a radio heard it. */
export interface Advert {
  readonly atMs: number;
  readonly radio: Radio;
  readonly rssiDbm: number;
}

/** At one metre, in dBm. */
export const txPowerDbm = -59;
/** Below it a radio hears next to nothing, in dBm. */
const sensitivityDbm = -96;

/** The mean over all directions of who carries it at so many metres: what a person measures who walks about there, in dBm. */
export function expectedDbm({ loss, bodyDb }: Air, metres: number): number {
  return txPowerDbm - 10 * loss * Math.log10(Math.max(metres, 0.5)) - bodyDb / 2;
}

/** Everything the radios hear of one beacon, in order. */
export function* heardOf(
  legs: readonly Leg[],
  radios: readonly Radio[],
  air: Air,
  { intervalMs, loss, random }: { readonly intervalMs: number; readonly loss: Loss; readonly random: SeededRandom },
): Generator<Advert> {
  const paths = radios.map((radio) => ({ radio, path: new Path(air, random), gate: new BurstGate(loss, random) }));
  const dropouts = new Dropouts(loss === "dropouts", random);
  let [walkedM, index] = [0, 0];
  let before: Spot | undefined;
  for (let atMs = random.next() * intervalMs; ; atMs += intervalMs + random.next() * 10) {
    while (index < legs.length && (legs[index]?.endMs ?? 0) <= atMs) index += 1;
    const leg = legs[index];
    if (leg === undefined) return;
    const spot = spotOn(leg, atMs);
    walkedM += before === undefined ? 0 : Math.hypot(spot.x - before.x, spot.y - before.y);
    before = spot;
    const isSilent = dropouts.isIn(atMs) || !leg.isOn;
    for (const { radio, path, gate } of paths) {
      const rssiDbm = Math.round(path.rssi(spot, radio.spot, leg.heading, { atMs, walkedM }));
      const isOpen = gate.isOpen(atMs);
      const isStrong = random.next() < 1 / (1 + Math.exp((sensitivityDbm - rssiDbm) / 1.5));
      if (!isSilent && isOpen && isStrong) yield { atMs, radio, rssiDbm };
    }
  }
}

/** Where somebody is. */
export function spotOn({ startMs, endMs, from, to }: Leg, atMs: number): Spot {
  const part = endMs > startMs ? Math.min(1, Math.max(0, (atMs - startMs) / (endMs - startMs))) : 1;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

interface Moment {
  readonly atMs: number;
  readonly walkedM: number;
}

/** The way from one beacon to one radio. */
class Path {
  readonly #air: Air;
  readonly #random: SeededRandom;
  readonly #channels: { re: number; im: number; last: Moment }[];
  #shadow: number;
  #last: Moment = { atMs: 0, walkedM: 0 };

  constructor(air: Air, random: SeededRandom) {
    this.#air = air;
    this.#random = random;
    this.#shadow = gauss(random);
    this.#channels = [37, 38, 39].map(() => ({ re: gauss(random), im: gauss(random), last: this.#last }));
  }

  rssi(spot: Spot, radio: Spot, heading: number, now: Moment): number {
    const { loss, shadowDb, bodyDb } = this.#air;
    const [dx, dy] = [radio.x - spot.x, radio.y - spot.y];
    const keeps = Math.exp(-(now.walkedM - this.#last.walkedM) / 3 - (now.atMs - this.#last.atMs) / 60_000);
    this.#shadow = keeps * this.#shadow + Math.sqrt(1 - keeps * keeps) * gauss(this.#random);
    this.#last = now;
    const body = (bodyDb * (1 - Math.cos(Math.atan2(dy, dx) - heading))) / 2;
    const mean = txPowerDbm - 10 * loss * Math.log10(Math.max(Math.hypot(dx, dy), 0.5));
    return mean + shadowDb * this.#shadow - body + this.#fading(now) + gauss(this.#random);
  }

  #fading(now: Moment): number {
    const channel = this.#channels[this.#random.between(0, 2)];
    if (channel === undefined) return 0;
    const keeps = Math.exp(-(now.walkedM - channel.last.walkedM) / 0.15 - (now.atMs - channel.last.atMs) / 4000);
    const fresh = Math.sqrt(1 - keeps * keeps);
    channel.re = keeps * channel.re + fresh * gauss(this.#random);
    channel.im = keeps * channel.im + fresh * gauss(this.#random);
    channel.last = now;
    const { rice } = this.#air;
    const scattered = Math.sqrt(1 / (2 * (rice + 1)));
    const re = Math.sqrt(rice / (rice + 1)) + scattered * channel.re;
    return 10 * Math.log10(re * re + (scattered * channel.im) ** 2 + 1e-4);
  }
}

/** Lets adverts through, most of the time (a Gilbert-Elliott channel). */
class BurstGate {
  readonly #spells: { readonly goodMs: number; readonly badMs: number };
  readonly #random: SeededRandom;
  #isGood = true;
  #untilMs = 0;

  constructor(loss: Loss, random: SeededRandom) {
    this.#spells = loss === "bursts" ? { goodMs: 8000, badMs: 5000 } : { goodMs: 30_000, badMs: 1500 };
    this.#random = random;
  }

  isOpen(atMs: number): boolean {
    while (atMs >= this.#untilMs) {
      this.#isGood = !this.#isGood;
      const meanMs = this.#isGood ? this.#spells.goodMs : this.#spells.badMs;
      this.#untilMs += 1 - Math.log(1 - this.#random.next()) * meanMs;
    }
    return this.#random.chance(this.#isGood ? 0.9 : 0.15);
  }
}

/** Spells of 5 to 25 s in which nobody hears the beacon, every three minutes or so. */
class Dropouts {
  readonly #isOn: boolean;
  readonly #random: SeededRandom;
  #fromMs = 0;
  #untilMs = 0;

  constructor(isOn: boolean, random: SeededRandom) {
    this.#isOn = isOn;
    this.#random = random;
  }

  isIn(atMs: number): boolean {
    if (!this.#isOn) return false;
    while (atMs >= this.#untilMs) {
      this.#fromMs = this.#untilMs + 30_000 - Math.log(1 - this.#random.next()) * 150_000;
      this.#untilMs = this.#fromMs + 5000 + 20_000 * this.#random.next();
    }
    return atMs >= this.#fromMs;
  }
}

/** A number about 0 with variance 1 (Box and Muller). */
function gauss(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
