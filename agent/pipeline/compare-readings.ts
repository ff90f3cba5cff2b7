import { isDeepStrictEqual } from "node:util";
import type { AmendedEntry, TransactionEntry } from "../core/entry.ts";
import type { ReadingSummary } from "../core/replay.ts";

/** What says where and when, and not what the slip says. */
const circumstances: ReadonlySet<string> = new Set([
  "laneId",
  "deviceId",
  "streamId",
  "firstByteAt",
  "lastByteAt",
  "transactionEntryId",
  "amendment",
] satisfies (keyof AmendedEntry)[]);

/** Whether two readings say the same of a slip. One may have been to disk and back. */
export function sayTheSame(one: TransactionEntry, other: TransactionEntry): boolean {
  return isDeepStrictEqual(said(one), said(other));
}

function said(reading: TransactionEntry): unknown {
  const members = Object.entries(reading).filter(([name]) => !circumstances.has(name));
  return JSON.parse(JSON.stringify(Object.fromEntries(members)));
}

const standing = { unreconciled: 1, "not-applicable": 2, reconciled: 3 } as const;

/** Whether a new reading is less sure of a slip than the one there is: read by nothing, no longer adding up, or with less confidence. */
export function isWorse(now: TransactionEntry, before: TransactionEntry): boolean {
  const [after, first] = [standingOf(now), standingOf(before)];
  return after === first ? now.confidence < before.confidence : after < first;
}

/** What structure and arithmetic alone found counts for less than what a profile did, and for nothing when they found no receipt. */
function standingOf({ profile, kind, reconciliation }: TransactionEntry): number {
  const stands = standing[reconciliation.state];
  if (profile === "generic") return kind === "other" ? 0 : stands - 0.5;
  return profile === "none" ? 0 : stands;
}

/** A reading in a few words. */
export function summaryOf({
  kind,
  sequenceNumber,
  totalMinor,
  currencyCode,
  currencyExponent,
  reconciliation,
  profile,
}: TransactionEntry): ReadingSummary {
  return {
    kind,
    ...(sequenceNumber !== undefined && { sequenceNumber }),
    ...(totalMinor !== undefined && { totalMinor }),
    ...(currencyCode !== undefined && { currencyCode }),
    ...(currencyExponent !== undefined && { currencyExponent }),
    reconciliation: reconciliation.state,
    profile,
  };
}
