import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Draft, Evidence } from "../../agent/core/entry.ts";
import { asSeq } from "../../agent/core/ids.ts";
import { entrySeal } from "../../agent/entry-seal.ts";
import { Tokens } from "../../agent/identity/tokens.ts";
import { ledgerFile } from "../../agent/ledger-check.ts";
import { SqliteLedger } from "../../agent/ledger/sqlite-ledger.ts";

/** Every entry in the ledger of a data folder that no daemon has open, in order. */
export function entriesIn(dataDir: string, agentId = "0117-a"): readonly Draft[] {
  const seal = entrySeal(agentId);
  using ledger = SqliteLedger.open(ledgerFile(dataDir), seal);
  return [...ledger.read(asSeq(0), 1_000_000)].map(({ bytes }) => seal.decode(bytes));
}

/** The touches among entries. */
export function touchesIn(entries: readonly Draft[]): readonly Extract<Draft, { kind: "touch" }>[] {
  return entries.filter((entry) => entry.kind === "touch");
}

/** How often each token of a type was recorded. */
export function tokenCounts(entries: readonly Draft[], type: Evidence["type"]): ReadonlyMap<string, number> {
  const tokens = touchesIn(entries).flatMap(({ data }) => data.evidence.filter((each) => each.type === type));
  return new Map([...Map.groupBy(tokens, ({ token }) => token)].map(([token, of]) => [token, of.length]));
}

/** The tokens a daemon makes that was given no region key: with the one in its data folder. */
export function tokensOf(dataDir: string): Tokens {
  return new Tokens({
    secret: Buffer.from(readFileSync(join(dataDir, "region.key"), "utf8").trim(), "hex"),
    version: 1,
  });
}
