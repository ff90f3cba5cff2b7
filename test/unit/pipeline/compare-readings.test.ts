import { expect, test } from "vitest";
import type { TransactionEntry } from "../../../agent/core/entry.ts";
import { asStreamId } from "../../../agent/core/ids.ts";
import { isWorse, sayTheSame, summaryOf } from "../../../agent/pipeline/compare-readings.ts";
import { someSale } from "../../support/wire-ledger.ts";

type State = TransactionEntry["reconciliation"]["state"];

const reading = (profile: string, state: State, kind: TransactionEntry["kind"] = "sale"): TransactionEntry => ({
  ...someSale,
  profile,
  kind,
  reconciliation: { state, reasons: [] },
});

/** Readings, the worst first; those of one row are as good as each other. */
const ladder: readonly (readonly TransactionEntry[])[] = [
  [reading("none", "reconciled"), reading("none", "unreconciled"), reading("generic", "not-applicable", "other")],
  [reading("generic", "unreconciled")],
  [reading("till", "unreconciled"), reading("till", "unreconciled", "other")],
  [reading("generic", "not-applicable")],
  [reading("till", "not-applicable"), reading("till", "not-applicable", "other")],
  [reading("generic", "reconciled")],
  [reading("till", "reconciled"), reading("other till", "reconciled")],
];
const all = ladder.flatMap((row, rank) => row.map((one) => ({ one, rank })));

test("a reading is worse that stands lower, and of two that stand alike the one with less confidence", () => {
  for (const { one, rank } of all) {
    for (const { one: other, rank: otherRank } of all) {
      const what = `${one.profile} ${one.kind} ${one.reconciliation.state}, ${other.profile} ${other.reconciliation.state}`;
      expect(isWorse(one, other), what).toBe(rank < otherRank);
      expect(isWorse({ ...one, confidence: 0.5 }, { ...other, confidence: 0.6 }), what).toBe(rank <= otherRank);
    }
  }
});

test("two readings say the same when they differ in where and when only", () => {
  expect(sayTheSame(someSale, { ...someSale, streamId: asStreamId("another") })).toBe(true);
  expect(sayTheSame(someSale, { ...someSale, totalMinor: 9202 })).toBe(false);
  expect(sayTheSame(someSale, { ...someSale, startOffset: 1 })).toBe(false);
});

test("a reading in a few words has its figures, and no word for what is not there", () => {
  const reconciliation = { state: "reconciled", reasons: [] } as const;
  const { kind, sequenceNumber, totalMinor, currencyCode, currencyExponent, profile } = someSale;
  const words = { kind, reconciliation: "reconciled", profile };
  expect(summaryOf({ ...someSale, reconciliation })).toEqual({
    ...words,
    sequenceNumber,
    totalMinor,
    currencyCode,
    currencyExponent,
  });
  const { sequenceNumber: _n, totalMinor: _t, currencyCode: _c, currencyExponent: _e, ...rest } = someSale;
  expect(Object.keys(summaryOf({ ...rest, reconciliation })).toSorted()).toEqual(Object.keys(words).toSorted());
});
