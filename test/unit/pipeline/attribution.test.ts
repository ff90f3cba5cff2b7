import { expect, it } from "vitest";
import type { Draft } from "../../../agent/core/entry.ts";
import { asEntryId } from "../../../agent/core/ids.ts";
import { entrySeal } from "../../../agent/entry-seal.ts";
import { Linker } from "../../../agent/identity/linker.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { Attribution } from "../../../agent/pipeline/attribution.ts";
import { Persistence } from "../../../agent/pipeline/persistence.ts";
import { RefusalWatch } from "../../../agent/pipeline/refusal-watch.ts";
import { CountingLedger } from "../../support/counting-ledger.ts";
import { someInstant, touchDraft } from "../../support/entries.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const silent = { seen: () => undefined, recorded: () => undefined, lost: () => undefined };

function start(n: number): Draft {
  const data = { version: "0.1.0", retailStoreId: "0117" };
  return { id: asEntryId(`start-${n}`), kind: "agent.started", key: `start:${n}`, at: someInstant, data };
}

it("does not go through years of other entries for touches when the agent starts", async () => {
  using folder = new TempFolder();
  using real = SqliteLedger.open(folder.file("ledger.db"), entrySeal("0117-a"));
  const ledger = new CountingLedger(real);
  const clock = new ManualClock();
  const restored = async (): Promise<number> => {
    ledger.entriesGiven = 0;
    await new Attribution({
      ledger,
      clock,
      persistence: new Persistence(clock, AbortSignal.timeout(60_000), new RefusalWatch(() => undefined)),
      linker: new Linker({ beforeMs: 120_000, afterMs: 30_000 }),
      events: silent,
      newId: () => asEntryId("link"),
    }).restore();
    return ledger.entriesGiven;
  };
  await real.write({ drafts: [touchDraft("touch")] });
  await real.write({ drafts: Array.from({ length: 19_999 }, (_, n) => start(n)) });
  expect(await restored()).toBe(1);
  await real.write({ drafts: [start(20_000)] });
  expect(await restored()).toBe(0);
});
