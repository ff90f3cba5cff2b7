import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { entrySeal } from "../../agent/entry-seal.ts";
import { asEntryId, asSeq } from "../../agent/core/ids.ts";
import type { Draft } from "../../agent/core/entry.ts";
import { SqliteLedger } from "../../agent/ledger/sqlite-ledger.ts";
import { amendmentKey } from "../../agent/pipeline/amendments.ts";
import { ReceiptQueries } from "../../agent/receipt-queries.ts";
import { someInstant, touchDraft } from "../support/entries.ts";
import { scriptedReceipt } from "../support/scripted-source.ts";
import { TempFolder } from "../support/temp-folder.ts";

const patience = AbortSignal.timeout(60_000);

/** A recorded receipt with this number, or one that read so at first and was amended. */
function sale(id: string, sequenceNumber: string): Draft {
  const { seq: _seq, entryId: _entryId, recordedAtMs: _at, ...data } = scriptedReceipt({ sequenceNumber });
  return { id: asEntryId(id), kind: "transaction", key: `slip:${id}`, at: someInstant, data };
}

function amendment(of: string, sequenceNumber: string): Draft {
  const { seq: _seq, entryId: _entryId, recordedAtMs: _at, ...data } = scriptedReceipt({ sequenceNumber });
  const transactionEntryId = asEntryId(of);
  return {
    id: asEntryId(`${of}-amended`),
    kind: "transaction.amended",
    key: amendmentKey(transactionEntryId, 1),
    at: someInstant,
    data: { ...data, transactionEntryId, amendment: 1 },
  };
}

const touches = (from: number, count: number): readonly Draft[] =>
  Array.from({ length: count }, (_, n) => touchDraft(`touch-${from + n}`));

async function ledgerOf(folder: TempFolder, ...drafts: readonly Draft[]): Promise<SqliteLedger> {
  const ledger = SqliteLedger.open(folder.file("ledger.db"), entrySeal("0117-a"));
  await ledger.write({ drafts });
  return ledger;
}

describe("receipts in a ledger of years", () => {
  it("lets everybody else have a turn while it looks for a receipt that is not there", async () => {
    using folder = new TempFolder();
    using ledger = await ledgerOf(folder, ...Array.from({ length: 3000 }, (_, n) => sale(`sale-${n}`, `${n}`)));
    for (const key of [{ sequenceNumber: "none" }, { entryId: asEntryId("none") }]) {
      let turns = 0;
      const counting = new AbortController();
      const count = async (): Promise<void> => {
        for (; !counting.signal.aborted; turns += 1) await nextTurn();
      };
      const counted = count();
      expect(await new ReceiptQueries(ledger).find(key, patience)).toBeUndefined();
      counting.abort();
      await counted;
      expect(turns).toBeGreaterThan(4);
    }
  });

  it("stops looking when nobody waits any more", async () => {
    using folder = new TempFolder();
    using ledger = await ledgerOf(folder, ...touches(0, 2000));
    const gone = new AbortController();
    const looking = new ReceiptQueries(ledger).find({ sequenceNumber: "none" }, gone.signal);
    gone.abort(new Error("hung up"));
    await expect(looking).rejects.toThrow("hung up");
  });

  it("finds a receipt by its number, its entry and its place, however much came after it", async () => {
    using folder = new TempFolder();
    using ledger = await ledgerOf(folder, ...touches(0, 700), sale("wanted", "0000042"), ...touches(700, 1300));
    const queries = new ReceiptQueries(ledger);
    for (const key of [{ sequenceNumber: "0000042" }, { entryId: asEntryId("wanted") }, { seq: asSeq(701) }])
      expect(await queries.find(key, patience)).toMatchObject({ entryId: "wanted", seq: 701 });
    expect(await queries.find({ seq: asSeq(702) }, patience)).toBeUndefined();
  });

  it("finds the newest receipt that reads so now, not the one that was amended last", async () => {
    using folder = new TempFolder();
    using ledger = await ledgerOf(
      folder,
      sale("old", "0000001"),
      ...touches(0, 600),
      sale("misread", "0000009"),
      ...touches(600, 600),
      sale("newest", "0000042"),
      amendment("old", "0000042"),
      amendment("misread", "0000010"),
    );
    const queries = new ReceiptQueries(ledger);
    const idOf = async (sequenceNumber: string) => (await queries.find({ sequenceNumber }, patience))?.entryId;
    expect(await idOf("0000042")).toBe("newest");
    expect(await idOf("0000010")).toBe("misread");
    expect(await idOf("0000009")).toBeUndefined();
    expect(await idOf("0000001")).toBeUndefined();
  });

  it("finds one of many that were amended to have the same number", async () => {
    using folder = new TempFolder();
    const numbers = Array.from({ length: 50 }, (_, n) => `sale-${n}`);
    const sales = numbers.map((id) => sale(id, id));
    const amendments = numbers.map((id, n) => amendment(id, n === 3 ? "0000042" : `changed-${n}`));
    using ledger = await ledgerOf(folder, ...sales, ...touches(0, 600), ...amendments);
    // Those with many hits are gone through one by one.
    await ledger.write({ drafts: numbers.map((id) => touchDraft(`of-${id}`, "0000042")) });
    const queries = new ReceiptQueries(ledger);
    expect(await queries.find({ sequenceNumber: "0000042" }, patience)).toMatchObject({ entryId: "sale-3" });
  });

  it("lists the newest receipts in order, however much lies between them", async () => {
    using folder = new TempFolder();
    const many = Array.from({ length: 120 }, (_, n) => sale(`many-${n}`, `${n}`));
    using ledger = await ledgerOf(folder, sale("first", "1"), ...touches(0, 1500), ...many, ...touches(1500, 600));
    const queries = new ReceiptQueries(ledger);
    const all = await queries.list({ limit: 500 }, patience);
    expect(all.map(({ entryId }) => entryId)).toEqual([...many.map(({ id }) => id).toReversed(), "first"]);
    const page = await queries.list({ limit: 70, before: all[9]?.seq ?? asSeq(0) }, patience);
    expect(page.map(({ seq }) => seq)).toEqual(all.slice(10, 80).map(({ seq }) => seq));
  });
});
