import type { FieldCheck } from "../core/profile-trial.ts";
import type { Transaction } from "../core/transaction.ts";
import type { Expectation } from "./sample-schema.ts";

/** Holds a transaction against what a sample expects, field by field. */
export function compareSample(expect: Expectation, read: Transaction): readonly FieldCheck[] {
  const { lineCount, reconciliation, ...fields } = expect;
  const checks = Object.entries(fields).flatMap(([key, expected]) =>
    compare([key], expected, Reflect.get(read, key) as unknown),
  );
  if (lineCount !== undefined) checks.push(...compare(["lineCount"], lineCount, read.lineItems.length));
  return [...checks, arithmetic(reconciliation, read)];
}

/** What is not expected to fail must agree. */
function arithmetic(expected: Expectation["reconciliation"], { reconciliation }: Transaction): FieldCheck {
  const { state, reasons } = reconciliation;
  const found = [state, ...reasons].join(" ");
  if (expected !== undefined) return { path: ["reconciliation"], expected, found, passed: state === expected };
  return { path: ["reconciliation"], expected: "reconciled", found, passed: state !== "unreconciled" };
}

function compare(path: FieldCheck["path"], expected: unknown, found: unknown): FieldCheck[] {
  if (expected === undefined) return [];
  if (Array.isArray(expected)) return compareLists(path, expected, Array.isArray(found) ? found : []);
  if (typeof expected !== "object" || expected === null)
    return [{ path, expected, found, passed: Object.is(expected, found) }];
  return Object.entries(expected).flatMap(([key, value]) => compare([...path, key], value, property(found, key)));
}

function compareLists(path: FieldCheck["path"], expected: readonly unknown[], found: readonly unknown[]): FieldCheck[] {
  if (expected.length !== found.length)
    return [{ path, expected: count(expected.length), found: count(found.length), passed: false }];
  return expected.flatMap((item, index) => compare([...path, index], item, found[index]));
}

const count = (items: number): string => `${items} ${items === 1 ? "item" : "items"}`;

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
