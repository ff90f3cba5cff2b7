import type { LaneId } from "../core/ids.ts";
import type { Transaction } from "../core/transaction.ts";

/**
 * The content identity of a slip on a lane: the same slip printed again (a POS that retries) has the same one, two slips never have.
 * `undefined` when the slip does not identify itself: no number or no time, not whole, not understood, or a copy (of which any number
 * may be printed).
 */
export function transactionKey(transaction: Transaction, lane: LaneId): string | undefined {
  const { kind, status, sequenceNumber, endDateTime } = transaction;
  if (kind === "other" || status === "truncated" || status === "duplicate") return undefined;
  if (sequenceNumber === undefined || endDateTime === undefined) return undefined;
  const { retailStoreId = "", workstationId = "", totalMinor = "" } = transaction;
  return JSON.stringify(["slip/1", lane, kind, retailStoreId, workstationId, sequenceNumber, endDateTime, totalMinor]);
}
