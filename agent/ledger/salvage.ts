import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { codeOf, type StoreloopError } from "../core/errors.ts";
import { CursorTable } from "./cursor-table.ts";
import { isDamaged } from "./is-damaged.ts";
import { migrate } from "./migrations.ts";
import { ReadableRows } from "./readable-rows.ts";
import { copyReadable, type SalvageCounts } from "./salvage-copy.ts";
import type { Seal } from "./seal.ts";
import { SqliteLedger } from "./sqlite-ledger.ts";
import { asLedgerError, openSqlite, type Sqlite } from "./sqlite.native.ts";

/** What became of a corrupt ledger. */
export interface Salvage {
  /** Where the corrupt file lies now; its write-ahead log, if it had one, beside it. */
  readonly setAside: string;
  /** Absent when the start that copied was killed before it could tell. */
  readonly counts?: SalvageCounts;
}

/** What {@link openOrSalvage} needs beside the file. */
export interface SalvageOptions {
  readonly seal: Seal;
  /** Called once when the open ledger turns out to be corrupt; the next opening salvages it. */
  readonly onCorrupt: (error: StoreloopError) => void;
}

/**
 * Opens or makes the ledger in `file`. A corrupt one is set aside, byte for byte and for good, and what is readable of it goes into a
 * new ledger under a new epoch (docs/adr/0008). May be killed at any point: the next opening goes on.
 *
 * @throws StoreloopError with a `LEDGER_*` code; never LEDGER_CORRUPT of a file that was there before.
 */
export function openOrSalvage(
  file: string,
  { seal, onCorrupt }: SalvageOptions,
): { ledger: SqliteLedger; salvage?: Salvage } {
  const open = (): SqliteLedger =>
    SqliteLedger.open(file, seal, (error) => {
      noteCorrupt(file, error);
      onCorrupt(error);
    });
  try {
    if (!needsSalvage(file, seal)) {
      const ledger = unlessCorrupt(open);
      if (ledger !== undefined) {
        // What a salvage that was killed in its last moment did not clear away.
        remove(salvagingOf(file));
        return { ledger };
      }
      // The look at it was too short.
      writeFileSync(markerOf(file), "");
    }
    const salvage = salvageFile(file, seal);
    return { ledger: open(), ...(salvage !== undefined && { salvage }) };
  } catch (error) {
    throw asLedgerError(error, file);
  }
}

/** Names of the ledgers set aside beside `file`. They stay until a person takes them away. */
export function setAsideFiles(file: string): readonly string[] {
  const name = `${basename(file)}.corrupt-`;
  const isMain = (entry: string): boolean => entry.startsWith(name) && !/-(wal|shm)$/.test(entry);
  return readdirSync(dirname(file)).filter(isMain).toSorted();
}

/** Whether the next start will salvage: what a look at the file tells, or what was found out at run time. Changes nothing. */
export function needsSalvage(file: string, seal: Seal): boolean {
  if (!existsSync(file) && existsSync(salvagingOf(file))) return true;
  // First: it tells whether a daemon has the ledger open.
  return isDamaged(file, seal) || existsSync(markerOf(file));
}

function unlessCorrupt(open: () => SqliteLedger): SqliteLedger | undefined {
  try {
    return open();
  } catch (error) {
    if (codeOf(error) === "LEDGER_CORRUPT") return undefined;
    throw error;
  }
}

/** Remembers for the next start what was found out at run time: a look does not reach every page. */
function noteCorrupt(file: string, error: StoreloopError): void {
  try {
    writeFileSync(markerOf(file), `${error.message}\n`);
  } catch {
    // The disk takes nothing any more: the next start will find out again.
  }
}

const markerOf = (file: string): string => `${file}-is-corrupt`;
const salvagingOf = (file: string): string => `${file}.salvaging`;

/** Undefined when another process has done it meanwhile. */
function salvageFile(file: string, seal: Seal): Salvage | undefined {
  const salvaging = salvagingOf(file);
  // Its lock keeps other starts away.
  const database = openTarget(salvaging);
  try {
    if (!needsSalvage(file, seal)) return undefined;
    migrate(database);
    const cursors = new CursorTable(database);
    // The copy is whole when it has a cursor, and once the corrupt file is away there is nothing to copy from.
    const isCopied = !existsSync(file) && cursors.read() !== undefined;
    const counts = isCopied ? undefined : copy(file, database, seal);
    database.pragma("wal_checkpoint(TRUNCATE)");
    const setAside = `${file}.corrupt-${cursors.read()?.start.epoch ?? ""}`;
    exchange(file, salvaging, setAside);
    return { setAside, ...(counts !== undefined && { counts }) };
  } finally {
    // While neither file is in its place, the copy is what the next start goes on with.
    if (existsSync(file)) remove(salvaging);
    database.close();
  }
}

/** Opens or makes the file to copy to. What a failing disk made of an earlier one is of no use. */
function openTarget(salvaging: string): Sqlite {
  try {
    return openSqlite(salvaging);
  } catch (error) {
    if (codeOf(error) !== "LEDGER_CORRUPT") throw error;
    remove(salvaging);
    return openSqlite(salvaging);
  }
}

function remove(database: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(database + end, { force: true });
}

function copy(file: string, database: Sqlite, seal: Seal): SalvageCounts {
  using rows = new ReadableRows(file);
  return copyReadable(rows, database, seal);
}

/**
 * Puts the salvaged ledger where the corrupt one is. The corrupt file goes first: from then on the copy is not made again. Its log goes
 * before the new file comes, so that SQLite never takes it for the new file's; the mark too, so that a sound ledger is never taken for
 * the corrupt one. The name it gets is the new epoch's, so that a start after a kill gives the same one.
 */
function exchange(file: string, salvaged: string, aside: string): void {
  for (const end of ["", "-wal", "-shm"]) if (existsSync(file + end)) renameSync(file + end, aside + end);
  rmSync(markerOf(file), { force: true });
  syncFolder(file);
  renameSync(salvaged, file);
  syncFolder(file);
}

/** Makes renames survive a power cut. */
function syncFolder(file: string): void {
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
