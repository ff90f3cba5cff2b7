import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Draft, Evidence } from "../../../agent/core/entry.ts";
import { asDeviceId, asEntryId, asLaneId } from "../../../agent/core/ids.ts";
import { entrySeal } from "../../../agent/entry-seal.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { someInstant } from "../../support/entries.ts";
import { TempFolder } from "../../support/temp-folder.ts";

function touch(key: string, more: Partial<Evidence>): Draft {
  const evidence: Evidence = { type: "nfc.sun", tier: "proven", token: "t", keyVersion: 1, ...more };
  const seen = { laneId: asLaneId("05"), deviceId: asDeviceId("till-5-nfc"), readingId: key };
  const data = { ...seen, technology: "ntag424", evidence: [evidence] };
  return { id: asEntryId(randomUUID()), kind: "touch", key, at: someInstant, data };
}

test("knows the highest counter of each proof, over restarts, and forgets none for a lower one", async () => {
  using folder = new TempFolder();
  {
    using ledger = SqliteLedger.open(folder.file("ledger.db"), entrySeal("a"));
    expect(ledger.lastCounter("sun:t")).toBeUndefined();
    await ledger.write({ drafts: [touch("1", { proof: "sun:t", counter: 9 })] });
    await ledger.write({ drafts: [touch("2", { proof: "sun:t", counter: 4 }), touch("3", { proof: "vas:x" })] });
    await ledger.write({ drafts: [touch("4", { counter: 70 })] });
  }
  using ledger = SqliteLedger.open(folder.file("ledger.db"), entrySeal("a"));
  expect(ledger.lastCounter("sun:t")).toBe(9);
  expect(ledger.lastCounter("vas:x")).toBe(0);
});

test("takes no note of a touch that is there already", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), entrySeal("a"));
  await ledger.write({ drafts: [touch("1", { proof: "sun:t", counter: 1 })] });
  await ledger.write({ drafts: [touch("1", { proof: "sun:t", counter: 2 })] });
  expect(ledger.lastCounter("sun:t")).toBe(1);
});
