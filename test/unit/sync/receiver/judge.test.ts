import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, type KnownEpoch } from "../../../../sync/receiver/judge.ts";
import { WireLedger } from "../../../support/wire-ledger.ts";

const last = 12;

/** Twelve entries, of which an epoch has those after the fourth. */
function twelveEntries(): WireLedger {
  const ledger = new WireLedger("a");
  for (let seq = 1; seq <= last; seq += 1) ledger.add("touch", { seq }, `key-${seq}`);
  ledger.beginEpoch(4);
  return ledger;
}

const ledger = twelveEntries();
const knownUpTo = (seq: number): KnownEpoch => ({ ...ledger.epoch, mark: { seq, hash: ledger.hashAt(seq) } });

/** A ledger that is another from entry `seq` on, in the same epoch. */
function otherFrom(seq: number): WireLedger {
  const other = ledger.copy(seq - 1);
  while (other.lines.length < last) other.add("touch", {}, `other-${other.lines.length + 1}`);
  return other;
}

const place = fc.integer({ min: 5, max: last });
const stretch = fc.tuple(place, place).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe("a batch held against what is stored of its epoch", () => {
  it("is a gap, older, or goes on with just what is not stored yet, wherever it begins and ends", () => {
    fc.assert(
      fc.property(stretch, fc.integer({ min: 4, max: last }), ([from, to], stored) => {
        const judgement = judge(knownUpTo(stored), ledger.batch(from, to));
        if (from > stored + 1) expect(judgement).toEqual({ type: "gap" });
        else if (to < stored) {
          expect(judgement).toEqual({ type: "older", last: { seq: to, hash: ledger.hashAt(to) } });
        } else {
          expect(judgement).toMatchObject({ type: "fresh" });
          const seqs = judgement.type === "fresh" ? judgement.entries.map(({ seq }) => seq) : [];
          expect(seqs).toEqual(Array.from({ length: to - stored }, (_, index) => stored + 1 + index));
        }
      }),
    );
  });

  it("is a fork when it differs anywhere up to the watermark, and none when only behind it", () => {
    fc.assert(
      fc.property(stretch, place, fc.integer({ min: 4, max: last }), ([from, to], differs, stored) => {
        fc.pre(from <= stored + 1 && to >= stored);
        const judgement = judge(knownUpTo(stored), otherFrom(differs).batch(from, to));
        const why = `contents differ at or before entry ${stored}`;
        expect(judgement).toMatchObject(differs <= stored ? { type: "fork", why } : { type: "fresh" });
      }),
    );
  });

  it("is a fork when its epoch is said to begin elsewhere or on another hash, whatever else it says", () => {
    const known = knownUpTo(8);
    const baseHash = ledger.hashAt(3);
    for (const epoch of [
      { ...known, firstSeq: 4 },
      { ...known, baseHash },
      { ...known, firstSeq: 4, baseHash },
    ]) {
      const { epoch: epochName, firstSeq } = epoch;
      for (const [from, to] of [
        [5, 6],
        [7, 10],
        [9, 9],
        [12, 12],
      ] as const) {
        const batch = { ...ledger.batch(from, to), epoch: { epoch: epochName, firstSeq, baseHash: epoch.baseHash } };
        expect(judge(known, batch)).toEqual({
          type: "fork",
          why: `epoch said to begin at entry ${firstSeq}, known to at 5`,
        });
      }
    }
  });
});
