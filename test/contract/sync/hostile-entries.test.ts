import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database, Row } from "../../../sync/receiver/database.ts";
import { EntryStore } from "../../../sync/receiver/entry-store.ts";
import { databasesUnderTest, type OpenedDatabase } from "../../support/receiver-databases.ts";
import { someSale, WireLedger } from "../../support/wire-ledger.ts";

describe.each(databasesUnderTest)("the entry store on $title, sent what no agent sends,", ({ available, open }) => {
  let opened: OpenedDatabase;
  let database: Database;
  let store: EntryStore;

  beforeAll(async () => {
    if (!available) return;
    opened = await open();
    database = opened.database;
    store = new EntryStore(database);
  }, 60_000);

  afterAll(async () => {
    if (available) await opened[Symbol.asyncDispose]();
  });

  const newLedger = (): WireLedger => new WireLedger(`agent-${randomUUID()}`);

  const ask = (text: string, ...parameters: readonly unknown[]): Promise<readonly Row[]> =>
    database.transaction((sql) => sql.query(text, parameters));

  const flagsOf = async ({ agent }: WireLedger): Promise<readonly unknown[]> =>
    (await ask("SELECT flag FROM entries WHERE agent = $1 ORDER BY seq", agent)).map((row) => row["flag"]);

  /** Puts a text into the last line in the place of another, as it stands in JSON. */
  const rewrite = (ledger: WireLedger, from: string, to: string): void => {
    const line = Buffer.from(ledger.lines.at(-1)!)
      .toString()
      .replace(from, () => to);
    ledger.lines[ledger.lines.length - 1] = Buffer.from(line);
  };

  const storeAll = (ledger: WireLedger) => store.accept(ledger.agent, [ledger.batch(1, ledger.lines.length)]);

  describe.skipIf(!available)("works on when it", () => {
    it.each([
      ["halves of surrogate pairs", String.raw`\udc00`],
      ["NUL characters", String.raw`\u0000`],
      ["surrogate pairs before a NUL", String.raw`\ud83c\udf4e`],
    ])(
      "is a long text of %s: the time grows with the length, not with its square",
      async (_, escape) => {
        const ledger = newLedger();
        const id = ledger.add("transaction", { ...someSale, operatorId: "LONG" });
        rewrite(ledger, "LONG", `${escape.repeat(100_000)}${String.raw`\u0000`}`);
        await storeAll(ledger);
        expect(await flagsOf(ledger)).toEqual([null]);
        const rows = await ask("SELECT length(operator_id) FROM transactions WHERE transaction_id = $1", id);
        expect(rows).toEqual([{ length: 100_001 }]);
      },
      20_000,
    );

    it("has escaped backslashes before what looks like an escape", async () => {
      const ledger = newLedger();
      const id = ledger.add("transaction", { ...someSale, operatorId: "ODD" });
      rewrite(ledger, "ODD", String.raw`\u0000 \\u0000 \\\u0000 \\ud800 \ud83c\ud83c\udf4e \udf4e\n\"\\`);
      await storeAll(ledger);
      const rows = await ask("SELECT operator_id FROM transactions WHERE transaction_id = $1", id);
      const expected = '\ufffd \\u0000 \\\ufffd \\ud800 \ufffd\u{1f34e} \ufffd\n"\\';
      expect(rows).toEqual([{ operator_id: expected }]);
    });

    it("is nested beyond all measure beside its data", async () => {
      const ledger = newLedger();
      ledger.add("transaction", someSale);
      ledger.add("transaction", someSale);
      const deep = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
      rewrite(ledger, '"specversion"', `"deep":${deep},"specversion"`);
      ledger.add("weather", {});
      rewrite(ledger, '"specversion"', `"deep":${deep},"specversion"`);
      ledger.add("transaction", someSale);
      expect(await storeAll(ledger)).toMatchObject({ status: "ok", seq: 4 });
      expect(await flagsOf(ledger)).toEqual([null, "projection-failed", "unknown-kind", null]);
      expect(await ask("SELECT FROM transactions WHERE agent = $1", ledger.agent)).toHaveLength(2);
    });

    it.each(["NaN", "Infinity", "-Infinity"])("has a quantity of %s, which would spoil every sum", async (quantity) => {
      const ledger = newLedger();
      ledger.add("transaction", { ...someSale, lineItems: [{ ...someSale.lineItems[0], quantity }] });
      await storeAll(ledger);
      expect(await flagsOf(ledger)).toEqual(["projection-failed"]);
    });
  });

  describe.skipIf(!available)("tells what no table shows:", () => {
    it("a key that comes twice in one batch", async () => {
      const ledger = newLedger();
      ledger.add("transaction", someSale, "sale-1");
      ledger.add("transaction", someSale, "sale-1");
      ledger.add("transaction", someSale, "sale-2");
      await storeAll(ledger);
      expect(await flagsOf(ledger)).toEqual([null, "repeated", null]);
      expect(await ask("SELECT FROM transactions WHERE agent = $1", ledger.agent)).toHaveLength(2);
    });

    it("another fact under an id that is taken, by the same agent or another", async () => {
      const [first, second] = [newLedger(), newLedger()];
      const id = first.add("transaction", someSale, "sale-1");
      const other = first.add("transaction", someSale, "sale-2");
      rewrite(first, other, id);
      await storeAll(first);
      const foreign = second.add("transaction", someSale, "sale-1");
      rewrite(second, foreign, id);
      await storeAll(second);
      expect(await flagsOf(first)).toEqual([null, "id-taken"]);
      expect(await flagsOf(second)).toEqual(["id-taken"]);
      const rows = await ask("SELECT agent, idempotency_key FROM transactions WHERE transaction_id = $1", id);
      expect(rows).toEqual([{ agent: first.agent, idempotency_key: "sale-1" }]);
    });

    it("an amendment that has the id of another agent's reading, whose lines stay as they are", async () => {
      const [first, second] = [newLedger(), newLedger()];
      const id = first.add("transaction", someSale);
      await storeAll(first);
      const own = second.add("transaction", someSale);
      const amendment = { ...someSale, lineItems: [], transactionEntryId: own, amendment: 1 };
      const amended = second.add("transaction.amended", amendment);
      rewrite(second, amended, id);
      await storeAll(second);
      const lines = "SELECT count(*)::integer AS lines FROM line_items WHERE transaction_id = $1";
      expect(await ask(lines, id)).toEqual([{ lines: 4 }]);
    });
  });

  it.skipIf(!available)(
    "asks again for a batch that came too early, when the one it waited for came with it",
    async () => {
      const ledger = newLedger();
      for (let n = 0; n < 6; n += 1) ledger.add("transaction", someSale);
      const lot = [ledger.batch(1, 2), ledger.batch(5, 6), ledger.batch(3, 4)] as const;
      expect(await store.accept(ledger.agent, lot)).toMatchObject({ status: "gap", seq: 4 });
      const filled = [ledger.batch(6, 6), ledger.batch(5, 6)] as const;
      expect(await store.accept(ledger.agent, filled)).toMatchObject({ status: "ok", seq: 6 });
    },
  );

  it.skipIf(!available)("tells of a ledger that begins anew under the name of an agent that had one", async () => {
    const [first, second] = [newLedger(), newLedger()];
    first.add("transaction", someSale);
    await storeAll(first);
    const anew = first.copy(0);
    anew.beginEpoch(0);
    anew.add("transaction", someSale);
    await storeAll(anew);
    second.add("transaction", someSale);
    await storeAll(second);
    const alarms = "SELECT agent, epoch, kind, detail FROM alarms WHERE agent IN ($1, $2)";
    const detail = `from entry 1, after entry 1 of epoch ${first.epoch.epoch}`;
    expect(await ask(alarms, first.agent, second.agent)).toEqual([
      { agent: first.agent, epoch: anew.epoch.epoch, kind: "epoch-begun", detail },
    ]);
  });

  it.skipIf(!available)("knows a test by its mark, however the agent writes JSON", async () => {
    const ledger = newLedger();
    const ids = [ledger.add("transaction", { ...someSale, isTest: true })];
    ids.push(ledger.add("transaction", { ...someSale, isTest: true }));
    rewrite(ledger, '"isTest":true', '"isTest" : true');
    await storeAll(ledger);
    const rows = await ask("SELECT entry_id FROM test_entries WHERE agent = $1 ORDER BY seq", ledger.agent);
    expect(rows.map((row) => row["entry_id"])).toEqual(ids);
    expect(await ask("SELECT FROM transactions WHERE agent = $1", ledger.agent)).toEqual([]);
  });

  it.skipIf(!available)("stores nothing while a table is not there, and blames no entry for it", async () => {
    const ledger = newLedger();
    ledger.add("transaction", someSale);
    await database.transaction((sql) => sql.script("ALTER TABLE tenders RENAME TO tenders_away"));
    await expect(storeAll(ledger)).rejects.toMatchObject({ code: "42P01" });
    expect(await flagsOf(ledger)).toEqual([]);
    await database.transaction((sql) => sql.script("ALTER TABLE tenders_away RENAME TO tenders"));
    expect(await storeAll(ledger)).toMatchObject({ status: "ok", seq: 1 });
    expect(await flagsOf(ledger)).toEqual([null]);
  });

  it.skipIf(!available)("keeps the moment since when an agent is gone when it is told again", async () => {
    const { agent } = newLedger();
    const since = "SELECT state_at FROM agents WHERE agent = $1";
    await store.heard({ state: "offline", agent }, false);
    const before = await ask(since, agent);
    await store.heard({ state: "offline", agent }, true);
    expect(await ask(since, agent)).toEqual(before);
    await store.heard({ state: "offline", agent }, false);
    expect(await ask(since, agent)).not.toEqual(before);
  });
});
