import { describe, expect, it } from "vitest";
import { asTestStreamId } from "../../../agent/core/ids.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { PipelineUnderTest, printBytes, tap } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const played = asTestStreamId("1");
const marks = (pipeline: PipelineUnderTest): (readonly [string, boolean])[] =>
  pipeline.ledger
    .latest(["transaction", "transaction.repeat", "touch", "link"], 100)
    .toReversed()
    .map(({ kind, data }) => [kind, "isTest" in data && data.isTest] as const);

describe("what a person plays", () => {
  it("is marked: the slip, the touch and their link", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    await pipeline.offer({ ...tap("r1", "04A1B2C3D4E5F6"), isTest: true });
    await pipeline.offer(printBytes(played, 0, "sale 1|"));
    await pipeline.settled();
    expect(marks(pipeline)).toEqual([
      ["touch", true],
      ["transaction", true],
      ["link", true],
    ]);
  });

  it("is marked when it is finished after a restart", async () => {
    using folder = new TempFolder();
    const killed = await PipelineUnderTest.start(folder);
    await killed.offer(printBytes(played, 0, "sale"));
    killed.kill();
    await using pipeline = await PipelineUnderTest.start(folder);
    expect(marks(pipeline)).toEqual([["transaction", true]]);
  });

  it("is never taken for the sale that it looks like, nor the sale for a repeat of it", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    await pipeline.offer(printBytes(played, 0, "sale 1|"));
    await pipeline.offer(printBytes("s1", 0, "sale 1|"));
    await pipeline.offer(printBytes(asTestStreamId("2"), 0, "sale 1|"));
    expect(marks(pipeline)).toEqual([
      ["transaction", true],
      ["transaction", false],
      ["transaction.repeat", true],
    ]);
  });

  it("goes with nothing that is real, whichever comes first", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    await pipeline.offer({ ...tap("r1", "04A1B2C3D4E5F6"), isTest: true });
    await pipeline.offer(printBytes("s1", 0, "sale 1|"));
    await pipeline.offer(printBytes(played, 0, "sale 2|"));
    await pipeline.offer(tap("r2", "04A1B2C3D4E5F7"));
    await pipeline.settled();
    const links = pipeline.ledger.latest(["link"], 10).map(({ kind, data }) => (kind === "link" ? data.isTest : "?"));
    // Newest first: the real tap takes the real sale, the played one the played sale.
    expect(links).toEqual([undefined, true]);
  });

  it("does not stand in for the card that it looks like, right after it or when the reader comes back", async () => {
    using folder = new TempFolder();
    const clock = new ManualClock();
    await using pipeline = await PipelineUnderTest.start(folder, clock);
    const card = "04A1B2C3D4E5F6";
    await pipeline.offer({ ...tap("r1", card), isTest: true });
    expect(await pipeline.offer(tap("r2", card))).toEqual({ status: "recorded" });
    await pipeline.offer({ ...tap("r3", "04A1B2C3D4E5F7"), isTest: true });
    await clock.advance(60_000);
    expect(await pipeline.offer({ ...tap("r4", card), foundLying: true })).toEqual({ status: "duplicate" });
    expect(marks(pipeline)).toEqual([
      ["touch", true],
      ["touch", false],
      ["touch", true],
    ]);
  });
});
