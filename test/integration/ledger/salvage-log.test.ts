import { copyFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asSeq } from "../../../agent/core/ids.ts";
import type { StoredEntry } from "../../../agent/core/entry.ts";
import { checkClosedLedger } from "../../../agent/ledger-check.ts";
import { openOrSalvage, type Salvage } from "../../../agent/ledger/salvage.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { expectToWork, keyOf, overwrite, seal } from "../../support/damaged-ledger.ts";
import { touchDraft } from "../../support/entries.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const frameBytes = 24 + 8192;

function open(file: string): { ledger: SqliteLedger; salvage?: Salvage } {
  return openOrSalvage(file, { seal, onCorrupt: () => undefined });
}

/** What a killed daemon leaves: the file, and a log with fourteen commits that are in the file not yet. */
async function killedLedger(file: string): Promise<readonly StoredEntry[]> {
  using folder = new TempFolder();
  const living = folder.file("living.db");
  using daemon = SqliteLedger.open(living, seal);
  for (let n = 1; n <= 14; n += 1) await daemon.write({ drafts: [touchDraft(`touch-${n}`, "x".repeat(400))] });
  for (const end of ["", "-wal"]) copyFileSync(living + end, file + end);
  return daemon.read(asSeq(0), 100);
}

test(
  "loses nothing but what stood in a damaged frame of the log, whichever frame it is",
  { timeout: 60_000 },
  async () => {
    using folder = new TempFolder();
    const original = folder.file("ledger.db");
    const entries = await killedLedger(original);
    const frames = Math.floor(readFileSync(`${original}-wal`).length / frameBytes);
    expect(frames).toBeGreaterThan(25);
    for (let frame = 0; frame < frames; frame += 1) {
      using run = new TempFolder();
      const file = run.file("ledger.db");
      for (const end of ["", "-wal"]) copyFileSync(original + end, file + end);
      overwrite(`${file}-wal`, 32 + frame * frameBytes + 1000, 4000);
      const log = readFileSync(`${file}-wal`);
      const { ledger, salvage } = open(file);
      using _ledger = ledger;
      // In the last two commits damage looks like what a power cut leaves.
      if (salvage === undefined) expect(ledger.head().seq, `frame ${frame}`).toBeGreaterThanOrEqual(12);
      else {
        expect(readFileSync(`${salvage.setAside}-wal`), `frame ${frame}`).toEqual(log);
        const readable = entries.filter(({ bytes }) => log.includes(Buffer.from(bytes)));
        expect(readable.length).toBeGreaterThanOrEqual(entries.length - 1);
        expect(ledger.read(asSeq(0), 100).map(keyOf), `frame ${frame}`).toEqual(readable.map(keyOf));
      }
      await expectToWork(ledger);
    }
  },
);

test.each([
  { title: "its header", offset: 0, length: 32 },
  { title: "its first page", offset: 0, length: 8192 },
  { title: "one bit of its header", offset: 17, length: 1 },
])("loses nothing in a log with $title destroyed", async ({ offset, length }) => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  const entries = await killedLedger(file);
  overwrite(`${file}-wal`, offset, length, Buffer.alloc(length));
  const { ledger, salvage } = open(file);
  using _ledger = ledger;
  expect(salvage?.counts?.entries).toBe(entries.length);
  expect(ledger.read(asSeq(0), 100)).toEqual(entries);
  await expectToWork(ledger);
});

test("keeps both the sound log and the file when the file's header is destroyed", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  const entries = await killedLedger(file);
  overwrite(file, 0, 100);
  const { ledger } = open(file);
  using _ledger = ledger;
  expect(ledger.read(asSeq(0), 100)).toEqual(entries);
});

test("takes a log that a power cut left short for no damage", { timeout: 60_000 }, async () => {
  using folder = new TempFolder();
  const original = folder.file("ledger.db");
  await killedLedger(original);
  const { length } = readFileSync(`${original}-wal`);
  for (let cut = 0; cut <= length; cut += 11_001) {
    using run = new TempFolder();
    const file = run.file("ledger.db");
    for (const end of ["", "-wal"]) copyFileSync(original + end, file + end);
    truncateSync(`${file}-wal`, length - cut);
    const { ledger, salvage } = open(file);
    using _ledger = ledger;
    expect(salvage, `cut ${cut}`).toBeUndefined();
  }
});

test("tells a check from outside that the log is damaged, and changes nothing", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  await killedLedger(file);
  overwrite(`${file}-wal`, 0, 32);
  const before = ["", "-wal"].map((end) => readFileSync(file + end));
  const checked = checkClosedLedger(folder.path, "0117-a", new AbortController().signal);
  await expect(checked).rejects.toMatchObject({ code: "LEDGER_CORRUPT" });
  expect(["", "-wal"].map((end) => readFileSync(file + end))).toEqual(before);
});

test("leaves a ledger alone that a daemon has open, whatever is said of it", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  using daemon = SqliteLedger.open(file, seal);
  await daemon.write({ drafts: [touchDraft("touch-1")] });
  writeFileSync(`${file}-is-corrupt`, "");
  expect(() => open(file)).toThrow(expect.objectContaining({ code: "LEDGER_LOCKED" }));
  await expectToWork(daemon);
});
