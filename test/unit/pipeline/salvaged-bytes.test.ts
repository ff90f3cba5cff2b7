import { writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { entrySeal } from "../../../agent/entry-seal.ts";
import { openOrSalvage } from "../../../agent/ledger/salvage.ts";
import { PipelineUnderTest, printBytes } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";

/** Takes rows out of a ledger as damage would, and salvages it. */
function damageAndSalvage(file: string, damage: string): void {
  const database = new Database(file);
  database.exec(damage);
  database.close();
  writeFileSync(`${file}-is-corrupt`, "");
  openOrSalvage(file, { seal: entrySeal("0117-a"), onCorrupt: () => undefined }).ledger[Symbol.dispose]();
}

test("reads a lost sale again from the print bytes that were saved, and no other sale twice", async () => {
  using folder = new TempFolder();
  const first = await PipelineUnderTest.start(folder);
  await first.offer(printBytes("s1", 0, "sale 1|"));
  await first.offer(printBytes("s1", 7, "sale 2|"));
  await first.offer(printBytes("s2", 0, "sale 3|"));
  first.kill();
  damageAndSalvage(folder.file("ledger.db"), "DELETE FROM entry WHERE key IN ('slip:sale 2', 'slip:sale 3')");
  await using again = await PipelineUnderTest.start(folder);
  expect(again.slips().map(([, text]) => text)).toEqual(["sale 1", "sale 2", "sale 3"]);
  expect(again.kinds()).toEqual(["transaction", "transaction", "transaction"]);
  expect(again.ledger.pending()).toEqual([]);
});

test("does not make one slip of what stands before and after lost bytes", async () => {
  using folder = new TempFolder();
  const first = await PipelineUnderTest.start(folder);
  await first.offer(printBytes("s1", 0, "sale 1|sale "));
  await first.offer(printBytes("s1", 12, "2|sale 3|sale"));
  await first.offer(printBytes("s1", 25, " 4|sale 5|"));
  first.kill();
  damageAndSalvage(
    folder.file("ledger.db"),
    "DELETE FROM entry WHERE seq > 1; DELETE FROM capture WHERE byte_offset = 12",
  );
  await using again = await PipelineUnderTest.start(folder);
  expect(again.slips()).toEqual([
    ["completed", "sale 1"],
    ["truncated", "sale "],
    ["completed", " 4"],
    ["completed", "sale 5"],
  ]);
  expect(again.ledger.pending()).toEqual([]);
});
