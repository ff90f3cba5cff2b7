import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../../../agent/cli/run-cli.ts";
import { openControl } from "../../../agent/control/control-server.ts";
import { asEntryId, asSeq } from "../../../agent/core/ids.ts";
import type { ReplayReport, ReplayRequest } from "../../../agent/core/replay.ts";
import { CapturedTerminal } from "../../support/captured-terminal.ts";
import { writePlainStore } from "../../support/plain-store.ts";
import { ScriptedOperations } from "../../support/scripted-operations.ts";
import { ScriptedSource } from "../../support/scripted-source.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const report: ReplayReport = {
  dryRun: false,
  examined: 2,
  amended: 1,
  found: 1,
  unchanged: 1,
  worse: 0,
  gone: 0,
  changes: [
    {
      entryId: asEntryId("0195934b-7c00-7000-8000-000000000012"),
      seq: asSeq(12),
      before: { kind: "other", reconciliation: "not-applicable", profile: "none" },
      after: {
        kind: "sale",
        sequenceNumber: "0003364",
        totalMinor: 9201,
        currencyCode: "CNY",
        currencyExponent: 2,
        reconciliation: "reconciled",
        profile: "cn-store-58mm",
      },
    },
    { after: { kind: "sale", sequenceNumber: "0003365", reconciliation: "unreconciled", profile: "cn-store-58mm" } },
  ],
};

let folder: TempFolder;
let operations: ScriptedOperations;
let terminal: CapturedTerminal;
let asked: ReplayRequest[];

beforeEach(() => {
  folder = new TempFolder();
  terminal = new CapturedTerminal();
  asked = [];
  operations = new ScriptedOperations();
  operations.replayProfiles = (wanted) =>
    Promise.resolve({ profiles: [{ profile: "one" }], ...(wanted !== undefined && { profile: wanted }) });
  operations.replayClosed = (_, request) => {
    asked.push(request);
    return Promise.resolve(report);
  };
  writePlainStore(folder);
});
afterEach(() => folder[Symbol.dispose]());

const replay = (...argv: string[]): Promise<number> =>
  runCli(["receipts", "replay", ...argv, "--config", folder.file("store.yaml")], operations, terminal);

test("receipts replay works on the ledger itself when no daemon runs, and says what changed", async () => {
  expect(await replay("--lane", "05", "--profile", "one")).toBe(0);
  expect(asked).toEqual([{ scope: { dryRun: false, laneId: "05", profile: "one" }, profiles: [{ profile: "one" }] }]);
  expect(terminal.text).toMatchInlineSnapshot(`
    "#12  other slip -  not applicable none  →  sale 0003364 92.01 CNY amounts agree cn-store-58mm
    #-  (found)  →  sale 0003365  amounts differ cn-store-58mm
    examined 2  amended 1  added 1  unchanged 1  read less well, left as they are 0  bytes no longer kept 0"
  `);
});

test("receipts replay asks the daemon when one runs", async () => {
  const source = new ScriptedSource();
  source.replayed = (request) => {
    asked.push(request);
    return Promise.resolve(report);
  };
  operations.replayClosed = () => Promise.reject(new Error("the ledger is in use"));
  await using _daemon = await openControl(source, folder.file("data"));
  expect(await replay("--dry-run", "--since", "2026-03-14T10:00:00+08:00", "--json")).toBe(0);
  expect(asked).toEqual([
    { scope: { dryRun: true, sinceMs: Date.parse("2026-03-14T02:00:00Z") }, profiles: [{ profile: "one" }] },
  ]);
  expect(JSON.parse(terminal.text)).toEqual(report);
});

test.each(["yesterday", "2026-13-01", "17"])("receipts replay does not take %s for a date", async (since) => {
  expect(await replay("--since", since)).toBe(2);
  expect(asked).toEqual([]);
});
