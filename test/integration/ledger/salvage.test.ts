import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asSeq } from "../../../agent/core/ids.ts";
import type { StoredEntry } from "../../../agent/core/entry.ts";
import { openOrSalvage, setAsideFiles, type Salvage } from "../../../agent/ledger/salvage.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { expectToWork, keyOf, madeLedger, overwrite, overwritePage, seal } from "../../support/damaged-ledger.ts";
import { piece, touchDraft } from "../../support/entries.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const pageSize = 8192;

/** Opens, and hands on what was salvaged. */
function open(file: string): { ledger: SqliteLedger; salvage?: Salvage } {
  return openOrSalvage(file, { seal, onCorrupt: () => undefined });
}

const idOf = ({ bytes }: StoredEntry): string => seal.decode(bytes).id;

/** Keys of the short entries that stand on other pages than the damaged one. */
function entriesOnOtherPages(file: string, entries: readonly StoredEntry[], damaged: number): string[] {
  const bytes = readFileSync(file);
  const hurt = bytes.subarray((damaged - 1) * pageSize, damaged * pageSize);
  // A short row is whole on one page.
  return entries.filter((entry) => entry.bytes.length < 2000 && !hurt.includes(Buffer.from(entry.bytes))).map(keyOf);
}

test("takes a file of no length for a ledger that has yet to begin", () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  writeFileSync(file, "");
  const { ledger, salvage } = open(file);
  using _ledger = ledger;
  expect(salvage).toBeUndefined();
  expect(ledger.head().seq).toBe(0);
});

test("opens a sound ledger as it is, and leaves nothing beside it", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  const entries = await madeLedger(file, 10);
  const { ledger, salvage } = open(file);
  using _ledger = ledger;
  expect(salvage).toBeUndefined();
  expect(ledger.read(asSeq(0), 100)).toEqual(entries);
  expect(readdirSync(folder.path).filter((name) => !name.startsWith("ledger.db-"))).toEqual(["ledger.db"]);
});

test("leaves a ledger of a newer version alone", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  await madeLedger(file, 1);
  const database = new Database(file);
  database.exec("INSERT INTO migration VALUES (99, 'x'); DROP TABLE cursor");
  database.close();
  expect(() => open(file)).toThrow(expect.objectContaining({ code: "LEDGER_NEWER" }));
  expect(setAsideFiles(file)).toEqual([]);
});

test("sets random bytes aside unchanged, never over another file, and begins anew", () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  const kept: Buffer[] = [];
  for (let round = 0; round < 3; round += 1) {
    kept.push(randomBytes(50_000));
    writeFileSync(file, kept.at(-1)!);
    for (const end of ["-wal", "-shm"]) if (existsSync(file + end)) truncateSync(file + end);
    const { ledger, salvage } = open(file);
    expect(salvage?.counts).toMatchObject({ entries: 0, lost: 0, watermarkSeq: 0 });
    expect(ledger.head().seq).toBe(0);
    ledger[Symbol.dispose]();
  }
  const names = setAsideFiles(file);
  const sorted = (files: readonly Buffer[]): string[] => files.map((file) => file.toString("hex")).toSorted();
  expect(sorted(names.map((name) => readFileSync(folder.file(name))))).toEqual(sorted(kept));
});

test("keeps every entry, its bytes and the watermark when only the first page is lost", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  const entries = await madeLedger(file);
  overwritePage(file, 1);
  const { ledger, salvage } = open(file);
  using _ledger = ledger;
  expect(salvage?.counts).toEqual({ entries: 121, lost: 0, pieces: 120, strayPieces: 0, watermarkSeq: 80 });
  expect(ledger.read(asSeq(0), 200)).toEqual(entries);
  expect(ledger.epoch()).toMatchObject({ firstSeq: 81, baseHash: entries[79]!.hash });
  expect(ledger.pending()[0]?.chunks).toHaveLength(120);
});

describe.each([
  { title: "garbage", filler: () => undefined },
  { title: "zeros", filler: () => Buffer.alloc(pageSize) },
])("a page overwritten with $title", ({ filler }) => {
  test("costs what stood on it and nothing else, whichever page it is", { timeout: 60_000 }, async () => {
    using folder = new TempFolder();
    const original = folder.file("original.db");
    const entries = await madeLedger(original, 50);
    const pages = readFileSync(original).length / pageSize;
    expect(pages).toBeGreaterThan(25);
    for (let page = 1; page <= pages; page += 1) {
      using run = new TempFolder();
      const file = run.file("ledger.db");
      copyFileSync(original, file);
      overwritePage(file, page, filler());
      // What a daemon leaves behind that has come across the page.
      writeFileSync(`${file}-is-corrupt`, "");
      const corrupt = readFileSync(file);
      const { ledger, salvage } = open(file);
      using _ledger = ledger;
      expect(readFileSync(salvage!.setAside), `page ${page}`).toEqual(corrupt);
      const keys = ledger.read(asSeq(0), 200).map(keyOf);
      expect(keys, `page ${page}`).toEqual(expect.arrayContaining(entriesOnOtherPages(original, entries, page)));
      expect(keys).toEqual(entries.map(keyOf).filter((key) => keys.includes(key)));
      await expectToWork(ledger);
    }
  });
});

