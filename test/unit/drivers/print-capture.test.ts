import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Observation, Offer, Outcome } from "../../../agent/core/observation.ts";
import { PrintCapture } from "../../../drivers/print-capture.ts";
import { driven } from "../../support/driven.ts";
import { HeldOffers } from "../../support/held-offers.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { joinedStreams, onlyStream } from "../../support/print-bytes.ts";

const recorded: Outcome = { status: "recorded" };
const refused: Outcome = { status: "refused", code: "LEDGER_UNWRITABLE" };

function setUp(offer: Offer, clock = new ManualClock(), mostOffers?: number) {
  const giveUp = new AbortController();
  const troubles: string[] = [];
  const capture = new PrintCapture({
    deviceId: asDeviceId("till-5-printer"),
    laneId: asLaneId("05"),
    offer,
    clock,
    giveUp: giveUp.signal,
    ...(mostOffers !== undefined && { mostOffers }),
    onRefused: (code) => troubles.push(code),
    onRecovered: () => troubles.push("recovered"),
  });
  return { capture, clock, giveUp, troubles };
}

const placeOf = (each: Observation): string =>
  each.kind === "print-bytes" ? `${each.offset}+${each.bytes.length}` : each.kind;

const startOf = (each: Observation): number => (each.kind === "print-bytes" ? each.offset : Infinity);

