import fc from "fast-check";
import { expect, test } from "vitest";
import { entrySeal } from "../../../agent/entry-seal.ts";
import { asDeviceId, asLaneId, asStreamId } from "../../../agent/core/ids.ts";
import type { CapturedBytes } from "../../../agent/core/ledger.ts";
import { SqliteLedger } from "../../../agent/ledger/sqlite-ledger.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const seal = entrySeal("0117-a");

const piece = fc.record({
  stream: fc.integer({ min: 0, max: 1 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  at: fc.record({
    wallMs: fc.nat(),
    monotonicMs: fc.nat(),
    bootId: fc.constantFrom("b-1", "b-2"),
    trusted: fc.boolean(),
  }),
});

/** The pieces as a driver offers them: each stream's without gaps. */
function captured(
  pieces: readonly (typeof piece extends fc.Arbitrary<infer T> ? T : never)[],
): readonly CapturedBytes[] {
  const ends = [0, 0];
  return pieces.map(({ stream, bytes, at }) => {
    const offset = ends[stream] ?? 0;
    ends[stream] = offset + bytes.length;
    const ids = {
      streamId: asStreamId(`s-${stream}`),
      deviceId: asDeviceId(`d-${stream}`),
      laneId: asLaneId(`l-${stream}`),
    };
    return { ...ids, offset, bytes: Buffer.from(bytes), at };
  });
}

/** What of a stream stands between two places, as pieces. */
function within(pieces: readonly CapturedBytes[], from: number, to: number): readonly CapturedBytes[] {
  return pieces.flatMap((one) => {
    const [begin, end] = [Math.max(from, one.offset), Math.min(to, one.offset + one.bytes.length)];
    return begin < end
      ? [{ ...one, offset: begin, bytes: one.bytes.subarray(begin - one.offset, end - one.offset) }]
      : [];
  });
}

test("gives print bytes back as they came, with their times, from any place to any other, over a restart", async () => {
  const upTo = fc.array(fc.nat(60), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      upTo,
      fc.nat(60),
      fc.nat(60),
      async (pieces, settled, from, to) => {
        using folder = new TempFolder();
        const all = captured(pieces);
        {
          using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
          await ledger.write({ captured: all });
          for (const place of settled) await ledger.write({ settled: { streamId: asStreamId("s-0"), upTo: place } });
        }
        using ledger = SqliteLedger.open(folder.file("ledger.db"), seal);
        // Streams in the order in which they began; what was settled once stays settled.
        const streams = [...Map.groupBy(all, ({ streamId }) => streamId).values()];
        const open = streams.flatMap((own) => {
          const end = ledger.received(own[0]!.streamId);
          const first = own[0]!.streamId === "s-0" ? Math.max(0, ...settled) : 0;
          return first < end ? [within(own, first, end)] : [];
        });
        expect(ledger.pending().map(({ chunks }) => chunks)).toEqual(open);
        for (const own of streams) {
          const bytes = Buffer.concat(own.map((one) => one.bytes));
          expect(ledger.received(own[0]!.streamId)).toBe(bytes.length);
          expect(Buffer.from(ledger.captured(own[0]!.streamId, from, to))).toEqual(
            bytes.subarray(from, Math.max(from, to)),
          );
        }
        expect(ledger.captured(asStreamId("none"), 0, 9)).toHaveLength(0);
        expect(ledger.received(asStreamId("none"))).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});
