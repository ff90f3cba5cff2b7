import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { table, type Row } from "./bench-parts/bench-table.ts";
import { acknowledgingFarEnd, brokerName, storingFarEnd, type FarEnd } from "./bench-parts/far-end.ts";
import { decodeRows } from "./bench-parts/decode-rows.ts";
import { idleMemory, type IdleMemory } from "./bench-parts/idle-memory.ts";
import { ingestRows, ingestUnder } from "./bench-parts/ingest-rows.ts";
import type { IngestRates } from "./bench-parts/ingest.ts";
import { Part } from "./bench-parts/part.ts";
import { presenceTable, type PresenceFigures } from "./bench-parts/presence-rows.ts";
import { printLatency, type PrintLatency } from "./bench-parts/print-latency.ts";
import { median } from "./bench-parts/rounds.ts";
import { shippingRates, type ShippingRates } from "./bench-parts/shipping.ts";

/** Measures, prints a table and, last, one JSON object. What is compared with what: docs/benchmarks.md. */
const root = join(import.meta.dirname, "..");
mkdirSync(join(root, ".storeloop"), { recursive: true, mode: 0o700 });
// Beside the demo's ledger: a temporary folder may be in memory, where nothing is durable.
const folder = mkdtempSync(join(root, ".storeloop/bench-"));
const note = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
const cleanUp = (): void => rmSync(folder, { recursive: true, force: true });
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    cleanUp();
    process.exit(130);
  });
}

try {
  // `presence` alone, when it is asked for.
  const rows = process.argv.includes("presence") ? [] : await measure();
  note("presence on generated traces, side by side with other rules");
  const presence = await presenceInAProcess();
  const tables = [...(rows.length > 0 ? [table(rows)] : []), presenceTable(presence)];
  process.stdout.write(`${tables.join("\n\n")}\n${JSON.stringify({ ...asJson(rows), presence })}\n`);
} finally {
  cleanUp();
}

async function measure(): Promise<readonly Row[]> {
  note("idle memory");
  const memory = await idleMemory(folder);
  note("a print line at 115200 baud");
  const latency = await printLatency(folder);
  note("print bytes to events and transactions");
  const decoded = await decodeRows();
  note("durable ingest");
  const full = await ingestUnder(folder, []);
  const lean = await ingestUnder(folder, ["--lean"]);
  note("100,000 entries to a receiver that verifies and acknowledges, three times");
  const wire = await rounds(3, (own) => acknowledgingFarEnd(own), { sustained: 20_000, drain: 100_000 });
  note("the same with the reference receiver on PGlite, 10,000 entries");
  const stored = await rounds(1, (own) => storingFarEnd(own), { sustained: 10_000, drain: 10_000 });
  return [...ingestRows(full, lean), ...rowsOf(memory, lean, wire, stored), latencyRow(latency), ...decoded];
}

/** Under the ordinary flags: it is not speed that is measured. */
async function presenceInAProcess(): Promise<Readonly<Record<string, PresenceFigures>>> {
  await using run = Part.script([], "presence-run.ts", "--others");
  return JSON.parse(await run.firstWords()) as Readonly<Record<string, PresenceFigures>>;
}

function rowsOf(memory: IdleMemory, ingest: IngestRates, wire: ShippingRates, stored: ShippingRates): readonly Row[] {
  const perLedger = { unit: "entries/s", baseline: ingest.ledger, baselineName: "ledger ingest alone" } as const;
  const perWire = { ...perLedger, note: `verified and acknowledged, over ${brokerName}` };
  const perStored = { ...perLedger, note: `stored by the receiver on PGlite, over ${brokerName}` };
  return [
    { name: "sustained", subject: wire.sustained, target: 0.4, ...perWire },
    { name: "drain", subject: wire.drain, target: 0.6, ...perWire },
    { name: "sustainedStored", subject: stored.sustained, ...perStored },
    { name: "drainStored", subject: stored.drain, ...perStored },
    ...memoryRows(memory),
  ];
}

function latencyRow({ storeloop, bareRelay }: PrintLatency): Row {
  return {
    name: "printLatency",
    unit: "us",
    subject: storeloop,
    baseline: bareRelay,
    baselineName: "bare TCP relay",
    note: "added to each 64 bytes at 115200 baud, 99th percentile",
    limit: 2000,
  };
}

function memoryRows(memory: IdleMemory): readonly Row[] {
  return [
    {
      name: "idleMemory",
      unit: "MB",
      subject: memory.daemon / 1e6,
      baseline: memory.bareNode / 1e6,
      baselineName: "bare node",
      note: "resident",
      target: 1.8,
      lowIsGood: true,
    },
    {
      name: "idleAnonymous",
      unit: "MB",
      subject: memory.daemonAnonymous / 1e6,
      baseline: memory.bareNodeAnonymous / 1e6,
      baselineName: "bare node",
      note: "of it not backed by files",
      lowIsGood: true,
    },
  ];
}

async function rounds(
  count: number,
  farEnd: (folder: string) => Promise<FarEnd>,
  sizes: { readonly sustained: number; readonly drain: number },
): Promise<ShippingRates> {
  const taken: ShippingRates[] = [];
  for (let round = 0; round < count; round += 1) taken.push(await shippingRates(folder, farEnd, sizes));
  return { sustained: median(taken.map((one) => one.sustained)), drain: median(taken.map((one) => one.drain)) };
}

function asJson(rows: readonly Row[]): object {
  return Object.fromEntries(
    rows.map(({ name, subject, baseline, target, limit }) => {
      const ratio = Number((subject / baseline).toFixed(3));
      const shown = { ratio, subject: Math.round(subject), baseline: Math.round(baseline) };
      return [name, { ...shown, ...(target !== undefined && { target }), ...(limit !== undefined && { limit }) }];
    }),
  );
}
