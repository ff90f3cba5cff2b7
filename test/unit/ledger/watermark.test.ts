import { copyFileSync } from "node:fs";
import { expect, test } from "vitest";
import { entrySeal } from "../../../agent/entry-seal.ts";
import { asSeq } from "../../../agent/core/ids.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { touchDraft } from "../../support/entries.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const seal = entrySeal("0117-a");

/** Acknowledges up to an entry, with the hash there. */
function acknowledgeTo(ledger: SqliteLedger, seq: number): string {
  const [entry] = ledger.read(asSeq(seq - 1), 1);
  return ledger.acknowledge({ epoch: ledger.epoch().epoch, seq: asSeq(seq), hash: entry!.hash });
}

/** Where the receiver stands as the ledger would say after a power cut now. */
function onDisk(folder: TempFolder): number {
  using copy = new TempFolder();
  for (const end of ["", "-wal"]) copyFileSync(folder.file(`ledger.db${end}`), copy.file(`ledger.db${end}`));
  using ledger = SqliteLedger.open(copy.file("ledger.db"), seal);
  return ledger.watermark().seq;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("takes acknowledgements in a new epoch at once, and none in the one before", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  await ledger.write({ drafts: ["a", "b", "c"].map((key) => touchDraft(key)) });
  expect(acknowledgeTo(ledger, 1)).toBe("advanced");
  const before = ledger.epoch();
  const { epoch } = ledger.beginEpoch();
  expect(ledger.watermark()).toMatchObject({ epoch, seq: 1 });
  const { hash } = ledger.head();
  expect(ledger.acknowledge({ epoch: before.epoch, seq: asSeq(3), hash })).toBe("refused");
  expect(ledger.acknowledge({ epoch, seq: asSeq(3), hash })).toBe("advanced");
  expect(ledger.watermark()).toMatchObject({ epoch, seq: 3 });
});

test("has an acknowledgement of everything on disk a turn later, one of a part with the next commit or when the ledger is closed", async () => {
  using folder = new TempFolder();
  {
    using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
    await ledger.write({ drafts: ["a", "b", "c"].map((key) => touchDraft(key)) });
    expect(acknowledgeTo(ledger, 1)).toBe("advanced");
    await turn();
    expect(onDisk(folder)).toBe(0);
    await ledger.write({ drafts: [touchDraft("d")] });
    expect(onDisk(folder)).toBe(1);
    expect(acknowledgeTo(ledger, 4)).toBe("advanced");
    await turn();
    expect(onDisk(folder)).toBe(4);
    await ledger.write({ drafts: [touchDraft("e"), touchDraft("f")] });
    expect(acknowledgeTo(ledger, 5)).toBe("advanced");
  }
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  expect(ledger.watermark().seq).toBe(5);
});

test("has fewer than two thousand acknowledged entries to send again after a power cut", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  await ledger.write({ drafts: Array.from({ length: 5000 }, (_, n) => touchDraft(`touch-${n}`)) });
  const states: number[] = [];
  for (const seq of [1999, 2000, 3999, 4000, 4999]) {
    acknowledgeTo(ledger, seq);
    await turn();
    states.push(onDisk(folder));
  }
  expect(states).toEqual([0, 2000, 2000, 4000, 4000]);
});
