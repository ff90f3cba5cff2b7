import { asLaneId, type LaneId } from "../../agent/core/ids.ts";
import type { Ms } from "../../agent/core/time.ts";
import { planVisits, type PlannedVisit } from "./beacon-plan.ts";
import { printCnReceipt } from "./cn-receipt.ts";
import { makeSlip, type Layout } from "./make-slip.ts";
import { SeededRandom } from "./random.ts";
import { maskedMember, planScans, type PlannedScan, type ScanCounts } from "./scan-plan.ts";
import { makeShoppers, type Shopper } from "./shoppers.ts";
import { printUsReceipt } from "./us-receipt.ts";
import type { VirtualSlip } from "./virtual-slip.ts";

/** Numbers that a POS prints next. */
export interface LaneNumbers {
  /** Of the next receipt. */
  readonly next: number;
  /** Of the next practice receipt, counted apart. */
  readonly training: number;
}

/** A lane of the virtual store. */
export interface MorningLane {
  readonly laneId: LaneId;
  readonly layout: Layout;
  /** How many sales it makes. */
  readonly sales: number;
  /** How many of them are a shopper's who taps. */
  readonly taps: number;
  /** How many of them have codes held to the lane's scanner; none without it. */
  readonly scans?: ScanCounts;
  /** Numbers its POS prints next. */
  readonly numbers: LaneNumbers;
}

/** What morning to play. */
export interface MorningOptions {
  /** The same seed, time and numbers give the same morning to the byte. */
  readonly seed: number;
  readonly retailStoreId: string;
  /** Local time of the first receipt, `YYYY-MM-DDThh:mm:ss`. */
  readonly startsAt: string;
  readonly lanes: readonly MorningLane[];
  /** The linker's window after the paper, `identity.touchAfterMs` of the configuration. */
  readonly touchAfterMs: Ms;
}

/** A shopper's tap that belongs to a slip. */
export interface PlannedTap {
  readonly shopper: Shopper;
  /** `before`: the POS prints only once the reader has beeped; `after`: while the shopper takes the paper. */
  readonly when: "before" | "after";
}

/** Something a POS prints, and what goes before it. */
export interface PlannedSlip {
  readonly laneId: LaneId;
  readonly slip: VirtualSlip;
  readonly bytes: Uint8Array;
  /** From the end of the slip before it on this lane to whatever comes first: scan, tap or print. */
  readonly pauseMs: Ms;
  /** Codes held to the lane's scanner before it, in order. */
  readonly scans?: readonly PlannedScan[];
  readonly tap?: PlannedTap;
}

/** What one lane does, in order. */
export interface PlannedLane {
  readonly laneId: LaneId;
  readonly slips: readonly PlannedSlip[];
}

/** A morning in the virtual store. */
export interface Morning {
  readonly lanes: readonly PlannedLane[];
  /** Beacons that come to the entrance and go. */
  readonly visits: readonly PlannedVisit[];
}

/** The morning that `npm start` plays: 66 sales on two lanes, 23 of them tapped, 8 with a member code; about a minute. */
export function demoLanes(numbers: (laneId: LaneId) => LaneNumbers): readonly MorningLane[] {
  const [five, seven] = [asLaneId("05"), asLaneId("07")];
  const scans: ScanCounts = { articles: 8, members: 4, payments: 0 };
  return [
    { laneId: five, layout: "cn", sales: 34, taps: 12, scans: { ...scans, payments: 1 }, numbers: numbers(five) },
    { laneId: seven, layout: "us", sales: 32, taps: 11, scans, numbers: numbers(seven) },
  ];
}

/** Every sale of a morning, the truth that the cloud's rows are compared with. */
export function salesOf(morning: Morning): readonly PlannedSlip[] {
  return morning.lanes.flatMap(({ slips }) => slips.filter(({ slip }) => slip.kind === "sale"));
}

/** A touch this close to the end of the linker's window could fall on either side of it. */
const windowMarginMs = 300;

/** A tap is seen within this time even by a slow reader: a shorter window has no room for a tap after the paper. */
const tapWithinMs = 1_200;

/** A shopper comes back no sooner than this many taps later. */
const tapsBetweenVisits = 6;

/** Plans a morning. Throws a RangeError when a lane has more taps than sales. */
export function planMorning(options: MorningOptions): Morning {
  const { seed, lanes } = options;
  const random = new SeededRandom(seed);
  const taps = assignTaps(lanes, random, options.touchAfterMs);
  const planned = lanes.map((lane, index) => planLane(lane, options, taps[index] ?? new Map(), random));
  return {
    lanes: lanes.map((lane, index) => {
      const slips = planned[index]?.slips ?? [];
      return { laneId: lane.laneId, slips: lane.scans ? withScans(slips, lane, lane.scans, options, index) : slips };
    }),
    visits: planVisits(seed),
  };
}

