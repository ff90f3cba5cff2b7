import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScanEntry, TouchEntry, VisitEndedEntry, VisitStartedEntry } from "../../../agent/core/entry.ts";
import { asDeviceId, asEntryId, asLaneId, asZoneId } from "../../../agent/core/ids.ts";
import type { Row } from "../../../sync/receiver/database.ts";
import { EntryStore } from "../../../sync/receiver/entry-store.ts";
import { someInstant } from "../../support/entries.ts";
import { databasesUnderTest, type OpenedDatabase } from "../../support/receiver-databases.ts";
import { someSale, WireLedger } from "../../support/wire-ledger.ts";

const seen = { laneId: asLaneId("05"), deviceId: asDeviceId("till-5") };
const token = "ab".repeat(32);

const scan: ScanEntry = {
  ...seen,
  readingId: "r1",
  via: "hid-pos",
  symbology: "]d2",
  codeKind: "gs1",
  elements: { "01": "06901939621608", "10": "L1" },
  evidence: [],
};

const touch = (counter: number): TouchEntry => ({
  ...seen,
  readingId: randomUUID(),
  technology: "ntag424",
  evidence: [{ type: "nfc.sun", tier: "proven", token, keyVersion: 1, proof: `sun:${token}`, counter }],
});

const visit = { visitId: "v", zoneId: asZoneId("entrance"), beaconId: "cart" };

const started: VisitStartedEntry = {
  ...visit,
  deviceId: asDeviceId("radio-1"),
  evidence: [{ type: "ble.beacon", tier: "nearby", token, keyVersion: 1 }],
  firstSeenAt: someInstant,
};

const ended: VisitEndedEntry = {
  ...visit,
  startedEntryId: asEntryId("e"),
  lastSeenAt: { ...someInstant, wallMs: someInstant.wallMs + 60_000 },
  dwellMs: 60_000.4,
  sightings: 58,
  strongestRssiDbm: -51.5,
  reason: "silent",
};

describe.each(databasesUnderTest)("the tables of touches on $title", ({ available, open }) => {
  let opened: OpenedDatabase;

  beforeAll(async () => {
    if (available) opened = await open();
  }, 60_000);

  afterAll(async () => {
    if (available) await opened[Symbol.asyncDispose]();
  });

  const newLedger = (): WireLedger => new WireLedger(`agent-${randomUUID()}`);

  const ask = (text: string, ...parameters: readonly unknown[]): Promise<readonly Row[]> =>
    opened.database.transaction((sql) => sql.query(text, parameters));

  const ship = async (ledger: WireLedger): Promise<void> => {
    const ack = await new EntryStore(opened.database).accept(ledger.agent, [ledger.batch(1, ledger.lines.length)]);
    expect(ack).toMatchObject({ status: "ok", seq: ledger.lines.length });
    expect(await ask("SELECT FROM entries WHERE agent = $1 AND flag IS NOT NULL", ledger.agent)).toEqual([]);
  };

  it.skipIf(!available)("hold a scan with what it says of an article", async () => {
    const ledger = newLedger();
    ledger.add("scan", scan);
    await ship(ledger);
    expect(await ask("SELECT * FROM scans WHERE agent = $1", ledger.agent)).toMatchObject([
      { lane_id: "05", code_kind: "gs1", symbology: "]d2", elements: { "01": "06901939621608" }, token: null },
    ]);
  });

  it.skipIf(!available)("say why evidence is doubted, and against what", async () => {
    const ledger = newLedger();
    const evidence = { type: "nfc.sun", tier: "claimed", token, keyVersion: 1, counter: 4, lastCounter: 9 } as const;
    const replayed: TouchEntry = { ...touch(4), evidence: [{ ...evidence, doubt: "counter-replayed" }] };
    const expired: TouchEntry = {
      ...touch(4),
      evidence: [{ ...evidence, type: "wallet.vas", doubt: "expired", issuedAt: "2026-03-14T02:00:00.000Z" }],
    };
    ledger.add("touch", replayed);
    ledger.add("touch", expired);
    await ship(ledger);
    const rows = await ask(
      "SELECT e.* FROM touch_evidence e JOIN touches USING (touch_id) WHERE agent = $1 ORDER BY seq",
      ledger.agent,
    );
    expect(rows).toMatchObject([
      { doubt: "counter-replayed", counter: 4, last_counter: 9, tier: "claimed" },
      { doubt: "expired" },
    ]);
  });

  it.skipIf(!available)("name a one-time proof that two stores took, which were offline from one another", async () => {
    const [one, two] = [newLedger(), newLedger()];
    one.add("touch", touch(7));
    one.add("touch", touch(8));
    two.add("touch", touch(7));
    await ship(one);
    await ship(two);
    expect(await ask("SELECT * FROM proof_collisions WHERE proof = $1", `sun:${token}`)).toMatchObject([
      { counter: 7, touch_count: 2, agent_count: 2 },
    ]);
  });

  it.skipIf(!available).each([
    ["in order", [started, ended]],
    ["the other way round", [ended, started]],
    ["sent twice", [started, ended, started, ended]],
  ])("hold a visit as one row, its entries %s", async (_, bodies) => {
    const ledger = newLedger();
    const visitId = randomUUID();
    for (const body of bodies) ledger.add("dwellMs" in body ? "visit.ended" : "visit.started", { ...body, visitId });
    await ship(ledger);
    const text = `SELECT *, extract(epoch FROM last_seen_at - first_seen_at)::integer AS seconds FROM visits WHERE agent = $1`;
    expect(await ask(text, ledger.agent)).toMatchObject([
      {
        visit_id: visitId,
        zone_id: "entrance",
        device_id: "radio-1",
        token,
        dwell_ms: 60_000,
        sightings: 58,
        end_reason: "silent",
        seconds: 60,
      },
    ]);
  });

  it.skipIf(!available)("hold nothing that a person played; it is stored, acknowledged and shown apart", async () => {
    const ledger = newLedger();
    const isTest = true;
    const kinds = {
      transaction: { ...someSale, isTest },
      touch: { ...touch(1), isTest },
      scan: { ...scan, isTest },
      "visit.started": { ...started, visitId: randomUUID(), isTest },
      link: { laneId: "05", transactionEntryId: "x", state: "linked", candidateEntryIds: [], rule: "r", isTest },
    };
    for (const [kind, body] of Object.entries(kinds)) ledger.add(kind, body);
    await ship(ledger);
    for (const table of ["transactions", "touches", "scans", "visits", "links", "transaction_readings"])
      expect(await ask(`SELECT FROM ${table} WHERE agent = $1`, ledger.agent), table).toEqual([]);
    const shown = await ask("SELECT kind FROM test_entries WHERE agent = $1 ORDER BY seq", ledger.agent);
    expect(shown.map(({ kind }) => kind)).toEqual(Object.keys(kinds));
  });
});
