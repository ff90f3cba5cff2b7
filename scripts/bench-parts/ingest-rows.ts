import type { Row } from "./bench-table.ts";
import type { IngestRates } from "./ingest.ts";
import { Part } from "./part.ts";

/** Measures durable ingest in a process of its own, under these flags of `scripts/node`. */
export async function ingestUnder(folder: string, flags: readonly string[]): Promise<IngestRates> {
  await using run = Part.script(flags, "ingest-run.ts", folder);
  return JSON.parse(await run.firstWords()) as IngestRates;
}

/** The rows of ingest: with the compiler as Node.js ships it, and under the daemon's flags. */
export function ingestRows(full: IngestRates, lean: IngestRates): readonly Row[] {
  const plain = { unit: "entries/s", baselineName: "plain better-sqlite3" } as const;
  return [
    {
      ...plain,
      name: "ingest",
      subject: full.ledger,
      baseline: full.plain,
      note: "WAL, FULL, JSON and a unique key, 100 a transaction",
      target: 0.8,
    },
    {
      ...plain,
      name: "ingestToTuned",
      subject: full.ledger,
      baseline: full.tuned,
      note: "the same, with the ledger's page size and lock",
    },
    {
      ...plain,
      name: "ingestToBytes",
      subject: full.ledger,
      baseline: full.bytesOnly,
      note: "so tuned, bytes made before, no key, no JSON",
    },
    { ...plain, name: "ingestLean", subject: lean.ledger, baseline: lean.plain, note: "both under the daemon's flags" },
  ];
}
