import { expect, test } from "vitest";
import { asDeviceId, asLaneId, asStreamId } from "../../../agent/core/ids.ts";
import type { Observation, PrintEnd } from "../../../agent/core/observation.ts";
import { someInstant } from "../../support/entries.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { lineReader, PipelineUnderTest, printBytes, tap, type PipelineOptions } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";

function printEnd(streamId: string): PrintEnd {
  const seen = { deviceId: asDeviceId("till-5-printer"), laneId: asLaneId("05"), at: someInstant };
  return { kind: "print-end", ...seen, streamId: asStreamId(streamId), reason: "closed" };
}

/** What a driver does: offers again what is refused. Time passes, so that the pipeline may try again by itself. */
async function offeredUntilTaken(
  pipeline: PipelineUnderTest,
  clock: ManualClock,
  observation: Observation,
): Promise<void> {
  for (;;) {
    const asked = { isOver: false };
    const outcome = pipeline.offer(observation).finally(() => (asked.isOver = true));
    while (!asked.isOver) await clock.advance(50);
    if ((await outcome).status !== "refused") return;
  }
}

test("does not take a line for silent while it prints, however its bytes came in", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  await using pipeline = await PipelineUnderTest.start(folder, clock);
  // Two pieces before the first is on disk, as a driver hands them in.
  await Promise.all([pipeline.offer(printBytes("s1", 0, "sa")), pipeline.offer(printBytes("s1", 2, "le"))]);
  let offset = 4;
  for (let second = 0; second < 40; second += 1) {
    await clock.advance(1000);
    await pipeline.settled();
    await pipeline.offer(printBytes("s1", offset, "."));
    offset += 1;
  }
  await pipeline.offer(printBytes("s1", offset, "|"));
  expect(pipeline.slips()).toEqual([["completed", `sale${".".repeat(40)}`]]);
});

test("ends a silent slip although its bytes were offered twice", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  await using pipeline = await PipelineUnderTest.start(folder, clock);
  await pipeline.offer(printBytes("s1", 0, "sale 1"));
  expect(await pipeline.offer(printBytes("s1", 0, "sale 1"))).toEqual({ status: "duplicate" });
  await clock.advance(60_000);
  await pipeline.settled();
  expect(pipeline.slips()).toEqual([["truncated", "sale 1"]]);
});

test("ends a silent slip although a piece of it could not be taken at first", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  let isBroken = true;
  await using pipeline = await PipelineUnderTest.start(folder, clock, {
    newRedactor: () => ({
      push(bytes) {
        if (isBroken) throw new Error("what was kept of the stream cannot be read");
        return bytes;
      },
      flush: () => new Uint8Array(0),
    }),
  });
  expect(await pipeline.offer(printBytes("s1", 0, "sale 1"))).toMatchObject({ status: "refused" });
  isBroken = false;
  expect(await pipeline.offer(printBytes("s1", 0, "sale 1"))).toEqual({ status: "recorded" });
  await clock.advance(60_000);
  await pipeline.settled();
  expect(pipeline.slips()).toEqual([["truncated", "sale 1"]]);
});

/** A reader with a defect: it cannot take the word poison, nor the end of a slip that says silence. */
const poisoned: PipelineOptions["newSlipReader"] = ({ startOffset }) => {
  const reader = lineReader(startOffset);
  let text = "";
  const guarded = (how: "idle" | "end") => {
    if (text.includes("silence")) throw new TypeError(`a defect at the ${how}`);
    return reader[how]();
  };
  return {
    feed(bytes) {
      text += Buffer.from(bytes).toString("latin1");
      if (text.includes("poison")) throw new TypeError("a defect in reading");
      return reader.feed(bytes);
    },
    idle: () => guarded("idle"),
    end: () => guarded("end"),
  };
};

test("lets a defect in reading cost one stream, tells of it, and starts again all the same", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  {
    await using pipeline = await PipelineUnderTest.start(folder, clock, { newSlipReader: poisoned });
    await offeredUntilTaken(pipeline, clock, printBytes("s1", 0, "poison|"));
    await offeredUntilTaken(pipeline, clock, printBytes("s2", 0, "silence"));
    await clock.advance(60_000);
    await offeredUntilTaken(pipeline, clock, printEnd("s2"));
    await offeredUntilTaken(pipeline, clock, printBytes("s3", 0, "sale 1|"));
    expect(pipeline.defects.map(String)).toEqual([
      "TypeError: a defect in reading",
      "TypeError: a defect at the idle",
      "TypeError: a defect at the end",
    ]);
    await pipeline.offer(printBytes("s4", 0, "sale 2"));
  }
  {
    await using pipeline = await PipelineUnderTest.start(folder, clock, { newSlipReader: poisoned });
    expect(pipeline.defects).toHaveLength(2);
    expect(pipeline.slips().map(([, text]) => text)).toEqual(["sale 1", "sale 2"]);
  }
  await using mended = await PipelineUnderTest.start(folder, clock);
  expect(mended.slips().map(([, text]) => text)).toEqual(["sale 1", "sale 2", "poison", "silence"]);
});

test("stops in order while the end of a silent slip is refused", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  let broken = false;
  await using pipeline = await PipelineUnderTest.start(folder, clock, {
    fault: () => (broken ? "refused" : undefined),
  });
  await pipeline.offer(printBytes("s1", 0, "sale 1"));
  broken = true;
  await clock.advance(30_000);
  await pipeline.settled();
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  pipeline.stop();
  await pipeline.settled();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

test("records a card read twice at once as one tap", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  const outcomes = await Promise.all([
    pipeline.offer(tap("r1", "04A1B2C3D4E5F6")),
    pipeline.offer(tap("r2", "04A1B2C3D4E5F6")),
  ]);
  expect(outcomes).toEqual([{ status: "recorded" }, { status: "duplicate" }]);
  await pipeline.offer(printBytes("s1", 0, "sale 1|"));
  expect(pipeline.kinds()).toEqual(["touch", "transaction", "link"]);
});

