import Database from "better-sqlite3";
import { errnoWords } from "../core/errno-words.ts";
import { StoreloopError } from "../core/errors.ts";

/** An open SQLite database. */
export type Sqlite = Database.Database;

/** Bytes of a page of every ledger. */
export const pageSize = 8192;

/**
 * Opens (or makes) the ledger's file for this process alone and proves the settings that durability rests on: WAL, synchronous=FULL
 * (better-sqlite3 is compiled to fall to NORMAL in WAL mode) and an exclusive lock. A read-only opening takes no lock.
 *
 * @throws StoreloopError LEDGER_LOCKED, LEDGER_CORRUPT, LEDGER_NOT_DURABLE or LEDGER_UNWRITABLE.
 */
export function openSqlite(file: string): Sqlite {
  let database: Sqlite | undefined;
  try {
    database = new Database(file, { timeout: 0 });
    // Before any table exists; has no effect on a file that has some.
    database.pragma(`page_size = ${pageSize}`);
    database.pragma("locking_mode = EXCLUSIVE");
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.pragma("foreign_keys = ON");
    assertDurable(database, file);
    // The exclusive lock is taken by the first write transaction and kept.
    database.exec("BEGIN EXCLUSIVE; COMMIT");
    return database;
  } catch (error) {
    database?.close();
    throw asLedgerError(error, file);
  }
}

/** Opens a file to look at it: neither it nor its log is written to, not even when it is closed. Throws as SQLite does. */
export function openToLookAt(file: string): Sqlite {
  return new Database(file, { readonly: true, timeout: 0 });
}

function assertDurable(database: Sqlite, file: string): void {
  const journalMode: unknown = database.pragma("journal_mode", { simple: true });
  const synchronous: unknown = database.pragma("synchronous", { simple: true });
  if (journalMode !== "wal" || synchronous !== 2) {
    throw new StoreloopError(
      "LEDGER_NOT_DURABLE",
      `${file}: journal_mode=${String(journalMode)}, synchronous=${String(synchronous)}; wal and 2 (FULL) are required`,
    );
  }
}

/** Gives an error of SQLite its stable code; storeloop's own errors pass unchanged. */
export function asLedgerError(error: unknown, file: string): StoreloopError {
  if (error instanceof StoreloopError) return error;
  const code = error instanceof Database.SqliteError ? error.code : "";
  const text = error instanceof Error ? error.message : String(error);
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new StoreloopError(
      "LEDGER_LOCKED",
      { "zh-CN": `${file} 正被另一个进程使用`, en: `${file} is in use by another process` },
      { cause: error },
    );
  }
  // Nothing but entries is parsed as JSON here, and they were written whole.
  if (isDamage(code) || error instanceof SyntaxError) {
    return new StoreloopError("LEDGER_CORRUPT", `${file}: ${text}`, { cause: error });
  }
  // The message of an errno says no more than its words.
  const errno = code === "SQLITE_FULL" ? "ENOSPC" : errnoOf(error);
  const why = errno === undefined ? { "zh-CN": text, en: text } : errnoWords(errno);
  const said = { "zh-CN": `${file}:${why["zh-CN"]}`, en: `${file}: ${why.en}` };
  return new StoreloopError("LEDGER_UNWRITABLE", said, errno === undefined ? { cause: error } : {});
}

function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^E[A-Z]+$/.test(code) ? code : undefined;
}

/** A sector that the disk cannot read, or reads wrong, is damage as much as one that makes no sense. */
function isDamage(code: string): boolean {
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") return true;
  return ["SQLITE_IOERR_READ", "SQLITE_IOERR_DATA", "SQLITE_IOERR_CORRUPTFS"].includes(code);
}

/**
 * Whether SQLite says with an error that the machine does not let it work, rather than that the file is wrong. Our statements are right:
 * where it takes offence at one, a table or a column has lost its name.
 */
export function isOfMachine(error: unknown): boolean {
  return error instanceof Database.SqliteError && !isDamage(error.code) && error.code !== "SQLITE_ERROR";
}
