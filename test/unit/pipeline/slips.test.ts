import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { asDeviceId, asLaneId, asStreamId } from "../../../agent/core/ids.ts";
import { someInstant } from "../../support/entries.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { PipelineUnderTest, printBytes, tap } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";

/** The links in the ledger: which text was linked with which reading. */
function linksIn({ ledger }: PipelineUnderTest): readonly (readonly [string, string])[] {
  const all = ledger.latest(["transaction", "touch", "link"], 1000).toReversed();
  return all.flatMap((entry) => {
    if (entry.kind !== "link") return [];
    const slip = all.find(({ id }) => id === entry.data.transactionEntryId);
    const touch = all.find(({ id }) => id === entry.data.touchEntryId);
    if (slip?.kind !== "transaction" || touch?.kind !== "touch") throw new Error("a link of nothing");
    return [[slip.data.lines.join(), touch.data.readingId] as const];
  });
}

test("records a slip that two lines print in the same moment once, and the other one as its repeat", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  await Promise.all(["s1", "s2"].map((stream) => pipeline.offer(printBytes(stream, 0, "sale 1|"))));
  const [repeat] = pipeline.ledger.latest(["transaction.repeat"], 9);
  const [sale, ...more] = pipeline.ledger.latest(["transaction"], 9);
  expect(more).toEqual([]);
  expect(repeat?.data).toMatchObject({ transactionEntryId: sale?.id, startOffset: 0, endOffset: 7 });
  expect(pipeline.ledger.pending()).toEqual([]);
});

test("accounts for the bytes of a slip that says nothing, and records nothing of it", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  await pipeline.offer(printBytes("s1", 0, "||sale 1||"));
  expect(pipeline.kinds()).toEqual(["transaction"]);
  expect(pipeline.ledger.pending()).toEqual([]);
  expect(pipeline.ledger.received(asStreamId("s1"))).toBe(10);
});

test.each([
  ["sale", true],
  ["refund", true],
  ["void", false],
  ["nosale", false],
  ["x-report", false],
  ["z-report", false],
  ["copy", false],
  ["training", false],
  ["suspended", false],
  ["other", false],
])("gives a touch to a slip that somebody paid or was paid: %s, %s", async (kind, isLinked) => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"));
  await pipeline.offer(printBytes("s1", 0, `${kind} 1|`));
  await pipeline.settled();
  expect(linksIn(pipeline)).toEqual(isLinked ? [[`${kind} 1`, "r1"]] : []);
});

test("gives a touch to one slip, also when it came after the paper and the agent was started again since", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  {
    const killed = await PipelineUnderTest.start(folder, clock);
    await killed.offer({ ...printBytes("s1", 0, "sale 1|"), at: clock.now() });
    await clock.advance(5000);
    await killed.offer({ ...tap("r1", "04A1B2C3D4E5F6"), at: clock.now() });
    await killed.settled();
    expect(linksIn(killed)).toEqual([["sale 1", "r1"]]);
    killed.kill();
  }
  await using pipeline = await PipelineUnderTest.start(folder, clock);
  await clock.advance(20_000);
  await pipeline.offer({ ...printBytes("s2", 0, "sale 2|"), at: clock.now() });
  await pipeline.settled();
  expect(linksIn(pipeline)).toEqual([["sale 1", "r1"]]);
});

test("links a slip whose commit was taken for a failure, and has it once", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  let failed = 0;
  await using pipeline = await PipelineUnderTest.start(folder, clock, {
    fault: (_, { drafts }) => {
      const isSlip = drafts?.[0]?.kind === "transaction";
      if (isSlip) failed += 1;
      return isSlip && failed === 1 ? "unanswered" : undefined;
    },
  });
  await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"));
  const offered = pipeline.offer(printBytes("s1", 0, "sale 1|"));
  await pipeline.settled();
  await clock.advance(1000);
  expect(await offered).toEqual({ status: "recorded" });
  await pipeline.settled();
  expect(pipeline.kinds()).toEqual(["touch", "transaction", "link"]);
  expect(pipeline.ledger.pending()).toEqual([]);
});

test("knows a slip again whose bytes a mended ledger gives a second time, and accounts for them", async () => {
  using folder = new TempFolder();
  {
    const killed = await PipelineUnderTest.start(folder);
    await killed.offer(printBytes("s1", 0, "sale 1|sale 2|"));
    killed.kill();
  }
  const database = new Database(folder.file("ledger.db"));
  database.exec("UPDATE stream SET settled_to = 0");
  database.close();
  await using pipeline = await PipelineUnderTest.start(folder);
  expect(pipeline.kinds()).toEqual(["transaction", "transaction"]);
  expect(pipeline.ledger.pending()).toEqual([]);
});

test("records a card again whose first tap the ledger refused, and every card that could not be read", async () => {
  using folder = new TempFolder();
  let writes = 0;
  await using pipeline = await PipelineUnderTest.start(folder, new ManualClock(), {
    fault: () => ((writes += 1) === 1 ? "refused" : undefined),
  });
  expect(await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"))).toMatchObject({ status: "refused" });
  expect(await pipeline.offer(tap("r2", "04A1B2C3D4E5F6"))).toEqual({ status: "recorded" });
  expect(await pipeline.offer(tap("r3", "04A1B2C3D4E5F6"))).toEqual({ status: "duplicate" });
  const place = { deviceId: asDeviceId("till-5-nfc"), laneId: asLaneId("05"), at: someInstant };
  for (const readingId of ["r4", "r5"]) {
    const unread = { kind: "nfc-unread", ...place, readingId, reason: "timeout" } as const;
    expect(await pipeline.offer(unread)).toEqual({ status: "recorded" });
  }
  // A random UID is nobody's: two of them are two cards.
  expect(await pipeline.offer(tap("r6", "08A1B2C3"))).toEqual({ status: "recorded" });
  expect(await pipeline.offer(tap("r7", "08A1B2C4"))).toEqual({ status: "recorded" });
  expect(pipeline.defects).toEqual([]);
  expect(pipeline.kinds()).toEqual(["touch", "touch", "touch", "touch", "touch"]);
});
