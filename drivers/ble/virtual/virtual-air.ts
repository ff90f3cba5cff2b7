import type { Ms } from "../../../agent/core/time.ts";
import type { AirAdvert } from "./h4.ts";

/** A device that advertises at a steady pace. */
export interface Transmitter extends AirAdvert {
  readonly everyMs: Ms;
}

/** Phones passing by: adverts that nobody knows, each address used in turn. */
export interface Crowd {
  readonly advertsPerSecond: number;
  /** Addresses it has, after which it begins with the first again. */
  readonly addresses: number;
  /** AD structures of its adverts. */
  readonly bytes: Uint8Array;
  readonly rssiDbm: number;
}

/** What one look may bring at most: a reader that was away long gets no flood. */
const maxAtOnce = 2_000;

/** What is on the air, as data: transmitters at their paces, and a crowd. */
export class VirtualAir {
  readonly #transmitters = new Map<string, { transmitter: Transmitter; nextMs?: Ms }>();
  #crowd: Crowd | undefined;
  #crowdSinceMs: Ms | undefined;
  #crowdSent = 0;
  #sentBefore = 0;

  constructor(transmitters: readonly Transmitter[], crowd?: Crowd) {
    for (const transmitter of transmitters) this.#transmitters.set(keyOf(transmitter), { transmitter });
    this.#crowd = crowd;
  }

  /** Lets another crowd pass, or none. Its addresses go on where those of the one before ended. */
  crowd(crowd: Crowd | undefined): void {
    this.#crowd = crowd;
    this.#sentBefore += this.#crowdSent;
    this.#crowdSent = 0;
    this.#crowdSinceMs = undefined;
  }

  /** Brings a transmitter, or moves the one that sends the same from the same address: nearer, further, faster. */
  place(transmitter: Transmitter): void {
    const placed = this.#transmitters.get(keyOf(transmitter));
    if (placed) placed.transmitter = transmitter;
    else this.#transmitters.set(keyOf(transmitter), { transmitter });
  }

  /** Takes away all that sends from an address. */
  remove(address: string): void {
    for (const [key, { transmitter }] of this.#transmitters) {
      if (transmitter.address === address) this.#transmitters.delete(key);
    }
  }

  /** The adverts of the time until `nowMs` that were not given yet; what is too much for one look is skipped. */
  due(nowMs: Ms): readonly AirAdvert[] {
    const due: AirAdvert[] = [];
    for (const each of this.#transmitters.values()) {
      const dueMs = each.nextMs ?? nowMs;
      if (dueMs > nowMs) continue;
      each.nextMs = Math.max(dueMs + each.transmitter.everyMs, nowMs);
      due.push(each.transmitter);
    }
    due.push(...this.#crowdUntil(nowMs));
    return due;
  }

  #crowdUntil(nowMs: Ms): readonly AirAdvert[] {
    const crowd = this.#crowd;
    if (!crowd) return [];
    const sinceMs = (this.#crowdSinceMs ??= nowMs);
    const wanted = Math.floor(((nowMs - sinceMs) * crowd.advertsPerSecond) / 1_000);
    const first = this.#crowdSent;
    const count = Math.min(Math.max(0, wanted - first), maxAtOnce);
    this.#crowdSent = wanted;
    const { bytes, rssiDbm } = crowd;
    return Array.from({ length: count }, (_, index) => {
      const address = privateAddress((this.#sentBefore + first + index) % crowd.addresses);
      return { address, isRandomAddress: true, bytes, rssiDbm };
    });
  }
}

function keyOf({ address, bytes }: Transmitter): string {
  return `${address} ${Buffer.from(bytes).toString("hex")}`;
}

/** A resolvable private address for each number, belonging to nobody. */
function privateAddress(index: number): string {
  const digits = index.toString(16).padStart(8, "0");
  return ["5e", "7f", ...(digits.match(/../g) ?? [])].join(":");
}
