import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { asSeq } from "../../../agent/core/ids.ts";
import { openOrSalvage, setAsideFiles } from "../../../agent/ledger/salvage.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { expectToWork, overwrite, seal } from "../../support/damaged-ledger.ts";
import { piece, touchDraft } from "../../support/entries.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const program = fileURLToPath(new URL("../../support/hosted/salvage-to-kill.ts", import.meta.url));

test(
  "comes to the same end when a salvage, and the next one, is killed before any of its steps",
  { timeout: 180_000 },
  async () => {
    using folder = new TempFolder();
    const living = folder.file("living.db");
    using daemon = SqliteLedger.open(living, seal);
    for (let n = 1; n <= 3; n += 1) {
      await daemon.write({ drafts: [touchDraft(`touch-${n}`)], captured: [piece("stream-1", n * 4 - 4, "byte")] });
    }
    const entries = daemon.read(asSeq(0), 100);
    const original = folder.file("ledger.db");
    for (const end of ["", "-wal"]) copyFileSync(living + end, original + end);
    overwrite(original, 0, 100);
    overwrite(`${original}-wal`, 0, 32);
    let steps = 0;
    for (let isWhole = false; !isWhole; steps += 1) {
      using run = new TempFolder();
      const file = run.file("ledger.db");
      for (const end of ["", "-wal"]) copyFileSync(original + end, file + end);
      const kill = (): number | null => spawnSync(process.execPath, [program, file, String(steps + 1)]).status;
      isWhole = kill() === 0;
      if (!isWhole && steps % 3 === 0) kill();
      const { ledger } = openOrSalvage(file, { seal, onCorrupt: () => undefined });
      using _ledger = ledger;
      const step = `killed before step ${steps + 1}`;
      expect(ledger.read(asSeq(0), 100), step).toEqual(entries);
      expect(
        ledger.pending().map(({ chunks }) => chunks.length),
        step,
      ).toEqual([3]);
      const [aside, ...more] = setAsideFiles(file);
      expect(more, step).toEqual([]);
      for (const end of ["", "-wal"])
        expect(readFileSync(run.file(aside!) + end), step).toEqual(readFileSync(original + end));
      expect(
        readdirSync(run.path).filter((name) => !/^ledger\.db(-wal|-shm|\.corrupt-.*)?$/.test(name)),
        step,
      ).toEqual([]);
      await expectToWork(ledger);
    }
    expect(steps).toBeGreaterThan(25);
  },
);
