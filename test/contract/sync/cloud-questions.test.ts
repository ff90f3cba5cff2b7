import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../../sync/receiver/database.ts";
import { EntryStore } from "../../../sync/receiver/entry-store.ts";
import { databasesUnderTest, type OpenedDatabase } from "../../support/receiver-databases.ts";
import { asObjects } from "../../../sync/receiver/show-table.ts";
import { someSale, someTouch, WireLedger } from "../../support/wire-ledger.ts";

const document = readFileSync(new URL("../../../docs/cloud.md", import.meta.url), "utf8");

/** The statement of docs/cloud.md under the sentence that begins so. */
function question(beginning: string): string {
  const at = document.indexOf(`\n${beginning}`);
  const sql = /```sql\n(.*?)```/s.exec(document.slice(at))?.[1];
  if (at < 0 || sql === undefined) throw new Error(`docs/cloud.md has no question "${beginning}"`);
  return sql;
}

describe.each(databasesUnderTest)("what docs/cloud.md asks, on $title,", ({ available, open }) => {
  let opened: OpenedDatabase;
  let database: Database;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    if (!available) return;
    opened = await open();
    database = opened.database;
    await fill(new EntryStore(database), ids);
  }, 60_000);

  afterAll(async () => {
    if (available) await opened[Symbol.asyncDispose]();
  });

  const ask = async (text: string): Promise<readonly unknown[]> => asObjects(await database.readOnly(text));

  it.skipIf(!available)("counts a day's sales once, less its refunds, and nothing that is no business", async () => {
    const net = { currency_code: "CNY", currency_exponent: 2, net_minor: "15302", look_at: 1 };
    const yen = { currency_code: "JPY", currency_exponent: 0, sales: 1, refunds: 0, net_minor: "1000", look_at: 0 };
    expect(await ask(question("Sales of a day"))).toEqual([
      { retail_store_id: "0117", ...net, sales: 2, refunds: 2 },
      { retail_store_id: "0117", ...yen },
    ]);
  });

  it.skipIf(!available)("shows each line bought once, however many things a touch showed", async () => {
    const lines = await ask(question("Who bought what"));
    expect(lines.map((line) => (line as { description: string }).description)).toEqual(["牛奶 1L", "苹果", "Bread"]);
    expect(lines).toMatchObject(lines.map(() => ({ token: "member", tier: "presented" })));
  });

  it.skipIf(!available)("shows a receipt as it was printed, also when it was shipped twice", async () => {
    const text = question("The receipt as").replace(/entry_id = '[^']*'/, `entry_id = '${ids["sale"]}'`);
    expect(await ask(text)).toEqual([{ string_agg: "first\nsecond" }]);
  });

  it.skipIf(!available)("shows what a better reading changed", async () => {
    expect(await ask(question("What a better reading"))).toMatchObject([{ was: 500, total_minor: 501 }]);
  });

  it.skipIf(!available)("lists agents that were never seen online, and none as more than complete", async () => {
    expect(await ask(question("How far behind"))).toMatchObject([
      { agent: "store-1", state: "online", missing: 0 },
      { agent: "store-2", state: "offline", missing: null },
    ]);
  });

  it.skipIf(!available)("reads no table of sales or entries from end to end", async () => {
    if (database.kind !== "postgres") return;
    await database.transaction((sql) => sql.script(many));
    const questions = [...document.matchAll(/^```sql\n(.*?)^```$/gms)].flatMap(([, text = ""]) => text.split(/;\n/));
    for (const text of questions.filter((one) => one.trim() !== "")) {
      const plan = JSON.stringify((await database.readOnly(`EXPLAIN ${text}`)).rows);
      expect(plan, text).not.toMatch(/Seq Scan on (entries|transactions|line_items|touches|touch_evidence|links)/);
    }
  });

  it.skipIf(!available)("finds the entries of a batch by their place, of an agent without statistics too", async () => {
    const text =
      "EXPLAIN SELECT * FROM entries WHERE agent = 'new' AND epoch = 'e' AND seq BETWEEN 1 AND 100 AND kind = 'touch'";
    const plan = JSON.stringify((await database.readOnly(text)).rows);
    expect(plan).toContain("entries_pkey");
  });
});

