import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StoreloopError } from "./core/errors.ts";

const ownerOnly = 0o700;

/** Makes the data folder, and what is missing of the way to it, for the service's user alone. Throws `LEDGER_UNWRITABLE`. */
export function makeDataFolder(dataDir: string): void {
  try {
    make(dataDir);
  } catch (error) {
    throw new StoreloopError(
      "LEDGER_UNWRITABLE",
      { "zh-CN": `无法建立数据目录 ${dataDir}`, en: `cannot make the data folder ${dataDir}` },
      { cause: error },
    );
  }
}

/** Folder by folder: the recursive way of Node.js says of a read-only disk that there is no such file, and never ends below `/proc`. */
function make(folder: string): void {
  try {
    mkdirSync(folder, ownerOnly);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" && statSync(folder).isDirectory()) return;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    make(dirname(folder));
    mkdirSync(folder, ownerOnly);
  }
}
