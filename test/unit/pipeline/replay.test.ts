import { randomUUID } from "node:crypto";
import { beforeEach, afterEach, describe, expect, it } from "vitest";
import type { Entry } from "../../../agent/core/entry.ts";
import { asEntryId, asLaneId, asStreamId } from "../../../agent/core/ids.ts";
import type { Ledger } from "../../../agent/core/ledger.ts";
import type { ReplayReport, ReplayScope } from "../../../agent/core/replay.ts";
import type { NewSlipReader } from "../../../agent/core/slip.ts";
import { Replay } from "../../../agent/pipeline/replay.ts";
import { ReceiptQueries } from "../../../agent/receipt-queries.ts";
import { compileProfile, type Profile } from "../../../agent/receipts/profile.ts";
import { profileSchema } from "../../../agent/receipts/profile-schema.ts";
import { amendedEntrySchema } from "../../../agent/receipts/result-schema.ts";
import { createSlipReader } from "../../../agent/receipts/slip-reader.ts";
import { transactionKey } from "../../../agent/receipts/transaction-key.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import { CountingLedger } from "../../support/counting-ledger.ts";
import { touchDraft } from "../../support/entries.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { PipelineUnderTest, printBytes } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { shippedProfiles } from "../receipts/profiles-on-disk.ts";
import { chineseSale, jobInGb18030, type ChineseSale } from "../receipts/slip-bytes.ts";

const shipped = shippedProfiles();

/** Takes every slip for a kitchen slip. */
const blind = compileProfile(
  profileSchema.parse({
    profile: "blind",
    match: { any: ["."] },
    locale: { currency: "CNY", exponent: 2 },
    kinds: [{ kind: "other", line: "." }],
    fields: {},
    samples: [{ name: "none is tried here", text: "x", expect: { kind: "other" } }],
  }),
);
const readWith =
  (profiles: readonly Profile[]): NewSlipReader =>
  ({ laneId, startOffset: first }) =>
    createSlipReader({
      newDecoder: (startOffset) => createPrintDecoder({ startOffset }),
      profiles,
      laneId,
      startOffset: first,
    });

const job = (sale: ChineseSale, cut = true): Uint8Array => jobInGb18030(chineseSale(sale), cut);

