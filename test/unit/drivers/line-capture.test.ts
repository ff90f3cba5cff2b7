import { expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Outcome } from "../../../agent/core/observation.ts";
import { newLineCapture } from "../../../drivers/line-capture.ts";
import { LineHealth } from "../../../drivers/line-health.ts";
import { LogLines } from "../../support/log-lines.ts";
import { ManualClock } from "../../support/manual-clock.ts";

it("shows a line as well again when what was refused is recorded, though the ledger was another one by then", async () => {
  const clock = new ManualClock();
  const health = new LineHealth(clock);
  health.up("listening");
  const answers: Outcome[] = [
    { status: "refused", code: "LEDGER_UNWRITABLE" },
    { status: "refused", code: "CAPTURE_GAP", resumeAt: 0 },
  ];
  const capture = newLineCapture({
    deviceId: asDeviceId("till-5-printer"),
    laneId: asLaneId("05"),
    offer: () => Promise.resolve(answers.shift() ?? { status: "recorded" }),
    clock,
    logger: new LogLines(),
    health,
    giveUp: new AbortController().signal,
  });
  const first = capture.streamId;
  capture.push(Buffer.from("receipt"));
  await clock.advance(50);
  expect(health.current).toMatchObject({ state: "down", code: "PRINT_NOT_RECORDED" });
  await clock.advance(5_000);
  expect(capture.streamId).not.toBe(first);
  expect(capture.unrecordedBytes).toBe(0);
  expect(health.current.state).toBe("up");
});
