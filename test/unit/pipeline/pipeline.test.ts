import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { asSeq, asStreamId } from "../../../agent/core/ids.ts";
import { piece } from "../../support/entries.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { PipelineUnderTest, printBytes, tap } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";

test("records a slip as it ends and settles its bytes in the same commit", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  expect(await pipeline.offer(printBytes("s1", 0, "sale 1|"))).toEqual({ status: "recorded" });
  expect(pipeline.kinds()).toEqual(["transaction"]);
  expect(pipeline.ledger.pending()).toEqual([]);
});

test("has bytes on disk when it says so, before anything is understood", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  expect(await pipeline.offer(printBytes("s1", 0, "sal"))).toEqual({ status: "recorded" });
  expect(pipeline.kinds()).toEqual([]);
  expect(pipeline.ledger.pending()).toMatchObject([
    { chunks: [piece(asStreamId("s1"), 0, "sal")].map(({ offset }) => ({ offset })) },
  ]);
});

test("finishes at the next start what a kill interrupted, at every byte", async () => {
  const print = "sale 1|sale 2|sale 3|";
  for (let cut = 1; cut <= print.length; cut += 1) {
    using folder = new TempFolder();
    {
      const killed = await PipelineUnderTest.start(folder);
      for (let offset = 0; offset < cut; offset += 1)
        await killed.offer(printBytes("s1", offset, print.charAt(offset)));
      killed.kill();
    }
    await using pipeline = await PipelineUnderTest.start(folder);
    const whole = print.slice(0, cut).split("|");
    const rest = whole.pop();
    const expected = whole.map((text) => ["completed", text]);
    if (rest !== undefined && rest !== "") expected.push(["truncated", rest]);
    expect(pipeline.slips()).toEqual(expected);
    expect(pipeline.ledger.pending()).toEqual([]);
  }
});

test("goes on with a stream whose source outlives the agent, at every byte", async () => {
  const print = "ab|cd|";
  for (let cut = 1; cut < print.length; cut += 1) {
    using folder = new TempFolder();
    {
      const killed = await PipelineUnderTest.start(folder);
      await killed.offer(printBytes("s1", 0, print.slice(0, cut)));
      killed.kill();
    }
    await using pipeline = await PipelineUnderTest.start(folder, new ManualClock(), { outlives: true });
    const from = Math.max(0, cut - 3);
    expect(await pipeline.offer(printBytes("s1", from, print.slice(from)))).toEqual({ status: "recorded" });
    expect(pipeline.slips()).toEqual([
      ["completed", "ab"],
      ["completed", "cd"],
    ]);
    expect(pipeline.ledger.pending()).toEqual([]);
  }
});

test("flags what was left of a stream when its source does not come back", async () => {
  using folder = new TempFolder();
  {
    const killed = await PipelineUnderTest.start(folder);
    await killed.offer(printBytes("s1", 0, "sale 1|sal"));
    killed.kill();
  }
  const clock = new ManualClock();
  await using pipeline = await PipelineUnderTest.start(folder, clock, { outlives: true });
  expect(pipeline.slips()).toEqual([["completed", "sale 1"]]);
  await clock.advance(60_000);
  await pipeline.until(() => pipeline.slips().length === 2);
  expect(pipeline.slips()[1]).toEqual(["truncated", "sal"]);
});

test("takes a slip that is printed again for a repeat, not for a second sale", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  await pipeline.offer(printBytes("s1", 0, "sale 1|"));
  await pipeline.offer(printBytes("s2", 0, "sale 1|"));
  expect(pipeline.kinds()).toEqual(["transaction", "transaction.repeat"]);
  expect(pipeline.ledger.pending()).toEqual([]);
});

test("keeps two lines printing at once apart", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  const left = "sale 1|sale 2|";
  const right = "sale 8|sale 9|";
  for (let offset = 0; offset < left.length; offset += 1) {
    await Promise.all([
      pipeline.offer(printBytes("s1", offset, left.charAt(offset))),
      pipeline.offer(printBytes("s2", offset, right.charAt(offset))),
    ]);
  }
  expect(pipeline.slips().map(([, text]) => text)).toEqual(["sale 1", "sale 8", "sale 2", "sale 9"]);
});

test("refuses bytes when the disk is full, loses none, and goes on when there is room", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  await using pipeline = await PipelineUnderTest.start(folder, clock);
  pipeline.fillDisk();
  const bulk = "x".repeat(100_000);
  expect(await pipeline.offer(printBytes("s1", 0, bulk))).toEqual({ status: "refused", code: "LEDGER_UNWRITABLE" });
  pipeline.freeDisk();
  expect(await pipeline.offer(printBytes("s1", 0, bulk))).toEqual({ status: "recorded" });
  expect(await pipeline.offer(printBytes("s1", bulk.length, "|"))).toEqual({ status: "recorded" });
  expect(pipeline.slips()).toEqual([["completed", bulk]]);
});

