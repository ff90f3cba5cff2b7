import { describe, expect, it } from "vitest";
import { asLaneId } from "../../../../agent/core/ids.ts";
import { planMorning, type MorningLane } from "../../../../drivers/virtual/morning.ts";
import {
  playMorning,
  type LaneEnds,
  type PlayerEvent,
  type PosLine,
  type Reader,
  type Scanner,
} from "../../../../drivers/virtual/player.ts";
import { driven } from "../../../support/driven.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const laneId = asLaneId("05");
const lane: MorningLane = { laneId, layout: "cn", sales: 4, taps: 2, numbers: { next: 1, training: 1 } };

/** Answers from a list, then always with the last of them. */
function inTurn<T>(...answers: readonly [T, ...T[]]): () => Promise<T> {
  const left = [...answers];
  return () => Promise.resolve((left.length > 1 ? left.shift() : left[0]) ?? answers[0]);
}

const line = (...answers: readonly ["confirmed" | "broken", ...("confirmed" | "broken")[]]): PosLine => ({
  print: inTurn(...answers),
});
const reader = (...answers: readonly ["heard" | "lost", ...("heard" | "lost")[]]): Reader => ({
  tap: inTurn(...answers),
});

const scanner = (answer: "read" | "unread"): Scanner => ({ scan: inTurn(answer) });

/** Plays a small morning with time moved on whenever everybody waits. */
async function play(ends: LaneEnds, touchAfterMs = 700, stopAfter = Infinity, only = lane) {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const events: PlayerEvent[] = [];
  const onEvent = (event: PlayerEvent): void => {
    events.push(event);
    if (events.length >= stopAfter) stopping.abort();
  };
  const parts = { ends: new Map([[laneId, ends]]), clock, signal: stopping.signal, onEvent };
  const options = { seed: 4, retailStoreId: "0117", startsAt: "2026-03-14T08:00:00", lanes: [only], touchAfterMs };
  const played = await driven(playMorning(planMorning(options), parts), () => clock.advance(1_000));
  return { played, events, types: events.map(({ type }) => type) };
}

describe("player", () => {
  it("prints every slip, and a tapped one only after the beep", async () => {
    const { played, events } = await play({ line: line("confirmed"), reader: reader("heard") });
    expect(played.printed).toHaveLength(5);
    expect(played.tapped).toHaveLength(2);
    for (const planned of played.tapped) {
      const types = events.filter((event) => event.planned === planned).map(({ type }) => type);
      expect(types).toEqual(["tapping", "tapped", "printing", "printed"]);
    }
  });

  it("prints a slip again until its POS knows it printed", async () => {
    const { played, events } = await play({ line: line("broken", "broken", "confirmed") });
    expect(played.printed).toHaveLength(5);
    const first = events.filter(({ planned }) => planned === played.printed[0]);
    expect(first.map(({ type, attempt }) => `${type} ${attempt}`)).toEqual([
      "printing 1",
      "print-broken 1",
      "printing 2",
      "print-broken 2",
      "printing 3",
      "printed 3",
    ]);
  });

  it("taps again until the reader beeps, before anything is printed", async () => {
    const { played, events } = await play({ line: line("confirmed"), reader: reader("lost", "lost", "heard") });
    const planned = played.tapped[0];
    const types = events.filter((event) => event.planned === planned).map(({ type }) => type);
    expect(types).toEqual(["tapping", "tap-lost", "tapping", "tap-lost", "tapping", "tapped", "printing", "printed"]);
  });

  it("never taps again for a receipt that is already out", async () => {
    const ends = { line: line("confirmed"), reader: reader("lost", "heard") };
    const late = planMorning({
      seed: 4,
      retailStoreId: "0117",
      startsAt: "2026-03-14T08:00:00",
      lanes: [{ ...lane, sales: 6, taps: 6 }],
      touchAfterMs: 5_000,
    });
    const after = late.lanes.map(({ slips }) => ({ laneId, slips: slips.filter(({ tap }) => tap?.when === "after") }));
    const clock = new ManualClock();
    const types: string[] = [];
    const parts = { ends: new Map([[laneId, ends]]), clock, signal: new AbortController().signal };
    const playing = playMorning({ lanes: after, visits: [] }, { ...parts, onEvent: ({ type }) => types.push(type) });
    await driven(playing, () => clock.advance(1_000));
    expect(types).toEqual(["printing", "printed", "tapping", "tap-given-up"]);
  });

  it("plays the receipts where there is no reader, and nothing where there is no POS", async () => {
    const { played, types } = await play({ line: line("confirmed") });
    expect(played.printed).toHaveLength(5);
    expect(types).not.toContain("tapping");
  });

  it("scans before it taps and prints, each code once, in order", async () => {
    const scanning = { ...lane, scans: { articles: 3, members: 2, payments: 0 } };
    const ends = { line: line("confirmed"), reader: reader("heard"), scanner: scanner("read") };
    const { played, events } = await play(ends, 700, Infinity, scanning);
    const codes = played.printed.flatMap(({ scans = [] }) => scans);
    expect(codes.length).toBeGreaterThan(4);
    expect(played.scanned.map(({ scan }) => scan)).toEqual(codes);
    expect(played.scanned.every(({ isRead }) => isRead)).toBe(true);
    for (const planned of played.printed) {
      const types = events.filter((event) => event.planned === planned).map(({ type }) => type);
      const scans = (planned.scans ?? []).flatMap(() => ["scanning", "scanned"]);
      const taps = planned.tap ? ["tapping", "tapped"] : [];
      expect(types).toEqual([...scans, ...taps, "printing", "printed"]);
    }
  });

  it("scans nothing more for a sale when nobody reads the scanner, and prints it all the same", async () => {
    const scanning = { ...lane, sales: 1, taps: 0, scans: { articles: 1, members: 1, payments: 0 } };
    const ends = { line: line("confirmed"), scanner: scanner("unread") };
    const { played, types } = await play(ends, 700, Infinity, scanning);
    expect(types.filter((type) => type.startsWith("scan"))).toEqual(["scanning", "scan-lost"]);
    expect(played.scanned).toMatchObject([{ isRead: false }]);
    expect(played.printed.filter(({ slip }) => slip.kind === "sale")).toHaveLength(1);
  });

  it("stops in the middle when told to", async () => {
    const { played } = await play({ line: line("confirmed") }, 700, 4);
    expect(played.printed.length).toBeLessThan(4);
  });
});
