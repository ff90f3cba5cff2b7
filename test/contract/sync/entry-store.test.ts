import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database, Row } from "../../../sync/receiver/database.ts";
import { EntryStore } from "../../../sync/receiver/entry-store.ts";
import { databasesUnderTest, type OpenedDatabase } from "../../support/receiver-databases.ts";
import { someSale, someTouch, WireLedger } from "../../support/wire-ledger.ts";

describe.each(databasesUnderTest)("the entry store on $title", ({ available, open }) => {
  let opened: OpenedDatabase;
  let database: Database;
  let store: EntryStore;

  beforeAll(async () => {
    if (!available) return;
    opened = await open();
    database = opened.database;
    store = new EntryStore(database);
  }, 60_000);

  afterAll(async () => {
    if (available) await opened[Symbol.asyncDispose]();
  });

  const newLedger = (): WireLedger => new WireLedger(`agent-${randomUUID()}`);

  const ask = (text: string, ...parameters: readonly unknown[]): Promise<readonly Row[]> =>
    database.transaction((sql) => sql.query(text, parameters));

  /** Sequence number and flag of every entry of an agent, in order of arrival. */
  const entriesOf = async ({ agent }: WireLedger): Promise<readonly unknown[]> => {
    const text = "SELECT concat_ws(' ', seq, flag) AS entry FROM entries WHERE agent = $1 ORDER BY received_at, seq";
    return (await ask(text, agent)).map((row) => row["entry"]);
  };

  const alarmsOf = async ({ agent }: WireLedger): Promise<readonly unknown[]> =>
    (await ask("SELECT kind FROM alarms WHERE agent = $1 ORDER BY kind", agent)).map((row) => row["kind"]);

  describe.skipIf(!available)("with a good batch", () => {
    it("stores every entry as it came and acknowledges the last", async () => {
      const ledger = newLedger();
      ledger.add("touch", someTouch);
      ledger.add("agent.started", { version: "0.1.0", retailStoreId: "0117" });
      const ack = await store.accept(ledger.agent, [ledger.batch(1, 2)]);
      expect(ack).toEqual({ status: "ok", epoch: ledger.epoch.epoch, seq: 2, hash: ledger.hashAt(2) });
      const rows = await ask("SELECT body FROM entries WHERE agent = $1 ORDER BY seq", ledger.agent);
      expect(rows.map((row) => row["body"])).toEqual(ledger.lines.map((line) => Buffer.from(line).toString()));
    });

    it("makes of a sale one transaction with its lines, discounts, taxes and tenders", async () => {
      const ledger = newLedger();
      const id = ledger.add("transaction", someSale, "sale-1");
      await store.accept(ledger.agent, [ledger.batch(1, 1)]);
      expect(await ask("SELECT * FROM transactions WHERE transaction_id = $1", id)).toMatchObject([
        {
          agent: ledger.agent,
          idempotency_key: "sale-1",
          retail_store_id: "0117",
          workstation_id: "05",
          sequence_number: "0003364",
          kind: "sale",
          status: "completed",
          end_date_time: "2026-03-14 09:26:53",
          currency_code: "CNY",
          total_minor: 9201,
          line_count: 4,
          lane_id: "05",
          reconciliation: "reconciled",
        },
      ]);
      expect(
        await ask("SELECT description, quantity, voided FROM line_items WHERE transaction_id = $1 ORDER BY 1", id),
      ).toEqual(
        someSale.lineItems
          .map(({ description, quantity, voided }) => ({ description, quantity, voided }))
          .sort((a, b) => (a.description < b.description ? -1 : 1)),
      );
      const tenders = "SELECT tender_type, amount_minor FROM tenders WHERE transaction_id = $1 ORDER BY line_number";
      expect(await ask(tenders, id)).toEqual([
        { tender_type: "cash", amount_minor: 5000 },
        { tender_type: "card", amount_minor: 4201 },
      ]);
      expect(await ask("SELECT rate, included FROM taxes WHERE transaction_id = $1", id)).toEqual([
        { rate: "13", included: true },
      ]);
      expect(await ask("SELECT amount_minor FROM discounts WHERE transaction_id = $1", id)).toHaveLength(1);
    });

    it("brings a touch, its evidence and its link together with the sale", async () => {
      const ledger = newLedger();
      const touch = ledger.add("touch", someTouch);
      const sale = ledger.add("transaction", someSale);
      const link = { laneId: "05", transactionEntryId: sale, state: "linked", touchEntryId: touch, tier: "presented" };
      ledger.add("link", { ...link, candidateEntryIds: [touch], rule: "lane-window/1" });
      await store.accept(ledger.agent, [ledger.batch(1, 3)]);
      expect(
        await ask(
          `SELECT t.sequence_number, e.token, l.candidate_touch_ids FROM links l
           JOIN transactions t USING (transaction_id) JOIN touches USING (touch_id) JOIN touch_evidence e USING (touch_id)
           WHERE l.agent = $1`,
          ledger.agent,
        ),
      ).toEqual([{ sequence_number: "0003364", token: "q83vEjRWeJA", candidate_touch_ids: [touch] }]);
    });

    it("takes several batches at once, and finds each place in them", async () => {
      const ledger = newLedger();
      for (let n = 0; n < 9; n += 1) ledger.add("touch", someTouch);
      const lot = [ledger.batch(1, 3), ledger.batch(2, 5), ledger.batch(1, 1), ledger.batch(6, 9)] as const;
      expect(await store.accept(ledger.agent, lot)).toMatchObject({ status: "ok", seq: 9 });
      expect(await entriesOf(ledger)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    });
  });

  describe.skipIf(!available)("with an amended reading", () => {
    const unread = { ...someSale, kind: "other", profile: "none", lineItems: [], tenders: [], totalMinor: undefined };
    const amended = (transactionEntryId: string, amendment: number, totalMinor: number) => ({
      ...someSale,
      totalMinor,
      fiscal: [{ kind: "atcud", source: "qr", atcud: "ABCD1234-17", totalMinor }],
      tenders: [{ tenderType: "cash", amountMinor: totalMinor, merchantReference: "m-1" }],
      transactionEntryId,
      amendment,
    });
    const shown = async (id: string): Promise<readonly unknown[]> => {
      const rows = await ask(
        `SELECT t.kind, t.profile, t.total_minor, t.reading_id,
           (SELECT count(*)::integer FROM line_items WHERE transaction_id = $1) AS lines,
           (SELECT sum(amount_minor)::integer FROM tenders WHERE transaction_id = $1) AS paid,
           (SELECT max(members ->> 'atcud') FROM fiscal_codes WHERE transaction_id = $1) AS atcud
         FROM transactions t WHERE transaction_id = $1`,
        id,
      );
      return rows.map((row) => [
        row["kind"],
        row["profile"],
        row["total_minor"],
        row["lines"],
        row["paid"],
        row["atcud"],
      ]);
    };

    it("shows the newest under the first entry's id and keeps the history", async () => {
      const ledger = newLedger();
      const id = ledger.add("transaction", unread);
      await store.accept(ledger.agent, [ledger.batch(1, 1)]);
      expect(await shown(id)).toEqual([["other", "none", null, 0, null, null]]);
      ledger.add("transaction.amended", amended(id, 1, 100));
      ledger.add("transaction.amended", amended(id, 2, 9201));
      await store.accept(ledger.agent, [ledger.batch(2, 3)]);
      expect(await shown(id)).toEqual([["sale", "cn01", 9201, 4, 9201, "ABCD1234-17"]]);
      expect(await entriesOf(ledger)).toEqual(["1", "2", "3"]);
      const history = "SELECT profile, total_minor FROM transaction_readings WHERE transaction_id = $1 ORDER BY seq";
      expect((await ask(history, id)).map((row) => [row["profile"], row["total_minor"]])).toEqual([
        ["none", null],
        ["cn01", 100],
        ["cn01", 9201],
      ]);
    });

    it("shows it when both come in one batch, whatever stands before them", async () => {
      const ledger = newLedger();
      const old = ledger.add("transaction", unread);
      await store.accept(ledger.agent, [ledger.batch(1, 1)]);
      ledger.add("transaction.amended", amended(old, 1, 100));
      const id = ledger.add("transaction", unread);
      ledger.add("transaction.amended", amended(id, 1, 200));
      await store.accept(ledger.agent, [ledger.batch(2, 4)]);
      expect(await shown(old)).toEqual([["sale", "cn01", 100, 4, 100, "ABCD1234-17"]]);
      expect(await shown(id)).toEqual([["sale", "cn01", 200, 4, 200, "ABCD1234-17"]]);
    });

    it("does not go back to an older one that is shipped again", async () => {
      const ledger = newLedger();
      const id = ledger.add("transaction", unread);
      ledger.add("transaction.amended", amended(id, 1, 100), "amended-1");
      await store.accept(ledger.agent, [ledger.batch(1, 2)]);
      ledger.add("transaction.amended", amended(id, 2, 9201), "amended-2");
      await store.accept(ledger.agent, [ledger.batch(3, 3)]);
      ledger.beginEpoch(1);
      await store.accept(ledger.agent, [ledger.batch(2, 2)]);
      expect(await shown(id)).toEqual([["sale", "cn01", 9201, 4, 9201, "ABCD1234-17"]]);
    });

    it("makes a row of one whose first reading did not fit, and flags one that does not fit itself", async () => {
      const ledger = newLedger();
      const id = ledger.add("transaction", { ...someSale, totalMinor: "92.01" });
      ledger.add("transaction.amended", amended(id, 1, 9201));
      ledger.add("transaction.amended", { ...amended(id, 2, 100), lineItems: "none" });
      await store.accept(ledger.agent, [ledger.batch(1, 3)]);
      expect(await entriesOf(ledger)).toEqual(["1 projection-failed", "2", "3 projection-failed"]);
      expect(await shown(id)).toEqual([["sale", "cn01", 9201, 4, 9201, "ABCD1234-17"]]);
    });
  });

  describe.skipIf(!available)("with a batch it has seen", () => {
    it("stores nothing twice and acknowledges again", async () => {
      const ledger = newLedger();
      ledger.add("transaction", someSale);
      ledger.add("touch", someTouch);
      ledger.add("touch", someTouch);
      await store.accept(ledger.agent, [ledger.batch(1, 3)]);
      expect(await store.accept(ledger.agent, [ledger.batch(1, 3)])).toMatchObject({ status: "ok", seq: 3 });
      expect(await store.accept(ledger.agent, [ledger.batch(2, 2)])).toMatchObject({ status: "ok", seq: 3 });
      expect(await entriesOf(ledger)).toEqual(["1", "2", "3"]);
      expect(await ask("SELECT FROM transactions WHERE agent = $1", ledger.agent)).toHaveLength(1);
    });

    it("stores only what is new of one that overlaps", async () => {
      const ledger = newLedger();
      for (let n = 0; n < 5; n += 1) ledger.add("touch", someTouch);
      await store.accept(ledger.agent, [ledger.batch(1, 3)]);
      expect(await store.accept(ledger.agent, [ledger.batch(2, 5)])).toMatchObject({ status: "ok", seq: 5 });
      expect(await entriesOf(ledger)).toEqual(["1", "2", "3", "4", "5"]);
    });

    it("stores it once when it comes twice at the same moment", async () => {
      const ledger = newLedger();
      ledger.add("transaction", someSale);
      const other = new EntryStore(database);
      const acks = await Promise.all(
        [store, other, store].map((one) => one.accept(ledger.agent, [ledger.batch(1, 1)])),
      );
      expect(acks.map((ack) => `${ack.status} ${ack.seq}`)).toEqual(["ok 1", "ok 1", "ok 1"]);
      expect(await entriesOf(ledger)).toEqual(["1"]);
    });
  });

  describe.skipIf(!available)("with a gap or a fork", () => {
    it("answers a gap with its watermark and stores nothing of it", async () => {
      const ledger = newLedger();
      for (let n = 0; n < 5; n += 1) ledger.add("touch", someTouch);
      await store.accept(ledger.agent, [ledger.batch(1, 2)]);
      const ack = await store.accept(ledger.agent, [ledger.batch(4, 5)]);
      expect(ack).toEqual({ status: "gap", epoch: ledger.epoch.epoch, seq: 2, hash: ledger.hashAt(2) });
      expect(await entriesOf(ledger)).toEqual(["1", "2"]);
    });

    it.each([
      ["goes on from another hash", 4, 4],
      ["overlaps with other contents", 2, 4],
      ["is old and has other contents", 2, 2],
    ])("calls it a fork when a batch %s, overwrites nothing and raises an alarm", async (_, from, to) => {
      const ledger = newLedger();
      for (let n = 0; n < 3; n += 1) ledger.add("touch", someTouch);
      await store.accept(ledger.agent, [ledger.batch(1, 3)]);
      const before = await ask("SELECT seq, body FROM entries WHERE agent = $1 ORDER BY seq", ledger.agent);
      const other = ledger.copy(1);
      for (let n = 0; n < 3; n += 1) other.add("touch", { ...someTouch, technology: "other" });
      const ack = await store.accept(ledger.agent, [other.batch(from, to)]);
      expect(ack).toEqual({ status: "fork", epoch: ledger.epoch.epoch, seq: 3, hash: ledger.hashAt(3) });
      expect(await ask("SELECT seq, body FROM entries WHERE agent = $1 ORDER BY seq", ledger.agent)).toEqual(before);
      expect(await alarmsOf(ledger)).toEqual(["fork"]);
    });

    it("calls it a fork when a known epoch is said to begin elsewhere", async () => {
      const ledger = newLedger();
      for (let n = 0; n < 3; n += 1) ledger.add("touch", someTouch);
      await store.accept(ledger.agent, [ledger.batch(1, 2)]);
      ledger.epoch = { ...ledger.epoch, firstSeq: 3, baseHash: ledger.hashAt(2) };
      expect(await store.accept(ledger.agent, [ledger.batch(3, 3)])).toMatchObject({ status: "fork", seq: 2 });
    });

    it("takes what is shipped again under a new epoch, flags it, and counts it once", async () => {
      const ledger = newLedger();
      ledger.add("agent.started", {});
      ledger.add("transaction", someSale, "sale-1");
      await store.accept(ledger.agent, [ledger.batch(1, 2)]);
      ledger.beginEpoch(1);
      ledger.add("transaction", someSale, "sale-2");
      const ack = await store.accept(ledger.agent, [ledger.batch(2, 3)]);
      expect(ack).toEqual({ status: "ok", epoch: ledger.epoch.epoch, seq: 3, hash: ledger.hashAt(3) });
      expect(await entriesOf(ledger)).toEqual(["1", "2", "2 repeated", "3"]);
      expect(await ask("SELECT FROM transactions WHERE agent = $1", ledger.agent)).toHaveLength(2);
      expect(await alarmsOf(ledger)).toEqual(["epoch-begun"]);
    });

    it("raises an alarm when a new epoch leaves a hole", async () => {
      const ledger = newLedger();
      for (let n = 0; n < 4; n += 1) ledger.add("touch", someTouch);
      await store.accept(ledger.agent, [ledger.batch(1, 1)]);
      ledger.beginEpoch(3);
      expect(await store.accept(ledger.agent, [ledger.batch(4, 4)])).toMatchObject({ status: "ok", seq: 4 });
      expect(await alarmsOf(ledger)).toEqual(["epoch-begun", "epoch-hole"]);
    });
  });

  describe.skipIf(!available)("with entries that are not as they should be", () => {
    it("flags a transaction that does not fit, and derives the ones around it", async () => {
      const ledger = newLedger();
      const wrong = [
        { ...someSale, totalMinor: "92.01" },
        { ...someSale, endDateTime: "yesterday" },
        { ...someSale, lineItems: "none" },
        { ...someSale, reconciliation: undefined },
        { ...someSale, tenders: [{ tenderType: "cash", amountMinor: 1e300 }] },
        "no object",
        null,
      ];
      ledger.add("transaction", someSale);
      for (const data of wrong) ledger.add("transaction", data);
      ledger.add("touch", someTouch);
      ledger.add("transaction", someSale);
      const all = ledger.lines.length;
      expect(await store.accept(ledger.agent, [ledger.batch(1, all)])).toMatchObject({ status: "ok", seq: all });
      const flagged = wrong.map((_, index) => `${index + 2} projection-failed`);
      expect(await entriesOf(ledger)).toEqual(["1", ...flagged, `${all - 1}`, `${all}`]);
      expect(await ask("SELECT seq FROM transactions WHERE agent = $1 ORDER BY 1", ledger.agent)).toEqual([
        { seq: 1 },
        { seq: all },
      ]);
      expect(await ask("SELECT FROM touches WHERE agent = $1", ledger.agent)).toHaveLength(1);
    });

    it("stores and flags a kind it does not know", async () => {
      const ledger = newLedger();
      ledger.add("weather", { temperature: 21 });
      expect(await store.accept(ledger.agent, [ledger.batch(1, 1)])).toMatchObject({ status: "ok" });
      expect(await entriesOf(ledger)).toEqual(["1 unknown-kind"]);
    });

    it("stores and flags lines that are no event, byte for byte", async () => {
      const ledger = newLedger();
      const lines = [Buffer.from("not json"), Buffer.from([0xff, 0x00, 0xfe]), Buffer.from("{}"), Buffer.alloc(0)];
      for (const line of lines) ledger.addLine(line);
      expect(await store.accept(ledger.agent, [ledger.batch(1, 4)])).toMatchObject({ status: "ok", seq: 4 });
      const rows = await ask("SELECT body_bytes, flag FROM entries WHERE agent = $1 ORDER BY seq", ledger.agent);
      expect(rows.map((row) => Buffer.from(row["body_bytes"] as Uint8Array))).toEqual(lines);
      expect(new Set(rows.map((row) => row["flag"]))).toEqual(new Set(["unreadable"]));
    });

    it("derives rows from text that jsonb cannot hold, and keeps the text", async () => {
      const ledger = newLedger();
      const description = "a\0b \ud800 c \udc00 \u{1f34e} \\u0000";
      const id = ledger.add("transaction", { ...someSale, lineItems: [{ ...someSale.lineItems[0], description }] });
      await store.accept(ledger.agent, [ledger.batch(1, 1)]);
      expect(await entriesOf(ledger)).toEqual(["1"]);
      const [line] = await ask("SELECT description FROM line_items WHERE transaction_id = $1", id);
      expect(line?.["description"]).toBe("a\ufffdb \ufffd c \ufffd \u{1f34e} \\u0000");
      const [entry] = await ask("SELECT body FROM entries WHERE agent = $1", ledger.agent);
      expect(entry?.["body"]).toBe(Buffer.from(ledger.lines[0]!).toString());
    });

    it("keeps surrogate pairs that are written as escapes", async () => {
      const ledger = newLedger();
      const id = ledger.add("transaction", { ...someSale, operatorId: "APPLE" });
      const line = Buffer.from(ledger.lines[0]!)
        .toString()
        .replace("APPLE", String.raw`\u0000\ud83c\udf4e`);
      ledger.lines[0] = Buffer.from(line);
      await store.accept(ledger.agent, [ledger.batch(1, 1)]);
      const rows = await ask("SELECT operator_id FROM transactions WHERE transaction_id = $1", id);
      expect(rows).toEqual([{ operator_id: "\ufffd\u{1f34e}" }]);
    });

    it("survives nesting that no parser likes", async () => {
      const ledger = newLedger();
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      ledger.add("transaction", someSale);
      ledger.add("transaction", { ...someSale, lines: "DEEP" });
      ledger.lines[1] = Buffer.from(Buffer.from(ledger.lines[1]!).toString().replace('"DEEP"', deep));
      ledger.add("transaction", someSale);
      expect(await store.accept(ledger.agent, [ledger.batch(1, 3)])).toMatchObject({ status: "ok", seq: 3 });
      expect(await entriesOf(ledger)).toEqual(["1", "2 projection-failed", "3"]);
    });

    it("acknowledges whatever data an event of a known kind may hold", async () => {
      const kind = fc.constantFrom("transaction", "touch", "link");
      const members = Object.keys(someSale).concat(Object.keys(someTouch), "candidateEntryIds", "state", "rule");
      const changed = fc.dictionary(fc.constantFrom(...members), fc.jsonValue());
      const event = fc.record({ kind, data: changed.map((change) => ({ ...someSale, ...someTouch, ...change })) });
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 5 }), async (events) => {
          const ledger = newLedger();
          for (const { kind, data } of events) ledger.add(kind, data);
          const ack = await store.accept(ledger.agent, [ledger.batch(1, events.length)]);
          expect(ack).toMatchObject({ status: "ok", seq: events.length });
          expect(await entriesOf(ledger)).toHaveLength(events.length);
        }),
        { numRuns: 15 },
      );
    }, 30_000);
  });

  describe.skipIf(!available)("with a birth", () => {
    const birthOf = ({ agent, epoch, lines }: WireLedger) => ({
      state: "online" as const,
      agent,
      agentVersion: "0.1.0",
      epoch,
      headSeq: lines.length,
      watermark: { seq: 0, hash: epoch.baseHash },
    });

    it("answers a live one with its watermark, and a retained one by asking for what it may have missed", async () => {
      const ledger = newLedger();
      ledger.add("touch", someTouch);
      await store.accept(ledger.agent, [ledger.batch(1, 1)]);
      const mark = { epoch: ledger.epoch.epoch, seq: 1, hash: ledger.hashAt(1) };
      expect(await store.heard(birthOf(ledger), false)).toEqual({ status: "ok", ...mark });
      expect(await store.heard(birthOf(ledger), true)).toEqual({ status: "gap", ...mark });
    });

    it("answers an agent it has never seen with the place before its first entry", async () => {
      const ledger = newLedger();
      ledger.add("touch", someTouch);
      ledger.beginEpoch(1);
      const { epoch, baseHash } = ledger.epoch;
      expect(await store.heard(birthOf(ledger), false)).toEqual({
        status: "ok",
        epoch,
        seq: 1,
        hash: Buffer.from(baseHash),
      });
    });

    it("shows who is there and who has gone", async () => {
      const ledger = newLedger();
      const states = "SELECT state, agent_version, head_seq FROM agents WHERE agent = $1";
      await store.heard(birthOf(ledger), false);
      expect(await ask(states, ledger.agent)).toEqual([{ state: "online", agent_version: "0.1.0", head_seq: 0 }]);
      expect(await store.heard({ state: "offline", agent: ledger.agent }, false)).toBeUndefined();
      expect(await ask(states, ledger.agent)).toEqual([{ state: "offline", agent_version: "0.1.0", head_seq: 0 }]);
    });
  });
});
