import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Draft } from "../../agent/core/entry.ts";
import { entrySeal } from "../../agent/entry-seal.ts";
import { SqliteLedger } from "../../agent/ledger/sqlite-ledger.ts";
import { benchDraft } from "./bench-draft.ts";
import { medianOfRounds } from "./rounds.ts";

const entries = 20_000;
const together = 100;

/** Drafts in memory at a time: a heap full of them would have the garbage collector measured. */
const madeTogether = 1000;

/** Rates in entries a second. */
export interface IngestRates {
  /** The ledger: 100 callers at a time, each answered after COMMIT. */
  readonly ledger: number;
  /** better-sqlite3 by itself in WAL mode with FULL, 100 a transaction: JSON.stringify and a table with a unique key, as a plain program would. */
  readonly plain: number;
  /** The same with the ledger's page size and exclusive lock. */
  readonly tuned: number;
  /** better-sqlite3 by itself, 100 a transaction: the same bytes again and again, no key, no JSON. The most the disk way gives. */
  readonly bytesOnly: number;
}

/** Durable ingest, each round on a fresh file below `folder`. */
export async function ingestRates(folder: string, rounds: number): Promise<IngestRates> {
  const inFolder = async (work: (file: string) => Promise<number>): Promise<number> => {
    const own = mkdtempSync(join(folder, "ingest-"));
    try {
      return await work(join(own, "ledger.db"));
    } finally {
      rmSync(own, { recursive: true });
    }
  };
  return await medianOfRounds(
    {
      plain: () => inFolder((file) => plainRate(file, durable)),
      tuned: () => inFolder((file) => plainRate(file, ledgerPragmas)),
      ledger: () => inFolder(ledgerRate),
      bytesOnly: () => inFolder(bytesOnlyRate),
    },
    rounds,
  );
}

/** Writes that many new entries, numbered from `from`, as many callers at once do, a group of them at a time. Answers as {@link inParts} does. */
export async function offerAll(ledger: SqliteLedger, from: number, count: number): Promise<number> {
  return await inParts(from, count, async (drafts) => {
    for (let done = 0; done < drafts.length; done += together) {
      const group = drafts.slice(done, done + together);
      await Promise.all(group.map((draft) => ledger.write({ drafts: [draft] })));
    }
  });
}

/** Makes drafts, a part at a time, and hands them over. Answers for how long they were worked on, in milliseconds, without their making. */
async function inParts(
  from: number,
  count: number,
  work: (drafts: readonly Draft[]) => Promise<void> | void,
): Promise<number> {
  let workedMs = 0;
  for (let start = from; start < from + count; start += madeTogether) {
    const length = Math.min(madeTogether, from + count - start);
    const drafts = Array.from({ length }, (_, index) => benchDraft(start + index));
    const began = performance.now();
    await work(drafts);
    workedMs += performance.now() - began;
  }
  return workedMs;
}

async function ledgerRate(file: string): Promise<number> {
  using ledger = SqliteLedger.open(file, entrySeal("bench"));
  return perSecond(await offerAll(ledger, 0, entries));
}

async function plainRate(file: string, pragmas: readonly string[]): Promise<number> {
  const database = openPlain(
    file,
    pragmas,
    "CREATE TABLE row (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT",
  );
  const insert = database.prepare<[string, string]>(
    "INSERT INTO row (key, body) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
  );
  const worked = await inParts(0, entries, (drafts) => {
    inTransactions(database, drafts, (draft) => insert.run(draft.key, JSON.stringify(draft)));
  });
  database.close();
  return perSecond(worked);
}

async function bytesOnlyRate(file: string): Promise<number> {
  const database = openPlain(
    file,
    ledgerPragmas,
    "CREATE TABLE row (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
  );
  const insert = database.prepare<[Uint8Array]>("INSERT INTO row (body) VALUES (?)");
  const body = Buffer.from(JSON.stringify(benchDraft(0)));
  const worked = await inParts(0, entries, (drafts) => inTransactions(database, drafts, () => insert.run(body)));
  database.close();
  return perSecond(worked);
}

const durable = ["journal_mode = WAL", "synchronous = FULL"];
const ledgerPragmas = ["page_size = 8192", "locking_mode = EXCLUSIVE", ...durable];

function openPlain(file: string, pragmas: readonly string[], schema: string): Database.Database {
  const database = new Database(file);
  for (const pragma of pragmas) database.pragma(pragma);
  database.exec(schema);
  return database;
}

function inTransactions(
  database: Database.Database,
  drafts: readonly Draft[],
  insert: (draft: Draft) => unknown,
): void {
  for (let done = 0; done < drafts.length; done += together) {
    database.exec("BEGIN IMMEDIATE");
    for (const draft of drafts.slice(done, done + together)) insert(draft);
    database.exec("COMMIT");
  }
}

function perSecond(workedMs: number): number {
  return (entries * 1000) / workedMs;
}
