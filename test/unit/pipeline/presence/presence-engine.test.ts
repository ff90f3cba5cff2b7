import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asZoneId } from "../../../../agent/core/ids.ts";
import type { Instant } from "../../../../agent/core/time.ts";
import { PresenceEngine } from "../../../../agent/pipeline/presence/presence-engine.ts";
import { defaultPresence, type PresenceOptions } from "../../../../agent/pipeline/presence/presence-options.ts";
import type { VisitEvent } from "../../../../agent/pipeline/presence/visit-event.ts";
import { second, sighting } from "../../../support/sightings.ts";

const near = -65;
const between = -88;
const far = -97;

/** The engine, fed second by second. */
class Shop {
  readonly engine: PresenceEngine;
  readonly events: VisitEvent[] = [];
  seconds = 10;
  #visits = 0;

  constructor(options: Partial<PresenceOptions> = {}) {
    this.engine = new PresenceEngine({ ...defaultPresence, ...options }, () => `v${(this.#visits += 1)}`);
  }

  /** So many seconds in which radios hear a beacon at these strengths. */
  hears(seconds: number, strengths: Readonly<Record<string, number>>, key = "a", txPowerDbm?: number): this {
    for (let passed = 0; passed < seconds; passed += 1) {
      const at = second((this.seconds += 1));
      for (const [radio, rssiDbm] of Object.entries(strengths)) {
        const { zoneId, deviceId } = sighting(radio, rssiDbm, at);
        const tx = txPowerDbm === undefined ? {} : { txPowerDbm };
        if (this.engine.note({ key, beaconId: key, zoneId, deviceId, rssiDbm, at, ...tx }))
          this.events.push(...this.engine.decide(key, at));
      }
      this.events.push(...this.engine.sweep(at));
    }
    return this;
  }

  get told(): string[] {
    return this.events.map(
      (event) => `${event.type} ${event.zoneId}${event.type === "ended" ? ` ${event.reason}` : ""}`,
    );
  }
}

const seenAt = ({ monotonicMs }: Instant): number => monotonicMs / 1000;

describe("coming in", () => {
  it("takes a moment of strength, and is dated from its beginning", () => {
    const shop = new Shop().hears(3, { entrance: near });
    expect(shop.told).toEqual(["started entrance"]);
    expect(seenAt(shop.events[0]!.firstSeenAt)).toBe(11);
  });

  it("does not follow from one strong sighting, however much time passes, nor from weak ones", () => {
    expect(new Shop().hears(1, { entrance: near }).hears(30, {}).told).toEqual([]);
    expect(new Shop().hears(60, { entrance: between }).told).toEqual([]);
  });

  it("does not follow from one reflection among weak sightings", () => {
    const shop = new Shop();
    for (let round = 0; round < 20; round += 1) shop.hears(5, { entrance: between }).hears(1, { entrance: -50 });
    expect(shop.told).toEqual([]);
  });

  it("is into the zone that hears it best", () => {
    expect(new Shop().hears(5, { entrance: near - 1, shelves: near }).told).toEqual(["started shelves"]);
  });

  it("goes by the thresholds of the zone where it has its own", () => {
    const zones = new Map([[asZoneId("entrance"), { enterDbm: -50, exitDbm: -60 }]]);
    expect(new Shop({ zones }).hears(10, { entrance: near, shelves: -80 }).told).toEqual(["started shelves"]);
  });

  it("goes by what the beacon says to be where thresholds are relative", () => {
    const weakBeacon = -75;
    expect(new Shop().hears(5, { entrance: between }, "a", weakBeacon).told).toEqual([]);
    const relative = new Shop({ referenceTxPowerDbm: -59 });
    expect(relative.hears(5, { entrance: between }, "a", weakBeacon).told).toEqual(["started entrance"]);
    expect(relative.hears(70, {}).events[1]).toMatchObject({ strongestRssiDbm: between });
  });
});

describe("leaving", () => {
  it("takes weakness for a while, and tells what was counted", () => {
    const shop = new Shop().hears(60, { entrance: near }).hears(20, { entrance: between }).hears(40, { entrance: far });
    expect(shop.told).toEqual(["started entrance", "ended entrance left"]);
    expect(shop.events[1]).toMatchObject({ visitId: "v1", strongestRssiDbm: near });
    const [, ended] = shop.events;
    if (ended?.type !== "ended") throw new Error("no end");
    expect(ended.sightings * 1000).toBe(ended.dwellMs + 1000);
  });

  it("does not follow from weak moments", () => {
    const shop = new Shop().hears(20, { entrance: near });
    for (let round = 0; round < 10; round += 1) shop.hears(5, { entrance: far }).hears(7, { entrance: near });
    expect(shop.told).toEqual(["started entrance"]);
  });

  it("does not follow from a gap, and follows from a silence, dated to the last sighting", () => {
    const shop = new Shop().hears(20, { entrance: near }).hears(55, {}).hears(5, { entrance: near }).hears(59, {});
    expect(shop.told).toEqual(["started entrance"]);
    shop.hears(2, {});
    expect(shop.told).toEqual(["started entrance", "ended entrance silent"]);
    expect(shop.events[1]).toMatchObject({ dwellMs: 79_000, sightings: 25, lastSeenAt: { monotonicMs: 90_000 } });
    expect(shop.hears(1, {}).engine.size).toBe(0);
  });
});

