import { describe, expect, it } from "vitest";
import { StoreloopError } from "../../../agent/core/errors.ts";
import { Courier } from "../../../sync/courier.ts";
import { FakeCloud } from "../../support/fake-cloud.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { MemoryLedger } from "../../support/memory-ledger.ts";
import { touchDraft } from "../../support/entries.ts";
import { alarms, keysUpTo, RunningCourier, silent } from "../../support/running-courier.ts";

describe("a courier that the receiver disagrees with", () => {
  /** A store whose data folder was restored from a copy made at entry 5, and lived on. */
  async function restoredFromACopy(): Promise<RunningCourier> {
    const before = new RunningCourier({ entries: 9, tuning: { batchEntries: 3 } });
    await before.untilShipped();
    await before[Symbol.asyncDispose]();
    const ledger = before.ledger.copiedAt(5, 5);
    ledger.append(...["other-6", "other-7"].map((key) => touchDraft(key)));
    return new RunningCourier({ after: before, ledger });
  }

  it("begins a new epoch after its own watermark and ships what the receiver has not seen", async () => {
    await using restored = await restoredFromACopy();
    // At once: the first fork waits for nothing.
    await restored.settle();
    expect(restored.ledger.watermark().seq).toBe(7);
    const { epoch, firstSeq } = restored.ledger.epoch();
    expect(firstSeq).toBe(6);
    const shipped = restored.cloud.stored.filter((entry) => entry.epoch === epoch);
    expect(shipped.map((entry) => entry.key)).toEqual(["other-6", "other-7"]);
    // Nothing that was stored has been overwritten.
    expect(restored.keys.slice(0, 9)).toEqual(keysUpTo(9));
    expect(alarms(restored)).toEqual(["SYNC_FORK raised"]);
  });

  it("takes a fork ack as such, and one of another epoch as nothing", async () => {
    await using running = new RunningCourier({ entries: 3 });
    await running.untilShipped();
    const before = running.ledger.epoch();
    running.cloud.say({ status: "fork", epoch: "another", seq: 1, hash: before.baseHash });
    expect(running.ledger.epoch()).toEqual(before);
    running.cloud.say({ status: "fork", epoch: before.epoch, seq: 1, hash: before.baseHash });
    expect(running.ledger.epoch()).toMatchObject({ firstSeq: 4, baseHash: running.ledger.head().hash });
  });

  it("does not make an epoch a round trip when the receiver never agrees", async () => {
    await using running = new RunningCourier({ entries: 3 });
    running.cloud.disagreeing = true;
    for (let minute = 0; minute < 60; minute += 1) {
      await running.clock.advance(60_000);
      await running.settle();
    }
    expect(running.cloud.forks.length).toBeGreaterThan(30);
    expect(running.cloud.forks.length).toBeLessThan(100);
  });
});

describe("a courier whose ledger refuses", () => {
  it("pauses and goes on when the ledger does", async () => {
    const ledger = new MemoryLedger();
    const read = ledger.read.bind(ledger);
    let refusing = true;
    ledger.read = (after, limit) => {
      if (refusing) throw new StoreloopError("LEDGER_UNWRITABLE", "disk full");
      return read(after, limit);
    };
    await using running = new RunningCourier({ ledger, entries: 3 });
    await running.clock.advance(60_000);
    expect(running.keys).toEqual([]);
    refusing = false;
    await running.untilShipped();
    expect(running.keys).toEqual(keysUpTo(3));
  });

  it("ends when an entry is not what was written", async () => {
    const ledger = new MemoryLedger();
    ledger.append(touchDraft("key-1"), touchDraft("key-2"));
    const read = ledger.read.bind(ledger);
    ledger.read = (after, limit) =>
      read(after, limit).map((entry) => (entry.seq === 2 ? { ...entry, bytes: Buffer.from("{}") } : entry));
    const clock = new ManualClock();
    const cloud = new FakeCloud(clock);
    const ran = new Courier({ ledger, uplink: cloud, clock, logger: silent }).run(new AbortController().signal);
    await expect(ran).rejects.toMatchObject({ code: "LEDGER_CORRUPT" });
    expect(ledger.watermark().seq).toBe(0);
  });
});
