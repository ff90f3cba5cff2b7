import { existsSync, statSync } from "node:fs";
import { StoreloopError } from "../core/errors.ts";
import { asSeq } from "../core/ids.ts";
import { CaptureTable } from "./capture-table.ts";
import { CursorTable } from "./cursor-table.ts";
import { EntryTable } from "./entry-table.ts";
import { migrate, schemaVersion } from "./migrations.ts";
import type { Seal } from "./seal.ts";
import { asLedgerError, isOfMachine, openToLookAt, pageSize, type Sqlite } from "./sqlite.native.ts";
import { readLogPages } from "./write-ahead-log.ts";

/** Entries looked at in one go: with more, what is read does not die young, and collecting it takes as long as reading it. */
const slice = 50;

/**
 * Whether what every start needs of a ledger is unreadable or does not hold together: the file itself and its log, the schema, the
 * receiver's mark, the chain from there to its end, open print bytes. Writes neither to the file nor to its log. Other troubles are
 * left to the opening itself.
 *
 * @throws StoreloopError LEDGER_LOCKED when a process has the ledger open.
 */
export function isDamaged(file: string, seal: Seal): boolean {
  const log = `${file}-wal`;
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  // SQLite would delete the log of a file that is gone or empty, and entries with it.
  if (size === 0) return readLogPages(log, pageSize).offsets.size > 0;
  // While there is a journal, SQLite knows better how the file was.
  if (existsSync(`${file}-journal`)) return false;
  // SQLite begins anew over the stump of a first page, and reads a last page that was cut off as zeros.
  if (size < pageSize) return true;
  if (!holdsTogether(file, seal)) return true;
  return existsSync(log) ? readLogPages(log, pageSize).isDamaged : size % pageSize > 0;
}

function holdsTogether(file: string, seal: Seal): boolean {
  let database: Sqlite | undefined;
  try {
    database = openToLookAt(file);
    lookAt(database, seal);
    return true;
  } catch (error) {
    const failure = asLedgerError(error, file);
    if (failure.code === "LEDGER_LOCKED") throw failure;
    return failure.code === "LEDGER_NEWER" || isOfMachine(error);
  } finally {
    database?.close();
  }
}

function lookAt(database: Sqlite, seal: Seal): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  // A first start that was cut short has not come as far.
  if (!tables.includes("migration")) return;
  if (Number(database.prepare("SELECT count(*) FROM migration").pluck().get()) < schemaVersion) return;
  migrate(database);
  const entries = new EntryTable(database, seal);
  new CaptureTable(database).pending();
  const mark = new CursorTable(database).read()?.watermark;
  // The last entry is what the next one stands on, whether the receiver has it or not.
  let seq = asSeq(Math.max(0, Math.min(mark?.seq ?? 0, entries.head.seq) - 1));
  let hash = entries.hashAt(seq);
  while (seq < entries.head.seq) {
    const next = entries.after(seq, slice);
    if (next.length === 0) throw new StoreloopError("LEDGER_CORRUPT", `nothing after entry ${seq}`);
    for (const entry of next) {
      hash = hash === undefined ? undefined : seal.chain(hash, entry.bytes);
      const follows = entry.seq === seq + 1 && hash !== undefined && Buffer.compare(hash, entry.hash) === 0;
      const agrees = entry.seq !== mark?.seq || Buffer.compare(mark.hash, entry.hash) === 0;
      if (!follows || !agrees) throw new StoreloopError("LEDGER_CORRUPT", `the chain breaks at entry ${entry.seq}`);
      seq = entry.seq;
    }
  }
}