describe("moving", () => {
  it("takes another zone that is better for a while, and ends the one before it begins the other", () => {
    const shop = new Shop().hears(30, { entrance: near, shelves: far }).hears(30, { entrance: between, shelves: near });
    expect(shop.told).toEqual(["started entrance", "ended entrance moved", "started shelves"]);
  });

  it("does not follow from a zone that is no better by the margin, nor from one that is for a moment", () => {
    const shop = new Shop()
      .hears(60, { entrance: near, shelves: near - 1 })
      .hears(60, { entrance: near - 5, shelves: near });
    for (let round = 0; round < 20; round += 1)
      shop.hears(2, { entrance: near - 30, shelves: near }).hears(8, { entrance: near, shelves: near });
    expect(shop.told).toEqual(["started entrance"]);
  });

  it("is no matter between two radios of one zone", () => {
    const shop = new Shop().hears(30, { "entrance-1": near, "entrance-2": far }).hears(60, { "entrance-2": near });
    expect(shop.told).toEqual(["started entrance"]);
  });
});

describe("time", () => {
  it("is that of the monotonic clock within a boot, whatever the wall clock does", () => {
    const engine = new PresenceEngine(defaultPresence, () => "v");
    const events: VisitEvent[] = [];
    for (let at = 1; at < 20; at += 1) {
      const jumped = { ...second(at), wallMs: at % 2 === 0 ? 0 : 4e12 };
      engine.note({ ...sighting("entrance", near, jumped), key: "a" });
      events.push(...engine.decide("a", jumped), ...engine.sweep(jumped));
    }
    expect(events.map(({ type }) => type)).toEqual(["started"]);
  });

  it("goes on by the wall clock with a visit of an earlier boot", () => {
    const engine = new PresenceEngine(defaultPresence, () => "v");
    const open = { visitId: "old", key: "a", beaconId: "a", zoneId: asZoneId("entrance"), firstSeenAt: second(100) };
    const now = { ...second(300), monotonicMs: 5000, bootId: "boot-2" };
    expect(engine.restore(open, second(103), now)).toBeUndefined();
    expect(engine.sweep({ ...now, monotonicMs: 60_000 })).toEqual([]);
    expect(engine.sweep({ ...now, monotonicMs: 66_000 })).toEqual([
      { type: "ended", ...open, reason: "silent", lastSeenAt: second(103), dwellMs: 3000, sightings: 0 },
    ]);
  });

  it("ends the earlier of two open visits of one beacon", () => {
    const engine = new PresenceEngine(defaultPresence, () => "v");
    const open = { visitId: "old", key: "a", beaconId: "a", zoneId: asZoneId("entrance"), firstSeenAt: second(100) };
    engine.restore(open, second(103), second(300));
    const ended = engine.restore({ ...open, visitId: "new" }, second(203), second(300));
    expect(ended).toMatchObject({ visitId: "old", reason: "silent" });
  });
});

describe("room", () => {
  it("is made by forgetting who was heard longest ago, and never whom it has an open visit of", () => {
    const shop = new Shop({ mostBeacons: 3 });
    shop
      .hears(5, { entrance: near }, "visitor")
      .hears(1, { entrance: far }, "idle 1")
      .hears(1, { entrance: far }, "idle 2");
    shop.hears(5, { entrance: near }, "visitor 2").hears(5, { entrance: near }, "visitor 3");
    expect(shop.engine.size).toBe(3);
    shop.hears(5, { entrance: near }, "one too many");
    expect(shop.events.map(({ key }) => key)).toEqual(["visitor", "visitor 2", "visitor 3"]);
    expect(shop.hears(70, {}).told.slice(3)).toEqual(Array<string>(3).fill("ended entrance silent"));
  });
});

const step = fc.record({
  key: fc.constantFrom("a", "b", "c", "d", "e"),
  radio: fc.constantFrom("entrance-1", "entrance-2", "shelves-1", "checkout-1"),
  rssiDbm: fc.oneof(fc.integer({ min: -127, max: 20 }), fc.integer({ min: -80, max: -60 })),
  passedMs: fc.oneof(fc.integer({ min: 0, max: 1500 }), fc.constant(70_000)),
  boot: fc.constantFrom("boot-1", "boot-1", "boot-1", "boot-2"),
});

it("has a beacon in at most one zone, ends what it began, and is bounded, whatever is heard", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      let visits = 0;
      const engine = new PresenceEngine({ ...defaultPresence, mostBeacons: 3 }, () => `v${(visits += 1)}`);
      const open = new Map<string, string>();
      const follow = (events: readonly VisitEvent[]): void => {
        for (const event of events) {
          if (event.type === "started") {
            expect(open.has(event.key)).toBe(false);
            open.set(event.key, event.visitId);
          } else {
            expect(open.get(event.key)).toBe(event.visitId);
            open.delete(event.key);
            expect(event.dwellMs).toBeGreaterThanOrEqual(0);
            expect(event.sightings).toBeGreaterThanOrEqual(2);
          }
        }
      };
      let seconds = 0;
      for (const { key, radio, rssiDbm, passedMs, boot } of steps) {
        seconds += passedMs / 1000;
        const at = second(seconds, boot);
        if (engine.note({ ...sighting(radio, rssiDbm, at), beaconId: key, key })) follow(engine.decide(key, at));
        follow(engine.sweep(at));
        expect(engine.size).toBeLessThanOrEqual(3);
      }
      follow(engine.sweep(second(seconds + 1000)));
      follow(engine.sweep(second(seconds + 2000)));
      expect(open.size).toBe(0);
      expect(engine.size).toBe(0);
    }),
  );
});
