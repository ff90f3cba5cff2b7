import { describe, expect, it } from "vitest";
import type { Entry } from "../../../agent/core/entry.ts";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Scan } from "../../../agent/core/observation.ts";
import type { ScannedCode } from "../../../agent/core/scanned-code.ts";
import { someInstant } from "../../support/entries.ts";
import { PipelineUnderTest, printBytes } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const seen = { deviceId: asDeviceId("till-5-scanner"), laneId: asLaneId("05"), at: someInstant };

const scan = (readingId: string, code: ScannedCode): Scan => ({
  kind: "scan",
  readingId,
  via: "hid-pos",
  symbology: "]E0",
  code,
  ...seen,
});

const entries = (pipeline: PipelineUnderTest): readonly Entry[] =>
  pipeline.ledger.latest(["scan", "touch", "link"], 100).toReversed();

describe("a scanned code", () => {
  it("of an article is a scan of its lane, as often as it is scanned", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    const code: ScannedCode = { kind: "gtin", gtin: "06901939621608" };
    expect(await pipeline.offer(scan("r1", code))).toEqual({ status: "recorded" });
    expect(await pipeline.offer(scan("r2", code))).toEqual({ status: "recorded" });
    expect(await pipeline.offer(scan("r2", code))).toEqual({ status: "duplicate" });
    expect(entries(pipeline)).toMatchObject([
      {
        kind: "scan",
        data: { laneId: "05", codeKind: "gtin", gtin: "06901939621608", evidence: [], symbology: "]E0" },
      },
      { kind: "scan", data: { readingId: "r2" } },
    ]);
  });

  it("of a member is a touch, and takes the sale of its lane", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    await pipeline.offer(scan("r1", { kind: "member", programme: "club", value: "4711-0815" }));
    await pipeline.offer(printBytes("s1", 0, "sale 1|"));
    await pipeline.settled();
    expect(entries(pipeline)).toMatchObject([
      { kind: "touch", data: { technology: "barcode", evidence: [{ type: "member.number", tier: "presented" }] } },
      { kind: "link", data: { state: "linked", tier: "presented" } },
    ]);
    expect(JSON.stringify(entries(pipeline))).not.toContain("4711");
  });

  it("of a voucher or of nothing known is kept as a token only, and takes no sale", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    await pipeline.offer(scan("r1", { kind: "voucher", value: "SECRET-1" }));
    await pipeline.offer(scan("r2", { kind: "other", value: "SECRET-2" }));
    await pipeline.offer(printBytes("s1", 0, "sale 1|"));
    await pipeline.settled();
    expect(entries(pipeline)).toMatchObject([
      { kind: "scan", data: { evidence: [{ type: "voucher" }] } },
      { kind: "scan", data: { evidence: [{ type: "code.other" }] } },
    ]);
    expect(JSON.stringify(entries(pipeline))).not.toContain("SECRET");
  });
});
