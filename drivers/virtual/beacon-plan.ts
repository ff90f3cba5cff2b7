import type { Ms } from "../../agent/core/time.ts";
import { SeededRandom } from "./random.ts";

/** A beacon that the virtual store's configuration knows, by what it sends. */
export interface StoreBeacon {
  /** As the configuration names it. */
  readonly beaconId: string;
  readonly sends:
    | { readonly type: "ibeacon"; readonly uuid: string; readonly major: number; readonly minor: number }
    | { readonly type: "eddystone-uid"; readonly namespace: string; readonly instance: string };
  /** `aa:bb:cc:dd:ee:ff`, a static random address. */
  readonly address: string;
}

/** A beacon that comes to the entrance and goes again. */
export interface PlannedVisit {
  readonly beacon: StoreBeacon;
  /** From the beginning of the morning. */
  readonly comesAtMs: Ms;
  /** How long it stays near. */
  readonly staysMs: Ms;
  /** `walks-off`: it is heard more and more weakly; `falls-silent`: it is not heard any more, at once. */
  readonly goes: "walks-off" | "falls-silent";
}

const uuid = "fda50693-a4e2-4fb1-afcf-c6eb07647825";
const namespace = "2f234454f4911ba9ffa6";
const instance = (number: number): string => number.toString(16).padStart(12, "0");
const address = (number: number): string => `c0:00:5e:00:53:${number.toString(16).padStart(2, "0")}`;

/** The beacons of config/demo.yaml: badges of the staff, and fobs that shoppers of the club carry. */
export const storeBeacons: readonly StoreBeacon[] = [
  { beaconId: "staff-badge", sends: { type: "ibeacon", uuid, major: 117, minor: 1 }, address: address(1) },
  { beaconId: "staff-badge", sends: { type: "ibeacon", uuid, major: 117, minor: 2 }, address: address(2) },
  { beaconId: "club-fob", sends: { type: "eddystone-uid", namespace, instance: instance(7) }, address: address(3) },
  { beaconId: "club-fob", sends: { type: "eddystone-uid", namespace, instance: instance(8) }, address: address(4) },
  { beaconId: "club-fob", sends: { type: "eddystone-uid", namespace, instance: instance(9) }, address: address(5) },
];

/** A visit of an earlier morning that was cut off is over by then. */
const firstAtMs: Ms = 7_000;

/** Longer than a beacon is still in its zone after it was heard last, so that its next coming is another visit. */
const leastAwayMs: Ms = 13_000;

/** How often each beacon comes. */
const comings = [2, 1, 2, 2, 1] as const;

/** Plans when the store's beacons come to the entrance, in order; they are gone again within a minute. The same seed gives the same plan. */
export function planVisits(seed: number): readonly PlannedVisit[] {
  const random = new SeededRandom(seed);
  const visits = storeBeacons.flatMap((beacon, index) => {
    const planned: PlannedVisit[] = [];
    let atMs = firstAtMs + random.between(0, 8_000);
    for (let coming = 0; coming < (comings[index] ?? 1); coming += 1) {
      const staysMs = random.between(8_000, 10_000);
      planned.push({ beacon, comesAtMs: atMs, staysMs, goes: random.chance(0.5) ? "walks-off" : "falls-silent" });
      atMs += staysMs + leastAwayMs + random.between(0, 2_000);
    }
    return planned;
  });
  return visits.toSorted((a, b) => a.comesAtMs - b.comesAtMs);
}
