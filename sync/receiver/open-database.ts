import { isCircumstance, type Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import type { Pause } from "./pause.ts";
import { PgDatabase } from "./pg-database.ts";
import { PgliteDatabase } from "./pglite-database.ts";
import { ReceiverError } from "./receiver-error.ts";
import type { ReceiverLogger } from "./receiver-logger.ts";

const retryMs = 2000;

/** Opens what an address names: `postgres://...` or `pglite:FOLDER`. Not migrated yet. */
export async function openDatabase(address: string): Promise<Database> {
  if (address.startsWith("pglite:")) return await PgliteDatabase.open(address.slice("pglite:".length));
  if (/^postgres(ql)?:\/\//.test(address)) return new PgDatabase(address);
  throw new ReceiverError("RECEIVER_USAGE", "a database is postgres://... or pglite:FOLDER");
}

/** Migrates, waiting for a database that is not there yet. Rejects when it is there and refuses. */
export async function migrateWhenThere(
  database: Database,
  logger: ReceiverLogger,
  pause: Pause,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      await migrate(database);
      return;
    } catch (error) {
      if (error instanceof ReceiverError || !isCircumstance(error)) throw error;
      logger.warn({ err: error }, "no database yet, trying again");
    }
    await pause(retryMs, signal);
  }
}
