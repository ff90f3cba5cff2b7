import type { ProfileTrial } from "../core/profile-trial.ts";
import type { Transaction } from "../core/transaction.ts";
import { compareSample } from "./compare-sample.ts";
import { interpretSegment } from "./interpret.ts";
import { readable, selectProfile, type Profile } from "./profile.ts";
import { reportFields } from "./rule-names.ts";
import type { Expectation } from "./sample-schema.ts";
import type { Segment } from "./splitter.ts";
import { traceSlip, type TracedSlip } from "./trace-slip.ts";

/** A slip to try a profile on. */
export interface TrialSlip {
  /** The sample's name, or the capture file and which slip in it. */
  readonly name: string;
  readonly segment: Segment;
  /** What must be read; absent for a capture of which nothing is known. */
  readonly expect?: Expectation;
}

/** Tries a profile on one slip, among all profiles in the order in which they are asked. Without a profile the slip is only shown. */
export function tryProfile(
  profile: Profile | undefined,
  all: readonly Profile[],
  { name, segment, expect }: TrialSlip,
): ProfileTrial {
  const takenBy = selectProfile(all, segment.lines.map(readable))?.name ?? "none";
  const { transaction, lines } = profile === undefined ? unread(segment) : traceSlip(segment, profile);
  const checks = expect === undefined ? [] : compareSample(expect, transaction);
  const agrees = transaction.reconciliation.state !== "unreconciled";
  return {
    profile: profile?.name ?? "none",
    slip: name,
    passed: takenBy === profile?.name && (expect === undefined ? agrees : checks.every((check) => check.passed)),
    takenBy,
    transaction,
    lines,
    checks,
    missing: profile === undefined ? [] : missing(profile, transaction),
  };
}

function unread(segment: Segment): TracedSlip {
  const transaction = interpretSegment(segment, []);
  return { transaction, lines: transaction.lines.map((text) => ({ text, marks: [], unread: false })) };
}

/** What there is a pattern for and was not found, as far as a slip of this kind has it. */
function missing(profile: Profile, transaction: Transaction): readonly string[] {
  const { fields, totals, report } = profile.source;
  const isReport = transaction.kind === "x-report" || transaction.kind === "z-report";
  const wanted = isReport
    ? ["endDateTime", "workstationId", ...Object.keys(report).map((key) => reportFields[key] ?? key)]
    : [
        ...Object.keys(fields).filter((key) => usual.has(key)),
        ...(transaction.kind === "nosale"
          ? []
          : Object.keys(totals)
              .filter((key) => usual.has(key))
              .map((key) => `${key}Minor`)),
      ];
  return wanted.filter((key) => (Reflect.get(transaction, key) as unknown) === undefined);
}

/** What stands on nearly every slip; that the rest is not there tells nothing. */
const usual: ReadonlySet<string> = new Set([
  "retailStoreId",
  "workstationId",
  "sequenceNumber",
  "operatorId",
  "memberId",
  "endDateTime",
  "itemCount",
  "subtotal",
  "total",
  "change",
]);
