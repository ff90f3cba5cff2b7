import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { asSeq } from "../../agent/core/ids.ts";
import { entrySeal } from "../../agent/entry-seal.ts";
import { SqliteLedger } from "../../agent/ledger/sqlite-ledger.ts";
import { overwritePage } from "../support/damaged-ledger.ts";
import { touchDraft } from "../support/entries.ts";
import { freePort } from "../support/free-port.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { until } from "../support/until.ts";

const program = join(import.meta.dirname, "../../scripts/storeloop");
const run = promisify(execFile);
const pageSize = 8192;

test("a daemon that meets a torn page ends, and its next start salvages the ledger and says so", async () => {
  using folder = new TempFolder();
  const config = folder.file("storeloop.yaml");
  writeFileSync(config, await configText());
  await tornLedger(folder);

  const { daemon } = await started(config);
  const ended = once(daemon, "exit");
  const said = text(daemon.stderr!);
  // Reads every entry.
  await doctor(config);
  expect(await ended).toEqual([1, null]);
  expect(await said).toContain("LEDGER_CORRUPT");

  const again = await started(config);
  try {
    expect(again.status.alarms).toMatchObject([{ code: "LEDGER_SALVAGED" }]);
    expect(again.status.ledger.headSeq).toBeGreaterThan(1900);
    expect(await doctor(config)).toMatch(/alarm\.LEDGER_SALVAGED/);
  } finally {
    const gone = once(again.daemon, "exit");
    again.daemon.kill("SIGTERM");
    await gone;
  }
});

async function doctor(config: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(program, ["--config", config, "doctor", "--json"], (_failed, out) => resolve(out));
  return await promise;
}

/** Two thousand acknowledged entries, one page of the early ones torn: no start reads that far back. */
async function tornLedger(folder: TempFolder): Promise<void> {
  mkdirSync(folder.file("agent"));
  const file = folder.file("agent/ledger.db");
  let early: Uint8Array;
  {
    using ledger = SqliteLedger.open(file, entrySeal("0117-a"));
    await Promise.all(Array.from({ length: 2000 }, (_, n) => ledger.write({ drafts: [touchDraft(`touch-${n}`)] })));
    ledger.acknowledge({ epoch: ledger.epoch().epoch, ...ledger.head() });
    early = ledger.read(asSeq(99), 1)[0]!.bytes;
  }
  overwritePage(file, 1 + Math.floor(readFileSync(file).indexOf(Buffer.from(early)) / pageSize));
}

interface Status {
  readonly alarms: readonly { readonly code: string }[];
  readonly ledger: { readonly headSeq: number };
}

async function started(config: string): Promise<{ readonly daemon: ChildProcess; readonly status: Status }> {
  const daemon = spawn(program, ["run", "--config", config], { stdio: ["ignore", "ignore", "pipe"] });
  const ask = async (): Promise<string> => (await run(program, ["--config", config, "status", "--json"])).stdout;
  let answer = "";
  const answers = async (): Promise<boolean> => {
    answer = await ask().catch(() => "");
    return answer !== "";
  };
  await until(answers, { timeoutMs: 60_000, everyMs: 50, what: "the daemon" });
  return { daemon, status: JSON.parse(answer) as Status };
}

const configText = async (): Promise<string> => `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: agent }
lanes:
  - id: "05"
    devices:
      - { id: till-5-printer, type: printer-tcp, listen: "127.0.0.1:${await freePort()}" }
uplink: { url: "mqtt://127.0.0.1:9" }
`;