test(
  "starts again after any bytes of the file are wrong, with every entry that is right",
  { timeout: 120_000 },
  async () => {
    using folder = new TempFolder();
    const original = folder.file("original.db");
    const entries = await madeLedger(original, 30);
    const size = readFileSync(original).length;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(size - 9), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (places, isKnown) => {
          using run = new TempFolder();
          const file = run.file("ledger.db");
          copyFileSync(original, file);
          for (const place of places) overwrite(file, place, 8);
          if (isKnown) writeFileSync(`${file}-is-corrupt`, "");
          const bytes = readFileSync(file);
          const { ledger, salvage } = open(file);
          using _ledger = ledger;
          if (salvage === undefined) return;
          expect(readFileSync(salvage.setAside)).toEqual(bytes);
          const after = ledger.read(asSeq(0), 100);
          const written = new Map(entries.map((entry) => [keyOf(entry), idOf(entry)]));
          // Nothing that was not written: a damaged entry is left out, or it is the one after a hole, which nothing proves.
          const wrong = after.filter((entry) => written.get(keyOf(entry)) !== idOf(entry));
          expect(wrong.length).toBeLessThanOrEqual(places.length);
          // Eight bytes cost no more than the pages they stand on.
          expect(after.length).toBeGreaterThan(entries.length - 1 - 20 * places.length);
          await expectToWork(ledger);
        },
      ),
      { numRuns: 60 },
    );
  },
);

test("keeps what stands before the cut when the file was cut short", { timeout: 60_000 }, async () => {
  using folder = new TempFolder();
  const original = folder.file("original.db");
  const entries = await madeLedger(original);
  const size = readFileSync(original).length;
  for (const length of [1, 100, 5000, pageSize, size >> 2, size >> 1, size - pageSize, size - 1]) {
    using run = new TempFolder();
    const file = run.file("ledger.db");
    copyFileSync(original, file);
    truncateSync(file, length);
    const corrupt = readFileSync(file);
    const { ledger, salvage } = open(file);
    using _ledger = ledger;
    expect(readFileSync(salvage!.setAside), `cut at ${length}`).toEqual(corrupt);
    const whole = corrupt.subarray(0, length - (length % pageSize));
    const readable = entries
      .filter((entry) => entry.bytes.length < 2000 && whole.includes(Buffer.from(entry.bytes)))
      .map(keyOf);
    expect(ledger.read(asSeq(0), 200).map(keyOf), `cut at ${length}`).toEqual(expect.arrayContaining(readable));
    await expectToWork(ledger);
  }
});

test("keeps what only the log of a killed daemon holds, and sets the log aside too", async () => {
  using folder = new TempFolder();
  const living = folder.file("living.db");
  using daemon = SqliteLedger.open(living, seal);
  for (let n = 1; n <= 20; n += 1) await daemon.write({ drafts: [touchDraft(`touch-${n}`)] });
  const file = folder.file("ledger.db");
  copyFileSync(`${living}-wal`, `${file}-wal`);
  writeFileSync(file, "");
  const log = readFileSync(`${file}-wal`);
  const { ledger, salvage } = open(file);
  using _ledger = ledger;
  expect(ledger.read(asSeq(0), 100)).toEqual(daemon.read(asSeq(0), 100));
  expect(readFileSync(`${salvage!.setAside}-wal`)).toEqual(log);
});

test("finds out that a file with a log is corrupt without writing to either", async () => {
  using folder = new TempFolder();
  const living = folder.file("living.db");
  await madeLedger(living);
  using daemon = SqliteLedger.open(living, seal);
  await daemon.write({ captured: [piece("stream-2", 0, "open")] });
  const file = folder.file("ledger.db");
  for (const end of ["", "-wal"]) copyFileSync(living + end, file + end);
  const last = daemon.read(daemon.epoch().firstSeq, 200).at(-1)!;
  overwritePage(file, Math.floor(readFileSync(file).indexOf(Buffer.from(last.hash)) / pageSize) + 1);
  const before = ["", "-wal"].map((end) => readFileSync(file + end));
  const { ledger, salvage } = open(file);
  using _ledger = ledger;
  expect(["", "-wal"].map((end) => readFileSync(salvage!.setAside + end))).toEqual(before);
  expect(salvage!.counts!.entries).toBeGreaterThan(100);
  expect(ledger.pending().map(({ streamId }) => streamId)).toContain("stream-2");
});

test("calls corruption met at run time by its name once, and salvages at the next start", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  const entries = await madeLedger(file);
  const bytes = readFileSync(file);
  const page = Math.floor(bytes.indexOf(Buffer.from(entries[9]!.hash)) / pageSize) + 1;
  overwritePage(file, page);
  const told: string[] = [];
  const { ledger } = openOrSalvage(file, { seal, onCorrupt: ({ code }) => told.push(code) });
  for (let n = 0; n < 2; n += 1) {
    expect(() => ledger.read(asSeq(0), 200)).toThrow(expect.objectContaining({ code: "LEDGER_CORRUPT" }));
  }
  ledger[Symbol.dispose]();
  expect(told).toEqual(["LEDGER_CORRUPT"]);
  const again = open(file);
  using _again = again.ledger;
  expect(again.salvage?.counts?.entries).toBeGreaterThan(100);
  expect(again.salvage?.counts?.lost).toBeGreaterThan(0);
  expect(existsSync(`${file}-is-corrupt`)).toBe(false);
  await expectToWork(again.ledger);
});
