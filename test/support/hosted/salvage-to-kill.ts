import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import Database from "better-sqlite3";

/**
 * Opens or salvages the ledger of the first argument, and kills itself right before a step: before the call of the file system or of
 * SQLite whose number the second argument is. Ends with status 0 when there are fewer calls.
 */
let left = Number(process.argv[3]);

function dyingInTime(target: object, name: string): void {
  const real = Reflect.get(target, name) as (...rest: unknown[]) => unknown;
  Reflect.set(target, name, function (this: unknown, ...rest: unknown[]): unknown {
    left -= 1;
    if (left <= 0) process.kill(process.pid, "SIGKILL");
    return real.apply(this, rest);
  });
}

for (const name of ["renameSync", "rmSync", "fsyncSync"]) dyingInTime(fs, name);
syncBuiltinESMExports();
for (const name of ["exec", "pragma", "close"]) dyingInTime(Database.prototype, name);
const { constructor: Statement } = new Database(":memory:").prepare("SELECT 1");
dyingInTime(Statement.prototype as object, "run");

const { openOrSalvage } = await import("../../../agent/ledger/salvage.ts");
const { entrySeal } = await import("../../../agent/entry-seal.ts");
openOrSalvage(process.argv[2] ?? "", { seal: entrySeal("0117-a"), onCorrupt: () => undefined });
