import { describe, expect, it } from "vitest";
import { asLaneId } from "../../../../agent/core/ids.ts";
import { planVisits } from "../../../../drivers/virtual/beacon-plan.ts";
import { isUndisturbed } from "../../../../drivers/virtual/disturbance.ts";
import { demoLanes, planMorning } from "../../../../drivers/virtual/morning.ts";
import type { PlayedScan } from "../../../../drivers/virtual/player.ts";
import { tallyScans, type CloudScan } from "../../../../drivers/virtual/scan-tally.ts";
import { playVisits, type PlayedVisit, type VisitPlayed } from "../../../../drivers/virtual/visit-player.ts";
import { beaconIdentifier, tallyVisits, type CloudVisit } from "../../../../drivers/virtual/visit-tally.ts";
import { driven } from "../../../support/driven.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const beganAtMs = 1_000_000;
const tokenOf = (identifier: string): string => `token of ${identifier}`;

/** Every scan of a morning, one a second, all of them read. */
const scanned: readonly PlayedScan[] = planMorning({
  seed: 1,
  retailStoreId: "0117",
  startsAt: "2026-03-14T08:00:00",
  lanes: demoLanes(() => ({ next: 1, training: 1 })),
  touchAfterMs: 700,
})
  .lanes.flatMap(({ slips }) => slips)
  .flatMap((planned) => (planned.scans ?? []).map((scan) => ({ planned, scan })))
  .map((played, index) => ({ ...played, atMs: beganAtMs + index * 1_000, isRead: true }));

/** As the cloud should hold them. Member codes are not among its scans. */
const scanRows: readonly CloudScan[] = scanned.flatMap(({ planned: { laneId }, scan, atMs }) => {
  if (scan.kind === "member") return [];
  const [codeKind, what] = scan.kind === "article" ? ["gtin", scan.gtin] : ["payment", scan.scheme];
  return [{ laneId, codeKind, what, atMs }];
});

describe("tally of scans", () => {
  const count = scanRows.length;

  it("finds every scan that the cloud holds once", () => {
    expect(tallyScans(scanned, scanRows, beganAtMs, [])).toEqual({ expected: count, found: count, strays: 0 });
  });

  it("misses the one that is not there, and tells of one that is there twice or on another lane", () => {
    const [first, ...rest] = scanRows;
    const misses = { expected: count, found: count - 1 };
    expect(tallyScans(scanned, rest, beganAtMs, [])).toEqual({ ...misses, strays: 0 });
    expect(tallyScans(scanned, [...scanRows, { ...first! }], beganAtMs, []).strays).toBe(1);
    expect(tallyScans(scanned, [{ ...first!, laneId: asLaneId("99") }, ...rest], beganAtMs, [])).toEqual({
      ...misses,
      strays: 1,
    });
  });

  it("leaves scans of an earlier morning alone", () => {
    const earlier = scanRows.map((row) => ({ ...row, atMs: row.atMs - 10_000_000 }));
    expect(tallyScans(scanned, [...earlier, ...scanRows], beganAtMs, [])).toMatchObject({ found: count, strays: 0 });
  });

  it("does not expect what was scanned near a death of the agent, and takes it either way", () => {
    const death = beganAtMs + 500;
    const { expected, found } = tallyScans(scanned, scanRows, beganAtMs, [death]);
    expect(expected).toBeLessThan(count);
    expect(found).toBe(expected);
    expect(tallyScans(scanned, scanRows.slice(1), beganAtMs, [death])).toEqual({ expected, found, strays: 0 });
  });

  it("expects what nobody read unless the agent was dead: then it may be there, or not", () => {
    const unread = scanned.map((scan, index) => ({ ...scan, isRead: index !== 0 }));
    expect(scanned[0]!.scan.kind).toBe("article");
    const without = scanRows.slice(1);
    expect(tallyScans(unread, without, beganAtMs, [])).toEqual({ expected: count, found: count - 1, strays: 0 });
    for (const rows of [scanRows, without]) {
      const { expected, found, strays } = tallyScans(unread, rows, beganAtMs, [beganAtMs - 10_000]);
      expect({ expected, found, strays }).toEqual({ expected: count - 1, found: count - 1, strays: 0 });
    }
  });
});

/** Plays the visits of a morning with time moved on. */
async function playedVisits() {
  const clock = new ManualClock(beganAtMs);
  const heard: string[] = [];
  const events: VisitPlayed[] = [];
  const entrance = {
    hear: ({ address }: { address: string }, from: string) => heard.push(`${address} ${from}`),
    lose: ({ address }: { address: string }) => heard.push(`${address} lost`),
  };
  const parts = {
    entrance,
    clock,
    signal: new AbortController().signal,
    onVisit: (event: VisitPlayed) => events.push(event),
  };
  const visits = await driven(playVisits(planVisits(1), parts), () => clock.advance(1_000));
  return { visits, heard, events };
}

const visitRow = ({ visit: { beacon }, cameAtMs }: PlayedVisit): CloudVisit => ({
  beaconId: beacon.beaconId,
  token: tokenOf(beaconIdentifier(beacon)),
  firstSeenAtMs: cameAtMs + 900,
});

describe("visits", () => {
  it("are played at their times, and every beacon is gone in the end", async () => {
    const { visits, heard, events } = await playedVisits();
    expect(visits).toHaveLength(planVisits(1).length);
    expect(events).toHaveLength(2 * visits.length);
    for (const { visit, cameAtMs, wentAtMs } of visits) {
      expect(cameAtMs).toBe(beganAtMs + visit.comesAtMs);
      expect(wentAtMs - cameAtMs).toBe(visit.staysMs);
      expect(heard.findLast((line) => line.startsWith(visit.beacon.address))).toBe(`${visit.beacon.address} lost`);
    }
  });

  it("are found each once in the cloud; one that is missing, doubled or of nobody shows", async () => {
    const { visits } = await playedVisits();
    const rows = visits.map(visitRow);
    const tally = (held: readonly CloudVisit[], deaths: readonly number[] = []) =>
      tallyVisits(visits, held, tokenOf, beganAtMs, deaths);
    const all = { expected: visits.length, found: visits.length, strays: 0 };
    expect(tally(rows)).toEqual(all);
    expect(tally(rows.slice(1))).toEqual({ ...all, found: visits.length - 1 });
    expect(tally([...rows, { ...rows[0]! }])).toEqual({ ...all, strays: 1 });
    expect(tally([...rows, { ...rows[0]!, token: "another" }])).toEqual({ ...all, strays: 1 });
    expect(tally([...rows, { ...rows[0]!, firstSeenAtMs: beganAtMs - 1 }])).toEqual(all);
  });

  it("are not expected near a death of the agent, and taken whole, in pieces or not at all", async () => {
    const { visits } = await playedVisits();
    const rows = visits.map(visitRow);
    const first = visits[0]!;
    const death = first.cameAtMs + 3_000;
    const undisturbed = visits.filter(({ cameAtMs, wentAtMs }) => isUndisturbed(cameAtMs, wentAtMs, [death])).length;
    expect(undisturbed).toBeLessThan(visits.length);
    const pieces = [...rows, { ...rows[0]!, firstSeenAtMs: death + 2_000 }];
    for (const held of [rows, pieces, rows.slice(1)]) {
      const counted = tallyVisits(visits, held, tokenOf, beganAtMs, [death]);
      expect(counted).toEqual({ expected: undisturbed, found: undisturbed, strays: 0 });
    }
  });
});
