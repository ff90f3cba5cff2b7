import { describe, expect, it } from "vitest";
import type { SunMessage } from "../../../agent/core/credential.ts";
import type { NfcTap } from "../../../agent/core/observation.ts";
import { PipelineUnderTest, printBytes, tap } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const uid = "04A1B2C3D4E5F6";

const sun = (counter: number, more: Partial<SunMessage> = {}): SunMessage => ({
  type: "sun",
  keyName: "card",
  isAuthentic: true,
  uid,
  counter,
  ...more,
});

const proving = (readingId: string, message: SunMessage, more: Partial<NfcTap> = {}): NfcTap => ({
  ...tap(readingId, uid),
  technology: "ntag424",
  credentials: [message],
  ...more,
});

const touches = (pipeline: PipelineUnderTest): unknown[] =>
  pipeline.ledger
    .latest(["touch"], 100)
    .toReversed()
    .map(({ data }) => ("evidence" in data ? data.evidence.map(({ tier, doubt }) => doubt ?? tier) : []));

describe("a card that proves itself", () => {
  it("is recorded after the same card was read without its proof, and the proof counts once, over restarts", async () => {
    using folder = new TempFolder();
    {
      await using pipeline = await PipelineUnderTest.start(folder);
      await pipeline.offer(tap("r1", uid));
      expect(await pipeline.offer(proving("r2", sun(5)))).toEqual({ status: "recorded" });
      expect(touches(pipeline)).toEqual([["claimed"], ["proven", "claimed"]]);
    }
    await using pipeline = await PipelineUnderTest.start(folder);
    await pipeline.offer(proving("r3", sun(5)));
    expect(touches(pipeline).at(-1)).toEqual(["counter-replayed", "claimed"]);
  });

  it("is the same tap when it comes back at once, and that counter is used up too, over restarts", async () => {
    using folder = new TempFolder();
    {
      await using pipeline = await PipelineUnderTest.start(folder);
      await pipeline.offer(proving("r1", sun(5)));
      expect(await pipeline.offer(proving("r2", sun(6)))).toEqual({ status: "duplicate" });
    }
    await using pipeline = await PipelineUnderTest.start(folder);
    await pipeline.offer(proving("r3", sun(6)));
    expect(touches(pipeline)).toEqual([
      ["proven", "claimed"],
      ["counter-replayed", "claimed"],
    ]);
  });

  it("is not hidden by a doubt beside it, nor is the doubt by it", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    const live = { type: "ev2", keyName: "card", isAuthentic: true, uid } as const;
    await pipeline.offer(proving("r1", sun(5), { credentials: [live, sun(5)] }));
    await pipeline.offer(proving("r2", sun(5), { credentials: [live, sun(5)] }));
    expect(touches(pipeline)).toEqual([
      ["proven", "proven", "claimed"],
      ["proven", "counter-replayed", "claimed"],
    ]);
  });
});

describe("what is doubted", () => {
  it("takes no sale from the shopper who comes after it", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    const foreign = sun(0, { uid: "08A1B2C3", isAuthentic: false, fault: "picc-data-invalid" });
    await pipeline.offer(proving("r1", foreign, { uid: "08A1B2C3" }));
    await pipeline.offer(printBytes("s1", 0, "sale 1|"));
    await pipeline.offer(tap("r2", "04FFFFFFFFFFFF"));
    await pipeline.settled();
    const [honest] = pipeline.ledger.latest(["touch"], 1);
    expect(pipeline.ledger.latest(["link"], 9).map(({ data }) => data)).toMatchObject([
      { state: "linked", touchEntryId: honest?.id },
    ]);
  });
});
