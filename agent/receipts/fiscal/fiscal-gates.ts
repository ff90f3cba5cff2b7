import type { FiscalAnchor } from "../../core/fiscal.ts";
import type { Transaction } from "../../core/transaction.ts";
import type { UnreconciledReason } from "../../core/unreconciled-reason.ts";

/** Why a fiscal code contradicts the slip it stands on. */
export type FiscalReason = Extract<UnreconciledReason, `FISCAL_${string}`>;

/** What of a slip its fiscal codes are held against. */
export type FiscalFigures = Pick<Transaction, "kind" | "endDateTime" | "totalMinor" | "fiscal">;

/** Clocks of till and security module may differ by this much, and a payment takes its time. */
const toleranceMs = 5 * 60_000;

/** Chinese value added tax was never higher than this. */
const mostChineseTax = 0.17;

/** The contradictions between a slip and its fiscal codes, each once. A slip without a total or time is not held against them. */
export function fiscalReasons(slip: FiscalFigures): readonly FiscalReason[] {
  const reasons = slip.fiscal.flatMap((anchor): FiscalReason[] => [
    ...(totalAgrees(slip, anchor) ? [] : ["FISCAL_TOTAL_DIFFERS" as const]),
    ...(timeAgrees(slip, anchor) ? [] : ["FISCAL_TIME_DIFFERS" as const]),
    ...(kindAgrees(slip, anchor) ? [] : ["FISCAL_KIND_DIFFERS" as const]),
  ]);
  return [...new Set(reasons)];
}

/** Signs are not compared: a refund is negative on one slip and positive on another, whatever its code says. */
function totalAgrees({ totalMinor }: FiscalFigures, anchor: FiscalAnchor): boolean {
  if (totalMinor === undefined) return true;
  const total = Math.abs(totalMinor);
  if (anchor.totalMinor !== undefined) return Math.abs(anchor.totalMinor) === total;
  if (anchor.kind !== "fapiao" || anchor.amountMinor === undefined) return true;
  const amount = Math.abs(anchor.amountMinor);
  return amount <= total && amount >= Math.floor(total / (1 + mostChineseTax)) - 1;
}

function timeAgrees({ kind, endDateTime }: FiscalFigures, anchor: FiscalAnchor): boolean {
  // A reprint may carry its own time beside the code of the first print.
  if (endDateTime === undefined || kind === "copy") return true;
  switch (anchor.kind) {
    case "tse":
      if (anchor.startedAt === undefined || anchor.endedAt === undefined) return true;
      return isBetween(endDateTime, inGermany(anchor.startedAt), inGermany(anchor.endedAt));
    case "rksv":
      return isBetween(endDateTime, anchor.dateTime, anchor.dateTime);
    case "atcud":
    case "fapiao":
      return anchor.date === undefined || endDateTime.startsWith(anchor.date);
  }
}

function isBetween(local: string, from: string, to: string): boolean {
  const [at, first, last] = [local, from, to].map((text) => Date.parse(`${text}Z`));
  if (at === undefined || first === undefined || last === undefined) return true;
  return at >= first - toleranceMs && at <= last + toleranceMs;
}

/** An instant as a wall clock in Germany showed it, ISO 8601 without offset. */
function inGermany(instant: string): string {
  const shown = new Date(instant).toLocaleString("sv-SE", { timeZone: "Europe/Berlin", hourCycle: "h23" });
  return shown.replace(" ", "T");
}

/** Slips that are no sale say so themselves; where only the code does, they would be counted. */
function kindAgrees({ kind }: FiscalFigures, { remark }: FiscalAnchor): boolean {
  if (remark === undefined) return true;
  return remark === "void" ? kind !== "sale" : kind !== "sale" && kind !== "refund";
}
