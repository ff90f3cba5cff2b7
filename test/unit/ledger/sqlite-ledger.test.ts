import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { entrySeal } from "../../../agent/entry-seal.ts";
import { asEpoch, asSeq, asStreamId } from "../../../agent/core/ids.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { verifyChain } from "../../../agent/ledger/verify-chain.ts";
import { piece, touchDraft } from "../../support/entries.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const seal = entrySeal("0117-a");

test("gives entries consecutive numbers and an unbroken chain, across restarts", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  for (const run of [0, 1, 2]) {
    using ledger = SqliteLedger.open(file, seal);
    await Promise.all([0, 1, 2].map((n) => ledger.write({ drafts: [touchDraft(`touch-${run}-${n}`)] })));
  }
  using ledger = SqliteLedger.open(file, seal);
  expect(ledger.read(asSeq(0), 100).map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await verifyChain(ledger, seal)).toEqual({ ok: true, entries: 9 });
});

test("names the first entry that was tampered with", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  {
    using ledger = SqliteLedger.open(file, seal);
    await ledger.write({ drafts: [1, 2, 3, 4].map((n) => touchDraft(`touch-${n}`)) });
  }
  const database = new Database(file);
  database.exec(
    "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'ntag213', 'ntag215') AS BLOB) WHERE seq = 3",
  );
  database.close();
  using ledger = SqliteLedger.open(file, seal);
  expect(await verifyChain(ledger, seal)).toEqual({ ok: false, entries: 2, brokenAt: 3 });
});

test("keeps the first of two drafts with one key and names it", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  const first = touchDraft("touch-1");
  await ledger.write({ drafts: [first] });
  const answers = await ledger.write({ drafts: [touchDraft("touch-1"), touchDraft("touch-2")] });
  expect(answers).toMatchObject([
    { status: "duplicate", entryId: first.id, seq: 1 },
    { status: "recorded", entry: { seq: 2 } },
  ]);
});

test("answers each of a hundred callers, wherever among them a key is taken or comes twice", async () => {
  const keys = Array.from({ length: 100 }, (_, n) => `touch-${n}`);
  for (const place of [0, 1, 19, 20, 55, 79, 99]) {
    using folder = new TempFolder();
    using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
    await ledger.write({ drafts: [touchDraft("taken")] });
    const offered = keys.toSpliced(place, 1, "taken", "twice", "twice");
    const answers = await Promise.all(offered.map((key) => ledger.write({ drafts: [touchDraft(key)] })));
    const recorded = offered.filter((key, index) => key !== "taken" && offered.indexOf(key) === index);
    expect(answers.flat().map(({ status }) => status)).toEqual(
      offered.map((key, index) =>
        recorded.includes(key) && offered.indexOf(key) === index ? "recorded" : "duplicate",
      ),
    );
    expect(answers[place]).toMatchObject([{ status: "duplicate", seq: 1 }]);
    expect(answers[place + 2]).toMatchObject([{ status: "duplicate", seq: place + 2 }]);
    expect(ledger.latest(["touch"], 1000).map(({ key }) => key)).toEqual(["taken", ...recorded].toReversed());
    expect(await verifyChain(ledger, seal)).toEqual({ ok: true, entries: 101 });
  }
});

test("goes on with an unbroken chain after a disk that was full for some of many callers", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  await ledger.write({ drafts: [touchDraft("before")] });
  ledger.limitPages(20);
  const offer = (run: number): Promise<PromiseSettledResult<unknown>[]> =>
    Promise.allSettled(
      Array.from({ length: 100 }, (_, n) =>
        ledger.write({ drafts: [touchDraft(`touch-${run}-${n}`, "x".repeat(2000))] }),
      ),
    );
  const results = await offer(0);
  const refused = results.filter(({ status }) => status === "rejected");
  expect(refused[0]).toMatchObject({ reason: { code: "LEDGER_UNWRITABLE" } });
  const kept = 1 + results.length - refused.length;
  expect(kept).toBeGreaterThan(1);
  expect(await verifyChain(ledger, seal)).toEqual({ ok: true, entries: kept });
  ledger.limitPages(1_000_000);
  await offer(1);
  expect(await verifyChain(ledger, seal)).toEqual({ ok: true, entries: kept + 100 });
});