/** Adds a lane's scans. A shopper who shows a member code finds it on a Chinese receipt, masked. */
function withScans(
  slips: readonly PlannedSlip[],
  { layout }: MorningLane,
  counts: ScanCounts,
  { seed, touchAfterMs }: MorningOptions,
  index: number,
): readonly PlannedSlip[] {
  const planned = planScans(slips, counts, seed + index);
  return slips.map((plain, place) => {
    const scans = planned.get(place);
    if (scans === undefined) return plain;
    const member = scans.find(({ kind }) => kind === "member");
    if (member === undefined) return { ...plain, scans };
    const pauseMs = quietBeforeTapMs(touchAfterMs);
    if (layout !== "cn") return { ...plain, scans, pauseMs };
    const points = Math.floor(plain.slip.totalMinor / 100);
    const slip = { ...plain.slip, member: { printed: maskedMember(member.text), points, balance: points } };
    return { ...plain, scans, pauseMs, slip, bytes: printCnReceipt(slip) };
  });
}

function planLane(
  lane: MorningLane,
  options: MorningOptions,
  taps: ReadonlyMap<number, PlannedTap>,
  random: SeededRandom,
): PlannedLane {
  const { laneId, layout } = lane;
  const print = layout === "cn" ? printCnReceipt : printUsReceipt;
  const exceptional = Math.floor(lane.sales / 2);
  const slips: PlannedSlip[] = [];
  let { next, training } = lane.numbers;
  let seconds = 0;
  const add = (kind: VirtualSlip["kind"], number: string, tap?: PlannedTap): void => {
    seconds += random.between(35, 140);
    const at = later(options.startsAt, seconds);
    const order = { layout, kind, at, member: tap !== undefined && random.chance(0.6), receiptNo: number };
    const slip = makeSlip({ ...order, retailStoreId: options.retailStoreId, workstationId: laneId }, random);
    const pauseMs = tap === undefined ? random.between(250, 650) : quietBeforeTapMs(options.touchAfterMs);
    slips.push({ laneId, slip, bytes: print(slip), pauseMs, ...(tap && { tap }) });
  };
  for (let sale = 0; sale < lane.sales; sale += 1) {
    // Once in the morning: a trainee practises on lane one's POS, somebody opens the drawer of the other.
    if (sale === exceptional && layout === "cn") add("training", `999${String(training++).padStart(4, "0")}`);
    if (sale === exceptional && layout === "us") add("nosale", String(next++).padStart(5, "0"));
    add("sale", String(next++).padStart(layout === "cn" ? 7 : 5, "0"), taps.get(sale));
  }
  return { laneId, slips };
}

/** A touch within the window after an unclaimed receipt would be taken for that one's. */
function quietBeforeTapMs(touchAfterMs: Ms): Ms {
  return touchAfterMs + windowMarginMs;
}

/** Chooses which sales are tapped, and by whom; one map a lane, by number of the sale. */
function assignTaps(
  lanes: readonly MorningLane[],
  random: SeededRandom,
  touchAfterMs: Ms,
): readonly ReadonlyMap<number, PlannedTap>[] {
  const places = lanes.flatMap(({ sales, taps }, lane) => {
    if (taps > sales) throw new RangeError("more taps than sales");
    return [...random.choose(taps, sales)].map((sale) => ({ lane, sale, when: sale / sales }));
  });
  places.sort((a, b) => a.when - b.when || a.lane - b.lane);
  const shoppers = makeShoppers(places.length, random);
  const visits: Shopper[] = [];
  const taps = lanes.map(() => new Map<number, PlannedTap>());
  for (const [index, { lane, sale }] of places.entries()) {
    const returning = index % 4 === 3 ? visits[index - tapsBetweenVisits] : undefined;
    const shopper = returning ?? shoppers[index];
    if (shopper === undefined) continue;
    visits.push(shopper);
    const after = touchAfterMs >= tapWithinMs + windowMarginMs && index % 5 === 4;
    taps[lane]?.set(sale, { shopper, when: after ? "after" : "before" });
  }
  return taps;
}

/** A local time so many seconds later. Reckoned as if in UTC, so no daylight saving gets in the way. */
function later(localTime: string, seconds: number): string {
  return new Date(Date.parse(`${localTime}Z`) + seconds * 1000).toISOString().slice(0, 19);
}
