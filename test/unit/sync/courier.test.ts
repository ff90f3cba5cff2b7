import { describe, expect, it } from "vitest";
import { StoreloopError } from "../../../agent/core/errors.ts";
import { Courier } from "../../../sync/courier.ts";
import { FakeCloud } from "../../support/fake-cloud.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { MemoryLedger } from "../../support/memory-ledger.ts";
import { touchDraft } from "../../support/entries.ts";
import { keysUpTo, RunningCourier, silent } from "../../support/running-courier.ts";

const alarms = (running: RunningCourier): readonly string[] =>
  running.events.flatMap((event) => (event.type === "alarm" ? [`${event.code} ${event.state}`] : []));

describe("a courier with nothing wrong", () => {
  it("sends an entry the moment it is appended, without any time passing", async () => {
    await using running = new RunningCourier();
    await running.settle();
    running.append(1);
    await running.settle();
    expect(running.keys).toEqual(["key-1"]);
    expect(running.ledger.watermark().seq).toBe(1);
  });

  it("tells what it sent and what was acknowledged", async () => {
    await using running = new RunningCourier({ entries: 5, tuning: { batchEntries: 3 } });
    await running.untilShipped();
    expect(running.events.filter((event) => event.type === "sent" || event.type === "acknowledged")).toMatchObject([
      { type: "sent", firstSeq: 1, lastSeq: 3, attempt: 1 },
      { type: "sent", firstSeq: 4, lastSeq: 5, attempt: 1 },
      { type: "acknowledged", firstSeq: 1, lastSeq: 3 },
      { type: "acknowledged", firstSeq: 4, lastSeq: 5 },
    ]);
  });

  it("keeps a batch below its limit of bytes, and sends a longer entry alone", async () => {
    const ledger = new MemoryLedger();
    ledger.append(
      ...["a", "b", "c"].map((key) => touchDraft(key)),
      touchDraft("long", "x".repeat(5000)),
      touchDraft("d"),
    );
    await using running = new RunningCourier({ ledger, tuning: { batchBytes: 1100 } });
    await running.untilShipped();
    expect(running.cloud.batches.map((batch) => batch.count)).toEqual([2, 1, 1, 1]);
  });

  it("hands the broker no more than a window, however long the backlog", async () => {
    await using running = new RunningCourier({ entries: 500, tuning: { batchEntries: 5, window: 8, ahead: 32 } });
    running.cloud.holding = true;
    await running.settle();
    expect(running.cloud.untaken).toBe(8);
  });

  it("runs no further ahead of the receiver than it may, however fast the broker", async () => {
    let acks = 0;
    await using running = new RunningCourier({
      entries: 500,
      tuning: { batchEntries: 5, window: 8, ahead: 12 },
      script(step) {
        if (step === "ack") acks += 1;
        return step === "ack" && acks > 1 ? "lost" : undefined;
      },
    });
    await running.settle();
    expect(running.cloud.batches).toHaveLength(12);
  });

  it("stops when it is told to, whatever it waits for", async () => {
    const running = new RunningCourier({ entries: 3 });
    running.cloud.receiverDown = true;
    await running.settle();
    await expect(running[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });
});

describe("a courier on a new connection", () => {
  it("resumes at the receiver's watermark when its own is older, and sends nothing twice", async () => {
    const before = new RunningCourier({ entries: 9, tuning: { batchEntries: 3 } });
    await before.untilShipped();
    await before[Symbol.asyncDispose]();
    // A crash before the last acknowledgements were written down.
    await using again = new RunningCourier({ after: before, ledger: before.ledger.copiedAt(9, 3) });
    await again.settle();
    expect(again.ledger.watermark().seq).toBe(9);
    expect(again.cloud.batches).toHaveLength(3);
  });

  it("goes back to where the receiver stands when that has lost data, and says so", async () => {
    const before = new RunningCourier({ entries: 9 });
    await before.untilShipped();
    await before[Symbol.asyncDispose]();
    before.cloud.setBack(4);
    await using again = new RunningCourier({ after: before, ledger: before.ledger });
    again.append(1);
    await again.untilShipped();
    expect(again.keys).toEqual([...keysUpTo(9), "key-1"]);
    expect(alarms(again)).toEqual(["SYNC_RECEIVER_BEHIND raised", "SYNC_RECEIVER_BEHIND cleared"]);
  });

  it("begins a new epoch when the receiver lacks what the ledger no longer keeps", async () => {
    const before = new RunningCourier({ entries: 9 });
    await before.untilShipped();
    await before[Symbol.asyncDispose]();
    before.cloud.setBack(4);
    before.ledger.forget(7);
    await using again = new RunningCourier({ after: before, ledger: before.ledger });
    again.append(1);
    await again.untilShipped();
    expect(again.ledger.epoch().firstSeq).toBe(10);
    expect(again.keys).toEqual([...keysUpTo(4), "key-1"]);
  });

  it("waits for the answer to its birth, but not for ever", async () => {
    let births = 0;
    await using running = new RunningCourier({
      entries: 3,
      script(step) {
        if (step === "birth") births += 1;
        return step === "birth" && births === 1 ? "lost" : undefined;
      },
    });
    await running.settle();
    expect(running.cloud.batches).toEqual([]);
    await running.untilShipped();
    expect(running.keys).toEqual(keysUpTo(3));
  });
});

describe("a courier whose receiver is silent", () => {
  it("sends one batch at a time, more and more seldom, and says so after a while", async () => {
    await using running = new RunningCourier({ entries: 500, tuning: { batchEntries: 5 } });
    await running.settle();
    running.cloud.receiverDown = true;
    running.append(500);
    await running.settle();
    const sentBefore = running.events.length;
    await running.until(() => alarms(running).length > 0);
    await running.clock.advance(600_000);
    const attempts = running.events.slice(sentBefore).filter((event) => event.type === "sent");
    expect(alarms(running)).toEqual(["SYNC_RECEIVER_SILENT raised"]);
    expect(attempts.length).toBeLessThan(20);
    expect(attempts.at(-1)?.firstSeq).toBe(501);
    expect(attempts.at(-1)?.attempt).toBeGreaterThan(3);
  });

  it("goes on at once, with the whole window, when the receiver is back", async () => {
    await using running = new RunningCourier({ entries: 500, tuning: { batchEntries: 5 } });
    running.cloud.receiverDown = true;
    await running.until(() => alarms(running).length > 0);
    running.cloud.restartReceiver();
    await running.settle();
    await running.settle();
    expect(running.ledger.watermark().seq).toBe(500);
    expect(alarms(running)).toEqual(["SYNC_RECEIVER_SILENT raised", "SYNC_RECEIVER_SILENT cleared"]);
  });
});

describe("a courier whose receiver is slow", () => {
  const tuning = { batchEntries: 1, ahead: 8, ackTimeoutMs: 10_000 };

  /** Eight entries sent and stored, nothing acknowledged; a second per batch has not passed yet. */
  async function eightUnderWay(): Promise<RunningCourier> {
    const running = new RunningCourier({ tuning });
    await running.settle();
    running.cloud.muted = true;
    running.append(8);
    await running.settle();
    expect(running.cloud.batches).toHaveLength(8);
    return running;
  }

  it("sends nothing again while acks keep coming, however long all of them take", async () => {
    await using running = await eightUnderWay();
    for (let seq = 1; seq <= 8; seq += 1) {
      await running.clock.advance(5000);
      running.cloud.say({ status: "ok", ...running.cloud.markAt(seq) });
      await running.settle();
    }
    expect(running.cloud.batches).toHaveLength(8);
    expect(running.ledger.watermark().seq).toBe(8);
  });

  it("does not go on sending again what a late ack covers", async () => {
    await using running = await eightUnderWay();
    await running.clock.advance(10_000);
    await running.settle();
    // The timeout has sent one batch again; the receiver was only slow.
    expect(running.cloud.batches).toHaveLength(9);
    running.cloud.say({ status: "ok", ...running.cloud.markAt(8) });
    running.append(1);
    await running.settle();
    expect(running.cloud.batches.slice(9).map((batch) => batch.firstSeq)).toEqual([9]);
  });

  it("takes a word that comes late for old news, even of entries the ledger no longer keeps", async () => {
    await using running = await eightUnderWay();
    running.cloud.say({ status: "ok", ...running.cloud.markAt(8) });
    running.ledger.forget(8);
    running.cloud.say({ status: "ok", ...running.cloud.markAt(3) });
    await running.settle();
    expect(alarms(running)).toEqual([]);
    expect(running.cloud.batches).toHaveLength(8);
  });

  it("answers a gap that is told once a batch with one resend", async () => {
    await using running = await eightUnderWay();
    for (let told = 0; told < 5; told += 1) {
      running.cloud.say({ status: "gap", ...running.cloud.markAt(3) });
      await running.settle();
    }
    expect(running.cloud.batches.slice(8).map((batch) => batch.firstSeq)).toEqual([4, 5, 6, 7, 8]);
  });

  it("hands over again, after a pause and before any timeout, what the broker would not take", async () => {
    let refused = false;
    await using running = new RunningCourier({
      entries: 1,
      script(step) {
        const fault = step === "batch" && !refused ? "refused" : undefined;
        refused ||= step === "batch";
        return fault;
      },
    });
    await running.settle();
    expect(running.keys).toEqual([]);
    await running.clock.advance(1000);
    await running.settle();
    expect(running.keys).toEqual(keysUpTo(1));
  });
});

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
    await restored.untilShipped();
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
