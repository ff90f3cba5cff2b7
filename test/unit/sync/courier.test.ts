import { describe, expect, it } from "vitest";
import { MemoryLedger } from "../../support/memory-ledger.ts";
import { touchDraft } from "../../support/entries.ts";
import { alarms, keysUpTo, RunningCourier } from "../../support/running-courier.ts";

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

  it("raises no alarm and sends nothing, however long there is nothing to ship, and then goes on with the whole window", async () => {
    await using running = new RunningCourier({ entries: 3, tuning: { batchEntries: 1 } });
    await running.untilShipped();
    for (let minute = 0; minute < 60; minute += 1) await running.clock.advance(60_000);
    expect(running.cloud.batches).toHaveLength(3);
    running.cloud.holding = true;
    running.append(9);
    await running.settle();
    expect(running.cloud.untaken).toBe(8);
    expect(alarms(running)).toEqual([]);
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
    // At once: no timeout passes.
    await again.settle();
    expect(again.keys).toEqual([...keysUpTo(9), "key-1"]);
    expect(again.cloud.batches.map((batch) => batch.firstSeq)).toEqual([1, 5]);
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

  it("says when it is gone, and hands nothing over until the next", async () => {
    let handed = 0;
    await using running = new RunningCourier({
      script(step) {
        if (step === "batch") handed += 1;
        return undefined;
      },
    });
    await running.settle();
    running.cloud.disconnect();
    await running.settle();
    running.append(3);
    await running.settle();
    expect(handed).toBe(0);
    await running.untilShipped();
    expect(running.keys).toEqual(keysUpTo(3));
    const states = running.events.flatMap((event) => (event.type === "uplink" ? [event.state] : []));
    expect(states).toEqual(["connected", "disconnected", "connected"]);
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
  it("says so after the third timeout, and not after the second", async () => {
    await using running = new RunningCourier({ tuning: { ackTimeoutMs: 8000 } });
    await running.settle();
    running.cloud.receiverDown = true;
    running.append(1);
    await running.settle();
    // Each is twice as long as the one before, and of each three quarters, as the test draws.
    for (const ms of [6000, 12_000, 24_000]) {
      await running.clock.advance(ms - 1);
      await running.settle();
      expect(alarms(running)).toEqual([]);
      await running.clock.advance(1);
      await running.settle();
    }
    expect(alarms(running)).toEqual(["SYNC_RECEIVER_SILENT raised"]);
  });

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

  it("resends once more when the same gap is told a second later: that is about what was sent again", async () => {
    await using running = await eightUnderWay();
    for (const pauseMs of [0, 999, 1]) {
      await running.clock.advance(pauseMs);
      running.cloud.say({ status: "gap", ...running.cloud.markAt(6) });
      await running.settle();
    }
    expect(running.cloud.batches.slice(8).map((batch) => batch.firstSeq)).toEqual([7, 8, 7, 8]);
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
