import { expect, test } from "vitest";
import { LiveFeed } from "../../agent/control/live-feed.ts";
import { asDeviceId, asLaneId } from "../../agent/core/ids.ts";
import type { LiveEvent } from "../../agent/core/live-event.ts";
import { LiveReporter } from "../../agent/live-reporter.ts";
import { ManualClock } from "../support/manual-clock.ts";

test("tells what a person plays from what a device saw", () => {
  const feed = new LiveFeed();
  const clock = new ManualClock();
  const reporter = new LiveReporter(feed, clock);
  const events: LiveEvent[] = [];
  feed.watch((event) => events.push(event));
  const place = { deviceId: asDeviceId("reader"), laneId: asLaneId("05"), at: clock.now() };
  const tap = { kind: "nfc-tap", ...place, readingId: "r", uid: "04A1B2C3", technology: "ntag213", ndef: [] } as const;
  reporter.seen(tap);
  reporter.seen({ ...tap, isTest: true });
  expect(events[0]).not.toHaveProperty("isTest");
  expect(events[1]).toMatchObject({ type: "seen", what: "nfc-tap", isTest: true });
});