/** Lets everything happen that can without the clock. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("print capture", () => {
  it("offers every chunk at once, without waiting for the answers to earlier ones", () => {
    const held = new HeldOffers();
    const { capture } = setUp(held.offer);
    for (const text of ["one", "two", "three"]) capture.push(Buffer.from(text));
    expect(onlyStream(held.waiting).toString()).toBe("onetwothree");
    expect(capture.unrecordedBytes).toBe(11);
  });

  it("calls back in the order of the stream, however the answers come", async () => {
    const answers: ((outcome: Outcome) => void)[] = [];
    const { capture } = setUp(() => new Promise((resolve) => answers.push(resolve)));
    const order: string[] = [];
    for (const text of ["ab", "cd", "ef"]) {
      capture.push(Buffer.from(text));
      capture.whenRecorded(capture.offset, () => order.push(text));
    }
    answers[2]?.(recorded);
    await settle();
    answers[1]?.(recorded);
    await settle();
    expect(order).toEqual([]);
    answers[0]?.(recorded);
    await settle();
    expect(order).toEqual(["ab", "cd", "ef"]);
  });

  it("says the end only after every byte is recorded", async () => {
    const held = new HeldOffers();
    const { capture } = setUp(held.offer);
    capture.push(Buffer.from("receipt"));
    const finished = capture.finish("closed");
    await settle();
    expect(held.waiting.map(({ kind }) => kind)).toEqual(["print-bytes"]);
    held.answer(1);
    await settle();
    expect(held.waiting).toMatchObject([{ kind: "print-end", reason: "closed" }]);
    held.answer(1);
    await finished;
  });

  it("keeps refused bytes and offers them again, ever more slowly, until they are taken", async () => {
    const offered: Observation[] = [];
    let outcome: Outcome = refused;
    const { capture, clock, troubles } = setUp((observation) => {
      offered.push(observation);
      return Promise.resolve(outcome);
    });
    capture.push(Buffer.from("receipt"));
    await settle();
    await clock.advance(60_000);
    expect(offered.length).toBeGreaterThan(10);
    expect(offered.length).toBeLessThan(25);
    expect(new Set(offered.map(placeOf)).size).toBe(1);
    outcome = recorded;
    await clock.advance(6_000);
    expect(capture.unrecordedBytes).toBe(0);
    expect(troubles.at(-1)).toBe("recovered");
  });

  it("asks a ledger that refuses about the oldest bytes only, until they are taken", async () => {
    const offered: Observation[] = [];
    let outcome: Outcome = refused;
    const { capture, clock } = setUp((observation) => {
      offered.push(observation);
      return Promise.resolve(outcome);
    });
    capture.push(Buffer.from("first"));
    await settle();
    capture.push(Buffer.from("second"));
    await clock.advance(20_000);
    expect(new Set(offered.map(placeOf)).size).toBe(1);
    outcome = recorded;
    await clock.advance(6_000);
    expect(onlyStream(offered).toString()).toBe("firstsecond");
  });

  it("is not upset by an offer that breaks its promise and rejects", async () => {
    let broken = true;
    const { capture, clock } = setUp(() => (broken ? Promise.reject(new Error("gone")) : Promise.resolve(recorded)));
    capture.push(Buffer.from("receipt"));
    await settle();
    broken = false;
    await clock.advance(1_000);
    expect(capture.unrecordedBytes).toBe(0);
  });

  it("offers a stream without gaps for the first time and loses nothing, whatever is refused", async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.array(fc.boolean(), { maxLength: 30 }), async (pieces, refusals) => {
        const offered: Observation[] = [];
        const takes: Observation[] = [];
        const left = [...refusals];
        const { capture, clock } = setUp((observation) => {
          offered.push(observation);
          if (left.shift() === true) return Promise.resolve(refused);
          takes.push(observation);
          return Promise.resolve(recorded);
        });
        for (const [i, piece] of pieces.entries()) {
          capture.push(piece);
          if (i % 3 === 2) await settle().then(() => clock.advance(50));
        }
        const finished = capture.finish("closed");
        await driven(finished, () => settle().then(() => clock.advance(10_000)));
        expect(onlyStream(offered)).toEqual(Buffer.concat(pieces));
        expect(onlyStream(takes.toSorted((a, b) => startOf(a) - startOf(b)))).toEqual(Buffer.concat(pieces));
        expect(takes.at(-1)?.kind).toBe("print-end");
      }),
      { numRuns: 60 },
    );
  });

  it("puts together what comes while as many offers wait as may, in pieces that stay small and keep their time", async () => {
    const held = new HeldOffers();
    const { capture, clock } = setUp(held.offer, new ManualClock(), 2);
    const printed: Buffer[] = [];
    for (let i = 0; i < 40_000; i += 1) {
      const byte = Buffer.of(i % 251);
      printed.push(byte);
      capture.push(byte);
      if (i === 20_000) await clock.advance(2_000);
    }
    expect(held.waiting.length).toBe(2);
    const all: Observation[] = [];
    for (let asked = 0; held.waiting.length > 0; asked += 1) {
      all.push(...held.waiting);
      held.answer(held.waiting.length);
      await settle();
      expect(asked).toBeLessThan(10);
    }
    expect(onlyStream(all)).toEqual(Buffer.concat(printed));
    expect(capture.unrecordedBytes).toBe(0);
    const times = all.map(({ at }) => at.monotonicMs);
    expect(Math.max(...times) - Math.min(...times)).toBe(2_000);
  });

  it("goes on as a new stream when the ledger no longer knows the beginning", async () => {
    const offered: Observation[] = [];
    let known = "";
    const { capture, clock } = setUp((observation) => {
      offered.push(observation);
      if (observation.kind !== "print-bytes") return Promise.resolve(recorded);
      if (observation.offset > 0 && observation.streamId !== known)
        return Promise.resolve({ status: "refused", code: "CAPTURE_GAP", resumeAt: 0 });
      known = observation.streamId;
      return Promise.resolve(recorded);
    });
    const first = capture.streamId;
    capture.push(Buffer.from("one"));
    await settle();
    known = "a ledger of another data folder";
    capture.push(Buffer.from("two"));
    capture.push(Buffer.from("three"));
    await settle();
    await clock.advance(1_000);
    expect(capture.streamId).not.toBe(first);
    expect(joinedStreams(offered.filter((each) => each.kind !== "print-bytes" || each.streamId !== first))).toEqual(
      new Map([[capture.streamId, Buffer.from("twothree")]]),
    );
    expect(offered).toContainEqual(expect.objectContaining({ kind: "print-end", streamId: first, reason: "lost" }));
  });

  it("says no end of a stream that has no beginning", async () => {
    const held = new HeldOffers();
    await setUp(held.offer).capture.finish("closed");
    expect(held.waiting).toEqual([]);
  });

  it("waits for nothing once it is given up", async () => {
    const { capture, giveUp } = setUp(() => new Promise(() => {}));
    capture.push(Buffer.from("receipt"));
    const finished = capture.finish("lost");
    giveUp.abort();
    await finished;
    expect(capture.unrecordedBytes).toBe(7);
  });
});
