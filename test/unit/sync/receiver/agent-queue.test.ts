import { describe, expect, it } from "vitest";
import { AgentQueue, batchArrival, type Arrival } from "../../../../sync/receiver/agent-queue.ts";
import { WireLedger } from "../../../support/wire-ledger.ts";

function ledgerOf(entries: number): WireLedger {
  const ledger = new WireLedger("a");
  for (let n = 0; n < entries; n += 1) ledger.add("touch", {});
  return ledger;
}

const batchOf = (ledger: WireLedger, seq: number, bytes = 100): Arrival => ({
  type: "batch",
  batch: ledger.batch(seq, seq),
  bytes,
});

/** First sequence numbers of the batches of every lot, in order. */
function drain(queue: AgentQueue): readonly unknown[] {
  const lots: unknown[] = [];
  for (let lot = queue.take(); lot !== undefined; lot = queue.take()) {
    lots.push(lot.type === "batches" ? lot.batches.map((batch) => batch.firstSeq) : lot.type);
    queue.done();
  }
  return lots;
}

describe("an agent's queue", () => {
  it("puts consecutive batches of one epoch into one lot, and nothing else", () => {
    const ledger = ledgerOf(5);
    const other = ledger.copy();
    other.beginEpoch(2);
    const queue = new AgentQueue();
    for (const seq of [1, 2, 3]) queue.add(batchOf(ledger, seq));
    queue.add({ type: "state", state: { state: "offline", agent: "a" }, retained: false });
    queue.add(batchOf(ledger, 4));
    for (const seq of [3, 4]) queue.add(batchOf(other, seq));
    expect(drain(queue)).toEqual([[1, 2, 3], "state", [4], [3, 4]]);
    expect(queue.isEmpty).toBe(true);
  });

  it("gives the same lot again until it is done, so that a failed commit is tried again", () => {
    const ledger = ledgerOf(2);
    const queue = new AgentQueue();
    queue.add(batchOf(ledger, 1));
    const lot = queue.take();
    queue.add(batchOf(ledger, 2));
    expect(queue.take()).toBe(lot);
    expect(queue.isEmpty).toBe(false);
  });

  it("bounds a lot by number and by bytes", () => {
    const ledger = ledgerOf(40);
    const queue = new AgentQueue();
    for (let seq = 1; seq <= 20; seq += 1) queue.add(batchOf(ledger, seq));
    for (let seq = 21; seq <= 24; seq += 1) queue.add(batchOf(ledger, seq, 2 * 1024 * 1024));
    expect(drain(queue).map((lot) => (lot as unknown[]).length)).toEqual([16, 5, 2, 1]);
  });

  it("takes no more than an agent may send ahead, and then again", () => {
    const ledger = ledgerOf(1);
    const queue = new AgentQueue();
    const taken = Array.from({ length: 70 }, () => queue.add(batchOf(ledger, 1))).filter(Boolean);
    expect(taken).toHaveLength(64);
    queue.take();
    expect(queue.add(batchOf(ledger, 1))).toBe(true);
  });

  it("takes no more of the memory than is one agent's part, and counts what short entries cost", () => {
    const ledger = ledgerOf(1);
    const queue = new AgentQueue();
    const longest = batchOf(ledger, 1, 16 * 1024 * 1024);
    expect([queue.add(longest), queue.add(longest), queue.add(longest)]).toEqual([true, true, false]);
    queue.take();
    expect(queue.add(longest)).toBe(false);
    queue.done();
    expect(queue.add(longest)).toBe(true);

    const short = ledgerOf(0);
    for (let n = 0; n < 1000; n += 1) short.addLine(new Uint8Array(0));
    const arrival = batchArrival(short.batch(1, 1000), 1000);
    expect(arrival).toMatchObject({ type: "batch", bytes: 401_000 });
  });
});