test("takes a card that was refused when it is offered again", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder, new ManualClock(), {
    fault: (write) => (write === 1 ? "refused" : undefined),
  });
  expect(await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"))).toMatchObject({ status: "refused" });
  expect(await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"))).toEqual({ status: "recorded" });
});

test("knows the card that lies on the reader although something unreadable was seen there since", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  await using pipeline = await PipelineUnderTest.start(folder, clock);
  await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"));
  const { deviceId, laneId, at } = tap("r2", "");
  await pipeline.offer({ kind: "nfc-unread", deviceId, laneId, at, readingId: "r2", reason: "NFC_READ_TIMEOUT" });
  await clock.advance(60_000);
  expect(await pipeline.offer({ ...tap("r3", "04A1B2C3D4E5F6"), foundLying: true })).toEqual({ status: "duplicate" });
});

test.each(["refused", "unanswered"] as const)(
  "records every sale once and links it, whichever write is %s",
  async (what) => {
    for (let failing = 1; ; failing += 1) {
      using folder = new TempFolder();
      const clock = new ManualClock();
      let asked = 0;
      await using pipeline = await PipelineUnderTest.start(folder, clock, {
        fault: (write, { settled }) => {
          asked = write;
          // Bytes and touches come from drivers, which are answered for each: here it is about what the pipeline makes of them.
          return write === failing && (what === "refused" || settled !== undefined) ? what : undefined;
        },
      });
      const offers = [
        tap("r1", "04A1B2C3D4E5F6"),
        printBytes("s1", 0, "sale 1|sal"),
        printBytes("s1", 10, "e 2|sale 3"),
        printEnd("s1"),
      ];
      for (const offer of offers) await offeredUntilTaken(pipeline, clock, offer);
      await pipeline.settled();
      const kinds = pipeline.kinds();
      expect([failing, pipeline.slips()]).toEqual([
        failing,
        [
          ["completed", "sale 1"],
          ["completed", "sale 2"],
          ["truncated", "sale 3"],
        ],
      ]);
      expect([failing, kinds.filter((kind) => kind !== "transaction").toSorted()]).toEqual([
        failing,
        ["link", "touch"],
      ]);
      expect(pipeline.ledger.pending()).toEqual([]);
      if (asked < failing) break;
    }
  },
);

test("loses no slip when the agent stops while the ledger refuses it and the ledger recovers before the line ends", async () => {
  using folder = new TempFolder();
  {
    let refused = 0;
    let isBroken = true;
    const stopped = await PipelineUnderTest.start(folder, new ManualClock(), {
      fault: (_write, { settled }) => {
        if (!isBroken || settled === undefined) return undefined;
        refused += 1;
        return "refused";
      },
    });
    const offer = stopped.offer(printBytes("s1", 0, "sale 1|left"));
    // The bytes are on disk, the slip is not recorded.
    await stopped.until(() => refused > 0);
    stopped.stop();
    await offer;
    isBroken = false;
    await stopped.offer(printEnd("s1"));
    stopped.kill();
  }
  await using pipeline = await PipelineUnderTest.start(folder);
  expect(pipeline.slips()).toEqual([
    ["completed", "sale 1"],
    ["truncated", "left"],
  ]);
});

test("refuses a touch when something is wrong with it or with the ledger, and never throws at whoever offers it", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  pipeline.ledger[Symbol.dispose]();
  const lying = { ...tap("r1", "04A1B2C3D4E5F6"), foundLying: true };
  expect(await pipeline.offer(lying)).toMatchObject({ status: "refused" });
  expect(await pipeline.offer(printBytes("s1", 0, "sale 1|"))).toMatchObject({ status: "refused" });
  expect(pipeline.defects.length).toBeGreaterThan(0);
});

test("raises one alarm while the ledger refuses, whatever is offered and however often, and clears it when it is over", async () => {
  using folder = new TempFolder();
  let isFull = true;
  const fault = (): "refused" | undefined => (isFull ? "refused" : undefined);
  await using pipeline = await PipelineUnderTest.start(folder, new ManualClock(), { fault });
  for (const reading of ["r1", "r2", "r3"])
    expect(await pipeline.offer(tap(reading, "04A1B2C3D4E5F6"))).toMatchObject({ status: "refused" });
  expect(await pipeline.offer(printBytes("s1", 0, "sale 1|"))).toMatchObject({ status: "refused" });
  expect(pipeline.troubles).toEqual(["LEDGER_UNWRITABLE"]);
  isFull = false;
  expect(await pipeline.offer(tap("r4", "04A1B2C3D4E5F6"))).toEqual({ status: "recorded" });
  expect(pipeline.troubles).toEqual(["LEDGER_UNWRITABLE", undefined]);
});

test("tells once that a slip cannot be recorded, however often it is tried again", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  const fault = (write: number): "refused" | undefined => (write > 1 && write < 6 ? "refused" : undefined);
  await using pipeline = await PipelineUnderTest.start(folder, clock, { fault });
  const offered = pipeline.offer(printBytes("s1", 0, "sale 1|"));
  for (let round = 0; round < 8; round += 1) {
    await pipeline.settled();
    await clock.advance(5000);
  }
  await offered;
  expect(pipeline.slips()).toEqual([["completed", "sale 1"]]);
  expect(pipeline.troubles).toEqual(["LEDGER_UNWRITABLE", undefined]);
});