test("leaves a head that was asked for as it was when more is written", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  const heads = [];
  for (const run of [0, 1, 2]) {
    await ledger.write({ drafts: Array.from({ length: 30 }, (_, n) => touchDraft(`touch-${run}-${n}`)) });
    heads.push(ledger.head());
  }
  for (const { seq, hash } of heads) {
    const [entry] = ledger.read(asSeq(seq - 1), 1);
    expect(Buffer.from(hash)).toEqual(entry?.hash);
  }
});

test("refuses a second daemon on the same file", () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  expect(ledger.head().seq).toBe(0);
  expect(() => SqliteLedger.open(folder.file("ledger.db"), seal)).toThrow(
    expect.objectContaining({ code: "LEDGER_LOCKED" }),
  );
});

test("refuses a file that is no database, and one from a newer version", () => {
  using folder = new TempFolder();
  const newer = folder.file("newer.db");
  SqliteLedger.open(newer, seal)[Symbol.dispose]();
  const database = new Database(newer);
  database.exec("INSERT INTO migration VALUES (99, 'x')");
  database.close();
  expect(() => SqliteLedger.open(newer, seal)).toThrow(expect.objectContaining({ code: "LEDGER_NEWER" }));
  expect(() => SqliteLedger.open(import.meta.filename, seal)).toThrow(
    expect.objectContaining({ code: "LEDGER_CORRUPT" }),
  );
});

test("advances the watermark only over content that is ours", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  await ledger.write({ drafts: [touchDraft("a"), touchDraft("b"), touchDraft("c")] });
  const { epoch } = ledger.watermark();
  const [first, second] = ledger.read(asSeq(0), 2);
  if (first === undefined || second === undefined) throw new Error("two entries were written");
  expect(ledger.acknowledge({ epoch: asEpoch("other"), seq: first.seq, hash: first.hash })).toBe("refused");
  expect(ledger.acknowledge({ epoch, seq: second.seq, hash: first.hash })).toBe("refused");
  expect(ledger.acknowledge({ epoch, seq: asSeq(9), hash: first.hash })).toBe("refused");
  expect(ledger.acknowledge({ epoch, seq: second.seq, hash: second.hash })).toBe("advanced");
  expect(ledger.acknowledge({ epoch, seq: first.seq, hash: first.hash })).toBe("unchanged");
  expect(ledger.watermark()).toMatchObject({ epoch, seq: 2 });
});

test("begins a new epoch right after what was agreed on", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  let started;
  {
    using ledger = SqliteLedger.open(file, seal);
    await ledger.write({ drafts: [touchDraft("a"), touchDraft("b"), touchDraft("c")] });
    const [, second] = ledger.read(asSeq(0), 2);
    if (second === undefined) throw new Error("two entries were written");
    const before = ledger.watermark();
    ledger.acknowledge({ epoch: before.epoch, seq: second.seq, hash: second.hash });
    started = ledger.beginEpoch();
    expect(started.epoch).not.toBe(before.epoch);
    expect(started).toMatchObject({ firstSeq: 3 });
    expect(Buffer.from(started.baseHash)).toEqual(Buffer.from(second.hash));
  }
  using ledger = SqliteLedger.open(file, seal);
  expect(ledger.epoch()).toEqual(started);
  expect(ledger.watermark()).toMatchObject({ epoch: started.epoch, seq: 2 });
});

test("keeps print bytes until an entry accounts for them, in one commit with that entry", async () => {
  using folder = new TempFolder();
  const file = folder.file("ledger.db");
  const streamId = asStreamId("stream-1");
  {
    using ledger = SqliteLedger.open(file, seal);
    await ledger.write({ captured: [piece(streamId, 0, "one two ")] });
    await ledger.write({ captured: [piece(streamId, 8, "three")] });
    await ledger.write({ drafts: [touchDraft("a")], settled: { streamId, upTo: 4 } });
  }
  using ledger = SqliteLedger.open(file, seal);
  const [stream] = ledger.pending();
  expect(stream?.chunks.map(({ offset, bytes }) => [offset, Buffer.from(bytes).toString()])).toEqual([
    [4, "two "],
    [8, "three"],
  ]);
  expect(Buffer.from(ledger.captured(streamId, 2, 10)).toString()).toBe("e two th");
  await ledger.write({ settled: { streamId, upTo: 13 } });
  expect(ledger.pending()).toEqual([]);
});