describe("replaying the past", () => {
  let folder: TempFolder;
  let clock: ManualClock;
  let pipeline: PipelineUnderTest;

  beforeEach(() => {
    folder = new TempFolder();
    clock = new ManualClock();
  });

  afterEach(async () => {
    await pipeline[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  /** Records streams, each a print job of its own, as a store did that had these profiles. */
  async function record(profiles: readonly Profile[], ...streams: readonly Uint8Array[]): Promise<void> {
    pipeline = await PipelineUnderTest.start(folder, clock, { newSlipReader: readWith(profiles) });
    for (const [index, bytes] of streams.entries()) {
      const { at, deviceId, laneId } = printBytes("s", 0, "");
      const streamId = asStreamId(`s${index}`);
      await pipeline.offer({ ...printBytes("s", 0, ""), streamId, bytes });
      await pipeline.offer({ kind: "print-end", at, deviceId, laneId, streamId, reason: "closed" });
    }
    await pipeline.settled();
  }

  function replay(
    profiles: readonly Profile[],
    scope: Partial<ReplayScope> = {},
    ledger: Ledger = pipeline.ledger,
  ): Promise<ReplayReport> {
    const parts = {
      ledger,
      clock,
      newId: () => asEntryId(randomUUID()),
      newSlipReader: readWith(profiles),
      contentKeyOf: transactionKey,
    };
    return new Replay(parts, { dryRun: false, ...scope }).run(new AbortController().signal);
  }

  const entries = (kind: Entry["kind"]): readonly Entry[] => pipeline.ledger.latest([kind], 100).toReversed();
  const counts = ({ examined, amended, found, unchanged, worse, gone }: ReplayReport): object => ({
    examined,
    amended,
    found,
    unchanged,
    worse,
    gone,
  });
  const none = { examined: 0, amended: 0, found: 0, unchanged: 0, worse: 0, gone: 0 };

  it("amends what no profile read, by new entries that name the old ones", async () => {
    await record([blind], job({ number: "0000001" }), job({ number: "0000002" }));
    const before = pipeline.ledger.read(0 as never, 100).map(({ bytes }) => Buffer.from(bytes).toString());
    expect(counts(await replay(shipped))).toEqual({ ...none, examined: 2, amended: 2 });
    const [first, second] = entries("transaction");
    expect(entries("transaction.amended").map(({ data }) => data)).toMatchObject([
      { transactionEntryId: first?.id, amendment: 1, sequenceNumber: "0000001", kind: "sale" },
      { transactionEntryId: second?.id, amendment: 1, sequenceNumber: "0000002", kind: "sale" },
    ]);
    for (const { data } of entries("transaction.amended"))
      expect(amendedEntrySchema.safeParse(data).error).toBeUndefined();
    const after = pipeline.ledger.read(0 as never, 100).map(({ bytes }) => Buffer.from(bytes).toString());
    expect(after.slice(0, before.length)).toEqual(before);
  });

  it("finds nothing to amend the second time", async () => {
    await record([blind], job({}), job({ number: "0000043" }));
    await replay(shipped);
    expect(counts(await replay(shipped))).toEqual({ ...none, examined: 2, unchanged: 2 });
  });

  it("leaves what reads as before alone", async () => {
    await record(shipped, job({}), job({ number: "0000043" }));
    expect(counts(await replay(shipped))).toEqual({ ...none, examined: 2, unchanged: 2 });
  });

  it("never takes a worse reading for a better one", async () => {
    await record(shipped, job({}));
    expect(counts(await replay([blind]))).toEqual({ ...none, examined: 1, worse: 1 });
    expect(entries("transaction.amended")).toEqual([]);
  });

  it("writes nothing on a dry run, and tells what it would", async () => {
    await record([blind], job({}));
    const report = await replay(shipped, { dryRun: true });
    expect(report).toMatchObject({
      dryRun: true,
      amended: 1,
      changes: [
        { seq: 1, before: { kind: "other", profile: "blind" }, after: { kind: "sale", sequenceNumber: "0000042" } },
      ],
    });
    expect(entries("transaction.amended")).toEqual([]);
  });

  it("keeps to its scope", async () => {
    await record([blind], job({}));
    const { wallMs } = clock.now();
    expect(counts(await replay(shipped, { laneId: asLaneId("06") }))).toEqual(none);
    expect(counts(await replay(shipped, { sinceMs: wallMs + 1 }))).toEqual(none);
    expect(counts(await replay(shipped, { profile: "jp-supermarket" }))).toEqual({
      ...none,
      examined: 1,
      unchanged: 1,
    });
    const scope = { profile: "cn-supermarket-80mm", sinceMs: wallMs, laneId: asLaneId("05") };
    expect(counts(await replay(shipped, scope))).toMatchObject({
      amended: 1,
    });
  });

  it("counts a sale once that was printed twice before anything could read it", async () => {
    await record([blind], job({}), job({}));
    await replay(shipped);
    const [first] = entries("transaction");
    expect(entries("transaction.amended").map(({ data }) => data)).toMatchObject([
      { status: "completed" },
      { status: "duplicate", repeatOfEntryId: first?.id },
    ]);
    expect(counts(await replay(shipped))).toEqual({ ...none, examined: 2, unchanged: 2 });
  });

  it("finds a second sale in the bytes of what was taken for one slip", async () => {
    const two = Buffer.concat([job({ number: "0000001" }, false), job({ number: "0000002" })]);
    await record([blind], two);
    expect(entries("transaction")).toHaveLength(1);
    expect(counts(await replay(shipped))).toEqual({ ...none, examined: 1, amended: 1, found: 1 });
    const queries = new ReceiptQueries(pipeline.ledger);
    const listed = await queries.list({ limit: 10 }, AbortSignal.timeout(10_000));
    expect(listed.map(({ sequenceNumber }) => sequenceNumber)).toEqual(["0000002", "0000001"]);
    expect(counts(await replay(shipped))).toEqual({ ...none, examined: 2, unchanged: 2 });
  });

  it("reads several slips of one stream as they were printed, with a cut or without", async () => {
    const sales = ["0000001", "0000002", "0000003"].map((number) => job({ number }, number !== "0000002"));
    await record(shipped, Buffer.concat(sales));
    expect(counts(await replay(shipped))).toEqual({ ...none, examined: 3, unchanged: 3 });
  });

  it("looks at each receipt once, however many other entries there are", async () => {
    await record(shipped, job({ number: "0000001" }), job({ number: "0000002" }));
    await pipeline.ledger.write({ drafts: Array.from({ length: 1000 }, (_, n) => touchDraft(`touch-${n}`)) });
    const ledger = new CountingLedger(pipeline.ledger);
    expect(counts(await replay(shipped, {}, ledger))).toEqual({ ...none, examined: 2, unchanged: 2 });
    expect(ledger.entriesGiven).toBe(2);
  });

  it("shows the newest reading under the first entry's name", async () => {
    await record([blind], job({}));
    await replay(shipped);
    const [entry] = entries("transaction");
    const queries = new ReceiptQueries(pipeline.ledger);
    const found = await queries.find({ sequenceNumber: "0000042" }, AbortSignal.timeout(10_000));
    expect(found).toMatchObject({ entryId: entry?.id, seq: 1, kind: "sale" });
  });
});
