import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../config/config.ts";
import { loadConfig } from "../../config/load-config.ts";
import { entrySeal } from "../../agent/entry-seal.ts";
import { LedgerReplay, replayClosedLedger } from "../../agent/ledger-replay.ts";
import { SqliteLedger } from "../../agent/ledger/sqlite-ledger.ts";
import { slipReaders } from "../../agent/receipt-reading.ts";
import { replayProfiles } from "../../agent/replay-profiles.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { PipelineUnderTest, printBytes } from "../support/pipeline.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { chineseSale, jobInGb18030 } from "./receipts/slip-bytes.ts";

const signal = new AbortController().signal;

describe("replaying a ledger", () => {
  let folder: TempFolder;

  beforeEach(() => {
    folder = new TempFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  const configOf = (profile: string): Config => {
    const text = `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: "${folder.path}" }
lanes: [{ id: "05", devices: [{ id: till-5-printer, type: printer-tcp, listen: "127.0.0.1:9100", profile: ${profile} }] }]
uplink: { url: "mqtt://127.0.0.1:1" }
`;
    const loaded = loadConfig(text, { env: {}, readSecretFile: () => "", base: "/shop" });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    return loaded.config;
  };

  /** A store that had no profile for its POS. */
  async function recordSale(): Promise<void> {
    const newSlipReader = slipReaders(configOf("none").lanes, []);
    await using pipeline = await PipelineUnderTest.start(folder, undefined, { newSlipReader });
    await pipeline.offer({ ...printBytes("s1", 0, ""), bytes: jobInGb18030(chineseSale()) });
    await pipeline.settled();
  }

  const profileOfNewest = (): string | undefined => {
    using ledger = SqliteLedger.open(folder.file("ledger.db"), entrySeal("0117-a"));
    const [newest] = ledger.latest(["transaction", "transaction.amended"], 1);
    return newest !== undefined && "profile" in newest.data ? newest.data.profile : undefined;
  };

  it("reads with the profile that is named, whatever the configuration says", async () => {
    await recordSale();
    expect(profileOfNewest()).toBe("generic");
    const { profiles, profile = "" } = replayProfiles("cn-supermarket-80mm", undefined);
    const request = { scope: { dryRun: false, profile }, profiles };
    expect(await replayClosedLedger(configOf("none"), request, signal)).toMatchObject({ examined: 1, amended: 1 });
    expect(profileOfNewest()).toBe("cn-supermarket-80mm");
  });

  it("leaves a ledger that is known to be damaged to the next start, as it is", async () => {
    await recordSale();
    const file = folder.file("ledger.db");
    // What a daemon leaves that found it out at run time.
    writeFileSync(`${file}-is-corrupt`, "");
    const before = readFileSync(file);
    const { profiles, profile = "" } = replayProfiles("cn-supermarket-80mm", undefined);
    const replay = replayClosedLedger(configOf("none"), { scope: { dryRun: false, profile }, profiles }, signal);
    await expect(replay).rejects.toMatchObject({ code: "LEDGER_CORRUPT" });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("reads with the profiles the configuration chooses when none is named", async () => {
    await recordSale();
    const request = { scope: { dryRun: false }, profiles: replayProfiles(undefined, undefined).profiles };
    expect(await replayClosedLedger(configOf("none"), request, signal)).toMatchObject({ amended: 0, unchanged: 1 });
    expect(await replayClosedLedger(configOf("auto"), request, signal)).toMatchObject({ amended: 1 });
    expect(profileOfNewest()).toBe("cn-supermarket-80mm");
  });

  it("says that there is no ledger", async () => {
    const request = { scope: { dryRun: true }, profiles: [] };
    await expect(replayClosedLedger(configOf("auto"), request, signal)).rejects.toMatchObject({
      code: "LEDGER_ABSENT",
    });
  });

  it("runs one replay at a time", async () => {
    await recordSale();
    using ledger = SqliteLedger.open(folder.file("ledger.db"), entrySeal("0117-a"));
    const replay = new LedgerReplay({ ledger, clock: new ManualClock(), lanes: configOf("auto").lanes });
    const request = { scope: { dryRun: true }, profiles: [] };
    const first = replay.run(request, signal);
    await expect(replay.run(request, signal)).rejects.toMatchObject({ code: "REPLAY_RUNNING" });
    await first;
    expect(await replay.run(request, signal)).toMatchObject({ examined: 1 });
  });

  it("stops when it is told to", async () => {
    await recordSale();
    const request = { scope: { dryRun: true }, profiles: [] };
    await expect(replayClosedLedger(configOf("auto"), request, AbortSignal.abort())).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
