import { describe, expect, it } from "vitest";
import { LineHealth } from "../../../drivers/line-health.ts";
import { ManualClock } from "../../support/manual-clock.ts";

describe("line health", () => {
  it("keeps the time since when a state lasts, however often it is said again", async () => {
    const clock = new ManualClock(1_000);
    const health = new LineHealth(clock);
    expect(health.current).toEqual({ state: "starting", sinceMs: 1_000 });
    await clock.advance(10);
    expect(health.down("PRINT_PORT_IN_USE", "taken")).toBe(true);
    await clock.advance(10);
    expect(health.down("PRINT_PORT_IN_USE", "still taken")).toBe(false);
    expect(health.current).toEqual({ state: "down", code: "PRINT_PORT_IN_USE", detail: "still taken", sinceMs: 1_010 });
    health.up("listening");
    expect(health.current).toEqual({ state: "up", detail: "listening", sinceMs: 1_020 });
  });

  it("shows trouble with a stream while the line itself works, until the last is over", () => {
    const health = new LineHealth(new ManualClock());
    health.up("listening");
    expect(health.trouble("a", "PRINT_NOT_RECORDED", "7 bytes")).toBe(true);
    expect(health.trouble("a", "PRINT_NOT_RECORDED", "9 bytes")).toBe(false);
    health.trouble("b", "PRINT_NOT_RECORDED", "3 bytes");
    health.relieved("b");
    expect(health.current).toMatchObject({ state: "down", code: "PRINT_NOT_RECORDED", detail: "9 bytes" });
    health.relieved("a");
    health.relieved("never there");
    expect(health.current).toMatchObject({ state: "up", detail: "listening" });
  });

  it("shows a line that is down before any trouble on it", () => {
    const health = new LineHealth(new ManualClock());
    health.trouble("a", "PRINT_NOT_RECORDED", "7 bytes");
    health.down("SERIAL_PORT_LOST", "gone");
    expect(health.current).toMatchObject({ code: "SERIAL_PORT_LOST" });
  });
});
