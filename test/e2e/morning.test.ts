import { expect, test } from "vitest";
import { missingForVirtualHid } from "../../drivers/hid/virtual/virtual-hid.ts";
import { Stage } from "../support/stage.ts";

test("a busy morning reaches the embedded cloud whole, every tap with the receipt it belongs to", async () => {
  await using stage = await Stage.start();
  const { exitCode, summary } = await stage.summary();
  expect(summary, stage.tail).toMatchObject({ missing: 0, duplicates: 0 });
  expect(summary.printed).toBeGreaterThanOrEqual(60);
  expect(summary.recorded).toBe(summary.printed);
  expect(summary.taps).toBeGreaterThanOrEqual(20);
  expect(summary.linked).toBe(summary.taps);
  expect(summary.scans).toBeGreaterThanOrEqual(missingForVirtualHid() === undefined ? 40 : 0);
  expect(summary.visits).toBeGreaterThanOrEqual(8);
  const { scans: scansInCloud, visits: visitsInCloud } = summary;
  expect(summary, stage.tail).toMatchObject({ scansInCloud, visitsInCloud, strays: 0 });
  expect(exitCode).toBe(0);
});
