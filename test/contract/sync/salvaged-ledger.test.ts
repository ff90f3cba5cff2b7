import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { asEntryId, asSeq } from "../../../agent/core/ids.ts";
import type { Draft } from "../../../agent/core/entry.ts";
import { entrySeal } from "../../../agent/entry-seal.ts";
import { openOrSalvage } from "../../../agent/ledger/salvage.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { encodeBatch, parseBatch } from "../../../sync/protocol/batch.ts";
import type { Database } from "../../../sync/receiver/database.ts";
import { EntryStore } from "../../../sync/receiver/entry-store.ts";
import { someInstant } from "../../support/entries.ts";
import { databasesUnderTest } from "../../support/receiver-databases.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { someSale } from "../../support/wire-ledger.ts";

const pageSize = 8192;

describe.each(databasesUnderTest)("a salvaged ledger shipped to $title", ({ available, open }) => {
  it.skipIf(!available).for([
    { title: "in what the receiver has", lostSale: 10, acked: 40 },
    { title: "after what the receiver has", lostSale: 50, acked: 40 },
  ])("with a hole $title: every sale once, in an epoch that joins on", { timeout: 60_000 }, async (scene) => {
    await using opened = await open();
    using folder = new TempFolder();
    const file = folder.file("ledger.db");
    const agent = `agent-${randomUUID()}`;
    const store = new EntryStore(opened.database);
    const sent = await soldAndShipped(file, agent, scene.acked, store);
    damagePageOf(file, sent[scene.lostSale - 1]!);

    const { ledger, salvage } = openOrSalvage(file, { seal: entrySeal(agent), onCorrupt: () => undefined });
    using _ledger = ledger;
    expect(salvage?.counts?.lost).toBeGreaterThan(0);
    expect(await ship(ledger, agent, 1000, store)).toMatchObject({ status: "ok", seq: ledger.head().seq });

    const here = ledger.latest(["transaction"], 1000).map(({ key }) => key);
    const sentBefore = Array.from({ length: scene.acked }, (_, n) => `sale-${n + 1}`);
    expect(await soldKeys(opened.database, agent)).toEqual([...new Set([...sentBefore, ...here])].toSorted());
    const alarms = await alarmsOf(opened.database, agent);
    expect(alarms).not.toContain("fork");
    expect(alarms).not.toContain("epoch-hole");
  });
});

/** Sixty sales, of which the first `acked` are at the receiver. Answers the bytes of each. */
async function soldAndShipped(file: string, agent: string, acked: number, store: EntryStore): Promise<Uint8Array[]> {
  using ledger = SqliteLedger.open(file, entrySeal(agent));
  for (let n = 1; n <= 60; n += 1) await ledger.write({ drafts: [sale(`sale-${n}`)] });
  const { seq, hash } = await ship(ledger, agent, acked, store);
  expect(ledger.acknowledge({ epoch: ledger.epoch().epoch, seq: asSeq(seq), hash })).toBe("advanced");
  // The mark is written with the next commit.
  await ledger.write({ drafts: [sale("sale-61")] });
  return ledger.read(asSeq(0), 60).map(({ bytes }) => bytes);
}

/** Sends entries after the watermark in one batch, as the courier would. */
async function ship(ledger: SqliteLedger, agent: string, most: number, store: EntryStore) {
  const { seq, hash } = ledger.watermark();
  const entries = ledger.read(seq, most);
  const place = { firstSeq: seq + 1, previousHash: hash, lastHash: entries.at(-1)!.hash };
  const lines = entries.map(({ bytes }) => bytes);
  const batch = parseBatch(encodeBatch({ agent, epoch: ledger.epoch(), ...place }, lines));
  if (!batch.ok) throw new Error("the batch does not hold together");
  return await store.accept(agent, [batch.value]);
}

function sale(key: string): Draft {
  return { id: asEntryId(randomUUID()), kind: "transaction", key, at: someInstant, data: someSale };
}

function damagePageOf(file: string, entry: Uint8Array): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(Buffer.from(entry));
  randomBytes(pageSize).copy(bytes, at - (at % pageSize));
  writeFileSync(file, bytes);
  writeFileSync(`${file}-is-corrupt`, "");
}

async function soldKeys(database: Database, agent: string): Promise<readonly string[]> {
  const text = "SELECT idempotency_key AS key FROM transactions WHERE agent = $1";
  const rows = await database.transaction((sql) => sql.query(text, [agent]));
  return rows.map((row) => String(row["key"])).toSorted();
}

async function alarmsOf(database: Database, agent: string): Promise<readonly unknown[]> {
  const rows = await database.transaction((sql) => sql.query("SELECT kind FROM alarms WHERE agent = $1", [agent]));
  return rows.map((row) => row["kind"]);
}
