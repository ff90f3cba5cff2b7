import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asDeviceId, asEntryId, asSeq, asZoneId } from "../../../../agent/core/ids.ts";
import type { Instant } from "../../../../agent/core/time.ts";
import type { BleSighting } from "../../../../agent/core/observation.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { PipelineUnderTest, type PipelineOptions } from "../../../support/pipeline.ts";
import { sighting } from "../../../support/sightings.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

const near = -65;
const far = -97;

/** A store with zones, and its clock. */
async function store(folder: TempFolder, options: PipelineOptions = {}, clock = new ManualClock()) {
  const pipeline = await PipelineUnderTest.start(folder, clock, { presence: {}, ...options });
  const hears = async (seconds: number, radio: string, rssiDbm: number, more: Partial<BleSighting> = {}) => {
    const outcomes: string[] = [];
    for (let passed = 0; passed < seconds; passed += 1) {
      await clock.advance(1000);
      outcomes.push((await pipeline.offer(sighting(radio, rssiDbm, clock.now(), more))).status);
    }
    await pipeline.settled();
    return outcomes;
  };
  /** Nobody is heard. */
  const passes = async (seconds: number) => {
    await clock.advance(seconds * 1000);
    await pipeline.settled();
  };
  return { pipeline, clock, hears, passes, [Symbol.asyncDispose]: () => pipeline[Symbol.asyncDispose]() };
}

function visitOf(visitId: string, at: Instant) {
  const place = { visitId, zoneId: asZoneId("entrance"), beaconId: visitId };
  const id = asEntryId(randomUUID());
  const started = { ...place, deviceId: asDeviceId("entrance"), evidence: [], firstSeenAt: at };
  const ended = { ...place, startedEntryId: id, lastSeenAt: at, dwellMs: 0, sightings: 1, reason: "silent" } as const;
  return {
    started: { id, kind: "visit.started", key: `${visitId}:s`, at, data: started },
    ended: { id: asEntryId(randomUUID()), kind: "visit.ended", key: `${visitId}:e`, at, data: ended },
  } as const;
}

const visitsOf = ({ ledger }: PipelineUnderTest) => ledger.latest(["visit.started", "visit.ended"], 1000).toReversed();

test("records when a beacon comes and when it goes, with its token, and names the one in the other", async () => {
  using folder = new TempFolder();
  await using shop = await store(folder);
  expect(new Set(await shop.hears(30, "entrance", near))).toEqual(new Set(["recorded"]));
  await shop.hears(60, "entrance", far);
  const [started, ended] = visitsOf(shop.pipeline);
  expect(started).toMatchObject({
    kind: "visit.started",
    data: { zoneId: "entrance", deviceId: "entrance", beaconId: "staff", evidence: [{ type: "ble", tier: "nearby" }] },
  });
  expect(ended).toMatchObject({
    kind: "visit.ended",
    data: {
      startedEntryId: started?.id,
      reason: "left",
      strongestRssiDbm: near,
      zoneId: "entrance",
      beaconId: "staff",
    },
  });
  if (started?.kind !== "visit.started" || ended?.kind !== "visit.ended") throw new Error("no visit");
  expect(started.key).toBe(`visit:${started.data.visitId}:started`);
  expect(ended.key).toBe(`visit:${started.data.visitId}:ended`);
});

test("lets sightings and raw identifiers not reach the disk", async () => {
  using folder = new TempFolder();
  {
    await using shop = await store(folder);
    await shop.hears(120, "entrance", near);
    expect(shop.pipeline.ledger.head().seq).toBe(asSeq(1));
  }
  const { identifier } = sighting("entrance", near, new ManualClock().now());
  expect(readFileSync(folder.file("ledger.db")).includes(identifier)).toBe(false);
});

test("ends a visit by itself when the beacon is not heard any more", async () => {
  using folder = new TempFolder();
  await using shop = await store(folder);
  await shop.hears(10, "entrance", near);
  const lastSeenAt = shop.clock.now();
  await shop.passes(59);
  expect(shop.pipeline.kinds()).toEqual(["visit.started"]);
  await shop.passes(3);
  expect(visitsOf(shop.pipeline)[1]?.data).toMatchObject({
    reason: "silent",
    lastSeenAt,
    sightings: 10,
    dwellMs: 9000,
  });
});

test("goes on with a visit from before a restart when the beacon comes back", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  {
    const shop = await store(folder, {}, clock);
    await shop.hears(10, "entrance", near);
    shop.pipeline.kill();
  }
  await using shop = await store(folder, {}, clock);
  await shop.passes(30);
  await shop.hears(40, "entrance", near - 2);
  expect(shop.pipeline.kinds()).toEqual(["visit.started"]);
  await shop.passes(70);
  const [started, ended] = visitsOf(shop.pipeline);
  expect(ended?.data).toMatchObject({
    startedEntryId: started?.id,
    sightings: 40,
    strongestRssiDbm: near - 2,
    dwellMs: 79_000,
  });
});