test("finds the latest bytes of a stream that has gone on for a year as fast as its first", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  const streamId = asStreamId("serial-port");
  const pieces = 20_000;
  for (let n = 0; n < pieces; n += 1000) {
    const captured = Array.from({ length: 1000 }, (_, index) => piece(streamId, (n + index) * 4, "abcd"));
    await ledger.write({ captured });
  }
  const tookMs = (at: number): number => {
    const began = performance.now();
    for (let round = 0; round < 50; round += 1)
      expect(Buffer.from(ledger.captured(streamId, at + 2, at + 6)).toString()).toBe("cdab");
    return performance.now() - began;
  };
  tookMs(0);
  expect(tookMs((pieces - 2) * 4)).toBeLessThan(10 * tookMs(0) + 10);
});

test("looks for entries in the stretch it is asked about, and for those that contain a text", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  const keys = ["a", "b", "c", "d", "e"];
  await ledger.write({ drafts: keys.map((key) => touchDraft(key, `"quoted" ${key}`)) });
  const found = (...asked: Parameters<SqliteLedger["latest"]>) => ledger.latest(...asked).map(({ key }) => key);
  expect(found(["touch"], 9, { after: asSeq(1), before: asSeq(5) })).toEqual(["d", "c", "b"]);
  expect(found(["touch"], 2, { after: asSeq(1), before: asSeq(5) })).toEqual(["d", "c"]);
  expect(found(["transaction"], 9, { after: asSeq(1) })).toEqual([]);
  expect(found(["touch"], 9, { containing: ['"quoted" b', '"quoted" e'] })).toEqual(["e", "b"]);
  expect(found(["touch"], 9, { containing: ["quoted"] })).toEqual([]);
  expect(found(["touch"], 9, { containing: [] })).toEqual([]);
});

test("refuses bytes that leave a gap, without refusing their neighbours in the same group", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  const results = await Promise.allSettled([
    ledger.write({ drafts: [touchDraft("before")] }),
    ledger.write({ captured: [piece("stream-1", 5, "late")] }),
    ledger.write({ drafts: [touchDraft("after")] }),
  ]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(ledger.head().seq).toBe(2);
  expect(await verifyChain(ledger, seal)).toEqual({ ok: true, entries: 2 });
});

test("waits for growth and stops waiting when told to", async () => {
  using folder = new TempFolder();
  using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
  const growth = ledger.grown(asSeq(0), new AbortController().signal);
  await ledger.write({ drafts: [touchDraft("a")] });
  await growth;
  const abort = new AbortController();
  const endless = ledger.grown(asSeq(1), abort.signal);
  abort.abort(new Error("enough"));
  await expect(endless).rejects.toThrow("enough");
});

test("holds exactly what it answered for, whatever the order of writes, bad changes and restarts", async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant("write"), key: fc.integer({ min: 0, max: 20 }), text: fc.string() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("gap"), key: fc.constant(0), text: fc.string() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen"), key: fc.constant(0), text: fc.constant("") }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      using folder = new TempFolder();
      const file = folder.file("ledger.db");
      let ledger = SqliteLedger.open(file, seal);
      const model: string[] = [];
      let answers: Promise<void>[] = [];
      for (const { do: action, key, text } of steps) {
        const name = `touch-${key}`;
        if (action === "write") {
          const fresh = !model.includes(name);
          if (fresh) model.push(name);
          const expected = fresh ? "recorded" : "duplicate";
          const answer = ledger.write({ drafts: [touchDraft(name, text)] });
          answers.push(answer.then(([first]) => expect(first?.status).toBe(expected)));
        } else if (action === "gap") {
          const refused = ledger.write({ captured: [piece("gap", 7, text)] }).then(
            () => expect.unreachable("bytes after a gap were taken"),
            () => undefined,
          );
          answers.push(refused);
        } else {
          ledger[Symbol.dispose]();
          await Promise.all(answers);
          answers = [];
          ledger = SqliteLedger.open(file, seal);
        }
      }
      await Promise.all(answers);
      const kept = ledger.latest(["touch"], 1000).toReversed();
      expect(kept.map((entry) => entry.key)).toEqual(model);
      expect(await verifyChain(ledger, seal)).toEqual({ ok: true, entries: model.length });
      ledger[Symbol.dispose]();
    }),
    { numRuns: 40 },
  );
});