async function fill(store: EntryStore, ids: Record<string, string>): Promise<void> {
  const ledger = new WireLedger("store-1");
  const sale = { ...someSale, lines: ["first", "second"] };
  ids["sale"] = ledger.add("transaction", sale, "sale");
  ledger.add("transaction.repeat", { transactionEntryId: ids["sale"] });
  ledger.add("transaction", { ...sale, kind: "copy", status: "duplicate" });
  ledger.add("transaction", { ...sale, kind: "training", status: "training" });
  ledger.add("transaction", { ...sale, kind: "void", status: "voided" });
  ledger.add("transaction", { ...sale, isTest: true });
  ledger.add("transaction", { ...sale, kind: "refund", totalMinor: 1500 });
  ledger.add("transaction", { ...sale, kind: "refund", totalMinor: -1600 });
  ledger.add("transaction", { ...sale, currencyCode: "JPY", currencyExponent: 0, totalMinor: 1000 });
  ledger.add("transaction", { ...sale, endDateTime: "2026-03-15T00:00:00" });
  const undated = {
    ...sale,
    endDateTime: undefined,
    reconciliation: { state: "unreconciled", reasons: ["NO_DATE_TIME"] },
  };
  ledger.add("transaction", undated);
  const evidence = [...someTouch.evidence, { type: "member", tier: "presented", token: "member", keyVersion: 1 }].map(
    (one) => (one.type === "member" ? one : { ...one, tier: "claimed" }),
  );
  const touch = ledger.add("touch", { ...someTouch, evidence });
  const link = {
    laneId: "05",
    transactionEntryId: ids["sale"],
    touchEntryId: touch,
    state: "linked",
    tier: "presented",
  };
  ledger.add("link", { ...link, candidateEntryIds: [touch], rule: "lane-window/1" });
  const other = { ...sale, endDateTime: "2026-03-20T00:00:00", totalMinor: 500 };
  const misread = ledger.add("transaction", other);
  ledger.add("transaction.amended", { ...other, totalMinor: 501, transactionEntryId: misread, amendment: 1 });
  const all = ledger.lines.length;
  await store.accept(ledger.agent, [ledger.batch(1, all)]);
  const birth = {
    state: "online",
    agent: ledger.agent,
    agentVersion: "1",
    watermark: { seq: 0, hash: ledger.hashAt(0) },
  } as const;
  ledger.beginEpoch(0);
  await store.heard({ ...birth, epoch: ledger.epoch, headSeq: 3 }, false);
  await store.accept(ledger.agent, [ledger.batch(1, all)]);
  await store.heard({ state: "offline", agent: "store-2" }, false);
}

/** What is in the tables of ten stores after a while, about: the planner looks at numbers, not at what is told. */
const many = `
  INSERT INTO entries (agent, epoch, seq, entry_id, kind, idempotency_key, occurred_at, clock_trusted, flag, hash, body)
    SELECT 'many-' || s % 10, 'e', s, 'id-' || s, 'transaction', s, now(), true,
      CASE WHEN s % 1000 = 0 THEN 'projection-failed' END, '', '{}' FROM generate_series(1, 100000) s;
  INSERT INTO transactions (transaction_id, agent, epoch, seq, idempotency_key, retail_store_id, kind, status, end_date_time,
      total_minor, line_count, reconciliation, reconciliation_reasons, profile, confidence, lane_id, device_id, occurred_at,
      clock_trusted, reading_id, reading_seq)
    SELECT 'id-' || s, 'many-' || s % 10, 'e', s, s, s % 10, 'sale', 'completed', timestamp '2026-01-01' + s * interval '1 minute',
      100, 1, CASE WHEN s % 100 = 0 THEN 'unreconciled' ELSE 'reconciled' END, '{}', 'p', 1, '1', 'd', now(), true,
      'id-' || s || CASE WHEN s % 500 = 0 THEN 'x' ELSE '' END, s FROM generate_series(1, 100000) s;
  INSERT INTO line_items (transaction_id, line_number, description, quantity, extended_amount_minor, voided)
    SELECT 'id-' || s, 1, 'a', 1, 100, false FROM generate_series(1, 100000) s;
  INSERT INTO touches SELECT 't-' || s, 'many', 'e', s, 't' || s, '1', 'd', 'r', 't', NULL, now(), true FROM generate_series(1, 100000) s;
  INSERT INTO touch_evidence (touch_id, evidence_number, evidence_type, tier, token, key_version, doubt)
    SELECT 't-' || s, 1, 'x', 'claimed', s, 1, CASE WHEN s % 500 = 0 THEN 'expired' END FROM generate_series(1, 100000) s;
  INSERT INTO links SELECT 'l-' || s, 'many', 'e', s, 'l' || s, '1', 'id-' || s, 't-' || s, 'linked', 'claimed', '{}', 'r', now()
    FROM generate_series(1, 100000) s;
  ANALYZE`;
