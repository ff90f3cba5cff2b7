import { expect, test } from "vitest";
import { Stage } from "../support/stage.ts";

test("a busy morning reaches the embedded cloud whole, every tap with the receipt it belongs to", async () => {
  await using stage = await Stage.start();
  const { exitCode, summary } = await stage.summary();
  expect(summary, stage.tail).toMatchObject({ missing: 0, duplicates: 0 });
  expect(summary.printed).toBeGreaterThanOrEqual(60);
  expect(summary.recorded).toBe(summary.printed);
  expect(summary.taps).toBeGreaterThanOrEqual(20);
  expect(summary.linked).toBe(summary.taps);
  expect(exitCode).toBe(0);
});