test("answers the same bytes offered twice with duplicate and bytes from the future with a refusal", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  await pipeline.offer(printBytes("s1", 0, "sa"));
  expect(await pipeline.offer(printBytes("s1", 0, "sa"))).toEqual({ status: "duplicate" });
  expect(await pipeline.offer(printBytes("s1", 9, "le"))).toEqual({
    status: "refused",
    code: "CAPTURE_GAP",
    resumeAt: 2,
  });
  await pipeline.offer(printBytes("s1", 2, "le|"));
  expect(pipeline.slips()).toEqual([["completed", "sale"]]);
});

test("waits for a slow POS and gives up on a silent one", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  await using pipeline = await PipelineUnderTest.start(folder, clock);
  await pipeline.offer(printBytes("s1", 0, "sale 1"));
  await clock.advance(2000);
  await pipeline.settled();
  expect(pipeline.slips()).toEqual([]);
  await clock.advance(60_000);
  await pipeline.until(() => pipeline.slips().length === 1);
  expect(pipeline.slips()).toEqual([["truncated", "sale 1"]]);
  await pipeline.offer(printBytes("s1", 6, "sale 2|"));
  expect(pipeline.slips()).toEqual([
    ["truncated", "sale 1"],
    ["completed", "sale 2"],
  ]);
});

test("links a tap to the slip of its lane", async () => {
  using folder = new TempFolder();
  await using pipeline = await PipelineUnderTest.start(folder);
  expect(await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"))).toEqual({ status: "recorded" });
  await pipeline.offer(printBytes("s1", 0, "sale 1|"));
  expect(pipeline.kinds()).toEqual(["touch", "transaction", "link"]);
});

test("links a tap from before a restart, and does not link it again", async () => {
  using folder = new TempFolder();
  {
    const killed = await PipelineUnderTest.start(folder);
    await killed.offer(tap("r1", "04A1B2C3D4E5F6"));
    await killed.offer(printBytes("s1", 0, "sale 1"));
    killed.kill();
  }
  {
    const killed = await PipelineUnderTest.start(folder);
    await killed.offer(printBytes("s2", 0, "sale 2|"));
    expect(killed.kinds()).toEqual(["touch", "transaction", "transaction", "link"]);
    killed.kill();
  }
  await using pipeline = await PipelineUnderTest.start(folder);
  expect(pipeline.kinds()).toEqual(["touch", "transaction", "transaction", "link"]);
});

test("records a card that comes back within moments once", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  await using pipeline = await PipelineUnderTest.start(folder, clock);
  expect(await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"))).toEqual({ status: "recorded" });
  expect(await pipeline.offer(tap("r2", "04A1B2C3D4E5F6"))).toEqual({ status: "duplicate" });
  await clock.advance(4000);
  expect(await pipeline.offer(tap("r3", "04A1B2C3D4E5F6"))).toEqual({ status: "recorded" });
});

test("does not take a card left on its reader for the next shopper's when the reader comes back", async () => {
  using folder = new TempFolder();
  const clock = new ManualClock();
  await using pipeline = await PipelineUnderTest.start(folder, clock);
  await pipeline.offer(tap("r1", "04A1B2C3D4E5F6"));
  await pipeline.offer(printBytes("s1", 0, "sale 1|"));
  await clock.advance(60_000);
  expect(await pipeline.offer({ ...tap("r2", "04A1B2C3D4E5F6"), foundLying: true })).toEqual({ status: "duplicate" });
  expect(await pipeline.offer({ ...tap("r3", "04FFFFFFFFFFFF"), foundLying: true })).toEqual({ status: "recorded" });
  expect(pipeline.kinds()).toEqual(["touch", "transaction", "link", "touch"]);
});

test("lets no raw identifier reach the disk", async () => {
  using folder = new TempFolder();
  {
    await using pipeline = await PipelineUnderTest.start(folder);
    await pipeline.offer(tap("r1", "04A1B2C3D4E5F6", "https://shop.example/m/4711"));
    expect(pipeline.ledger.head().seq).toBe(asSeq(1));
  }
  const database = new Database(folder.file("ledger.db"));
  const rows = database.prepare<[], { bytes: Buffer }>("SELECT bytes FROM entry").all();
  database.close();
  const text = Buffer.concat(rows.map((row) => row.bytes)).toString();
  expect(text).toContain("nfc.uid");
  expect(text.toUpperCase()).not.toContain("04A1B2C3D4E5F6");
  expect(text).not.toContain("4711");
});