test("takes whoever is there after a night without power for somebody who came again", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  {
    const shop = await store(folder, {}, clock);
    await shop.hears(10, "entrance", near);
    shop.pipeline.kill();
  }
  await clock.advance(11 * 3_600_000);
  await using shop = await store(folder, {}, clock);
  await shop.hears(5, "entrance", near);
  const [first, ended, second] = visitsOf(shop.pipeline);
  expect(ended?.data).toMatchObject({ startedEntryId: first?.id, reason: "silent" });
  expect(ended?.kind === "visit.ended" && ended.data.dwellMs).toBeLessThan(20_000);
  expect(second).toMatchObject({ kind: "visit.started" });
});

test("measures no visit by a clock that nobody trusts over a start of the machine", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  {
    const shop = await store(folder, {}, clock);
    await shop.hears(10, "entrance", near);
    shop.pipeline.kill();
  }
  clock.reboot({ wallMs: clock.now().wallMs + 50 * 365 * 86_400_000, trusted: false });
  await using shop = await store(folder, {}, clock);
  await shop.pipeline.settled();
  const [, ended] = visitsOf(shop.pipeline);
  expect(ended?.kind === "visit.ended" && ended.data.dwellMs).toBeLessThan(20_000);
});

test("knows an open visit however much was recorded since it began", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  {
    const shop = await store(folder, {}, clock);
    await shop.hears(5, "entrance", near, { beaconId: "fixture", identifier: "fixture" });
    for (let guest = 0; guest < 600; guest += 1) {
      const at = clock.now();
      const draft = visitOf(`guest-${guest}`, at);
      await shop.pipeline.ledger.write({ drafts: [draft.started, draft.ended] });
    }
    shop.pipeline.kill();
  }
  await using shop = await store(folder, {}, clock);
  expect(shop.pipeline.ledger.openVisits()).toMatchObject([{ data: { beaconId: "fixture" } }]);
});

test("ends a visit from before a restart as silent when the beacon does not come back", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  {
    const shop = await store(folder, {}, clock);
    await shop.hears(10, "entrance", near);
    shop.pipeline.kill();
  }
  await using shop = await store(folder, {}, clock);
  await shop.passes(62);
  const [started, ended] = visitsOf(shop.pipeline);
  expect(ended?.data).toMatchObject({
    reason: "silent",
    startedEntryId: started?.id,
    lastSeenAt: started?.at,
    sightings: 0,
  });
  expect(ended?.data).not.toHaveProperty("strongestRssiDbm");
  await shop.passes(200);
  expect(shop.pipeline.kinds()).toEqual(["visit.started", "visit.ended"]);
});

test("keeps a played beacon apart from the real one, and marks its visit", async () => {
  using folder = new TempFolder();
  await using shop = await store(folder);
  for (let second = 0; second < 5; second += 1) {
    await shop.hears(1, "entrance", near);
    await shop.hears(1, "checkout", near, { isTest: true });
  }
  await shop.passes(70);
  const marks = visitsOf(shop.pipeline).map(({ data, kind }) => `${kind} ${"isTest" in data ? "test" : "real"}`);
  expect(marks.toSorted((a, b) => a.localeCompare(b))).toEqual([
    "visit.ended real",
    "visit.ended test",
    "visit.started real",
    "visit.started test",
  ]);
});

test("sheds sightings where no zones are configured, of no strength, and of more beacons than it may follow", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  {
    await using plain = await PipelineUnderTest.start(folder, clock);
    expect(await plain.offer(sighting("entrance", near, clock.now()))).toEqual({ status: "shed" });
  }
  await using shop = await store(folder, { presence: { mostBeacons: 1 } }, clock);
  expect(await shop.hears(1, "entrance", 127)).toEqual(["shed"]);
  expect(await shop.hears(1, "entrance", Number.NaN)).toEqual(["shed"]);
  await shop.hears(5, "entrance", near);
  expect(await shop.hears(1, "entrance", near, { identifier: "another" })).toEqual(["shed"]);
});

test.each(["refused", "unanswered"] as const)("records every visit once, whichever write is %s", async (what) => {
  for (let failing = 1; ; failing += 1) {
    using folder = new TempFolder();
    let asked = 0;
    const fault = (write: number): typeof what | undefined => ((asked = write) === failing ? what : undefined);
    await using shop = await store(folder, { fault });
    await shop.hears(10, "entrance", near);
    await shop.hears(30, "checkout", near);
    await shop.passes(70);
    const expected = ["visit.started", "visit.ended", "visit.started", "visit.ended"];
    expect([failing, shop.pipeline.kinds()]).toEqual([failing, expected]);
    if (asked < failing) break;
  }
});

test("decides nothing new while the ledger refuses for long, and forgets nobody who is there", async () => {
  using folder = new TempFolder();
  let isBroken = true;
  await using shop = await store(folder, { fault: () => (isBroken ? "refused" : undefined) });
  for (let round = 0; round < 4; round += 1) {
    await shop.clock.advance(1000);
    for (let beacon = 0; beacon < 400; beacon += 1)
      await shop.pipeline.offer(sighting("entrance", near, shop.clock.now(), { identifier: `beacon ${beacon}` }));
  }
  await shop.passes(3600);
  isBroken = false;
  await shop.passes(10);
  await shop.pipeline.until(() => shop.pipeline.kinds().length >= 512);
  const kinds = shop.pipeline.kinds();
  expect(kinds.filter((kind) => kind === "visit.started")).toHaveLength(256);
  expect(kinds.filter((kind) => kind === "visit.ended")).toHaveLength(256);
});
