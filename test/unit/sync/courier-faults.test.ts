import { describe, expect, it } from "vitest";
import type { Fault } from "../../../test/support/fake-cloud.ts";
import { keysUpTo, RunningCourier } from "../../support/running-courier.ts";

const tuning = { batchEntries: 3, window: 2, ahead: 4 };

/** Ships 30 entries, half of them appended on the way, with a fault at some messages; answers how many messages there were. */
async function expectShipped(faultAt: (message: number) => Fault | undefined): Promise<number> {
  let messages = 0;
  const script = (): Fault | undefined => {
    messages += 1;
    return faultAt(messages);
  };
  await using running = new RunningCourier({ script, tuning, entries: 15 });
  await running.until(() => running.ledger.watermark().seq >= 6);
  running.append(15);
  await running.untilShipped();
  expect(running.keys).toEqual(keysUpTo(30));
  expect(running.cloud.forks).toEqual([]);
  expect(running.events.filter((event) => event.type === "acknowledged").at(-1)).toMatchObject({ lastSeq: 30 });
  return messages;
}

const faults: readonly Fault[] = ["lost", "refused", "twice", "cut", "restart"];

describe("the courier, with the N-th message", () => {
  it.each(faults)("%s, for every N, ships everything once and in order", async (fault) => {
    let touched = true;
    for (let n = 1; touched; n += 1) {
      let reached = false;
      await expectShipped((message) => {
        if (message !== n) return undefined;
        reached = true;
        return fault;
      });
      touched = reached;
      expect(n).toBeLessThan(200);
    }
  });

  it.each(faults)("%s and every third after it, ships everything once and in order", async (fault) => {
    for (let n = 1; n <= 20; n += 1) {
      await expectShipped((message) => (message >= n && (message - n) % 3 === 0 && message < 60 ? fault : undefined));
    }
  });
});
