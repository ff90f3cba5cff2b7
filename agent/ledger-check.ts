import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ChainCheck } from "./control/control-source.ts";
import { StoreloopError } from "./core/errors.ts";
import { entrySeal } from "./entry-seal.ts";
import { needsSalvage } from "./ledger/salvage.ts";
import type { Seal } from "./ledger/seal.ts";
import { SqliteLedger } from "./ledger/sqlite-ledger.ts";
import { verifyChain } from "./ledger/verify-chain.ts";

/** Where the ledger lies in a data folder. */
export function ledgerFile(dataDir: string): string {
  return join(dataDir, "ledger.db");
}

/** Reads the whole ledger again and recomputes its chain. */
export async function checkChain(ledger: SqliteLedger, seal: Seal, signal: AbortSignal): Promise<ChainCheck> {
  const report = await verifyChain(ledger, seal, signal);
  if (!report.ok) {
    const detail = `${report.entries} entries before it are sound`;
    return { state: "broken", atSeq: report.brokenAt, detail };
  }
  return { state: "intact", entryCount: report.entries, headSeq: ledger.head().seq, epoch: ledger.epoch().epoch };
}

/**
 * Opens the ledger of a data folder that no daemon has open; nothing when there is none. Throws `LEDGER_*`, `LEDGER_CORRUPT` for one that
 * the next start will salvage: opened, a corrupt file would be written to.
 */
export function openClosedLedger(dataDir: string, seal: Seal): SqliteLedger | undefined {
  const file = ledgerFile(dataDir);
  if (!existsSync(file)) return undefined;
  if (needsSalvage(file, seal))
    throw new StoreloopError("LEDGER_CORRUPT", `${file} will be salvaged at the next start`);
  return SqliteLedger.open(file, seal);
}

/** Checks the ledger of a data folder that no daemon has open. Throws `LEDGER_*`. */
export async function checkClosedLedger(
  dataDir: string,
  agentId: string,
  signal: AbortSignal,
): Promise<ChainCheck | { readonly state: "absent" }> {
  const seal = entrySeal(agentId);
  using ledger = openClosedLedger(dataDir, seal);
  return ledger === undefined ? { state: "absent" } : await checkChain(ledger, seal, signal);
}
