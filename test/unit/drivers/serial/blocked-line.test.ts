import { describe, expect, it } from "vitest";
import { watchBlocked } from "../../../../drivers/serial/blocked-line.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

/** A line of 1200 baud, a hundred bytes a second, that a test writes to and takes from. */
async function start() {
  const clock = new ManualClock();
  const stop = new AbortController();
  const line = { waiting: 0, takenAtMs: clock.monotonic() };
  const told: boolean[] = [];
  const written = { waitingBytes: () => line.waiting, takenAtMs: () => line.takenAtMs, baudRate: 1_200 };
  const watching = watchBlocked(written, (isBlocked) => told.push(isBlocked), clock, stop.signal);
  const take = (bytes: number): void => {
    line.waiting -= bytes;
    line.takenAtMs = clock.monotonic();
  };
  const end = async (): Promise<void> => {
    stop.abort();
    await watching;
  };
  return { clock, line, told, take, end };
}

describe("a line that is written to", () => {
  it("is not blocked while nothing waits, however long nobody took anything", async () => {
    const { clock, told, end } = await start();
    await clock.advance(3_600_000);
    expect(told).toEqual([]);
    await end();
  });

  it("is not blocked while it needs the time for its bytes, or takes some of them now and then", async () => {
    const { clock, line, told, take, end } = await start();
    line.waiting = 3_000;
    await clock.advance(34_000);
    expect(told).toEqual([]);
    take(100);
    for (let round = 0; round < 20; round += 1) {
      await clock.advance(5_000);
      take(100);
    }
    expect(told).toEqual([]);
    await end();
  });

  it("is blocked when it took nothing for longer, and no more once it takes something", async () => {
    const { clock, line, told, take, end } = await start();
    line.waiting = 100;
    await clock.advance(5_500);
    expect(told).toEqual([]);
    await clock.advance(1_500);
    expect(told).toEqual([true]);
    take(50);
    await clock.advance(1_000);
    expect(told).toEqual([true, false]);
    await end();
  });
});
