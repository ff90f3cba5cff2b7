import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Draft } from "../../../agent/core/entry.ts";
import { asDeviceId, asEntryId, asZoneId } from "../../../agent/core/ids.ts";
import { entrySeal } from "../../../agent/entry-seal.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { someInstant, touchDraft } from "../../support/entries.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const seal = entrySeal("0117-a");

function started(visitId: string): Draft {
  const place = { visitId, zoneId: asZoneId("entrance"), deviceId: asDeviceId("radio"), beaconId: visitId };
  const data = { ...place, evidence: [], firstSeenAt: someInstant };
  return { id: asEntryId(randomUUID()), kind: "visit.started", key: `visit:${visitId}`, at: someInstant, data };
}

function ended(visitId: string, startedEntryId = asEntryId("e")): Draft {
  const place = { visitId, zoneId: asZoneId("entrance"), beaconId: visitId, startedEntryId };
  const data = { ...place, lastSeenAt: someInstant, dwellMs: 1, sightings: 2, reason: "silent" } as const;
  return { id: asEntryId(randomUUID()), kind: "visit.ended", key: `visit-end:${visitId}`, at: someInstant, data };
}

test("knows the visits that have begun and not ended, in their order, wherever in the ledger they stand and over restarts", async () => {
  using folder = new TempFolder();
  const open = (): SqliteLedger => SqliteLedger.open(folder.file("ledger.db"), seal);
  const keysIn = (ledger: SqliteLedger): readonly string[] => ledger.openVisits().map(({ key }) => key);
  {
    using ledger = open();
    expect(ledger.openVisits()).toEqual([]);
    for (const name of ["a", "b", "c", "d"])
      await ledger.write({ drafts: [started(name), touchDraft(`touch-${name}`)] });
    await ledger.write({ drafts: [ended("b"), started("a")] });
    expect(keysIn(ledger)).toEqual(["visit:a", "visit:c", "visit:d"]);
  }
  using ledger = open();
  expect(keysIn(ledger)).toEqual(["visit:a", "visit:c", "visit:d"]);
  expect(ledger.openVisits().map(({ seq }) => seq)).toEqual([1, 5, 7]);
  await ledger.write({ drafts: ["a", "c", "d", "d"].map((name) => ended(name)) });
  expect(ledger.openVisits()).toEqual([]);
});
