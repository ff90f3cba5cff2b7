import type { Tender } from "../../core/transaction.ts";
import type { AmountFact } from "./amount-fact.ts";
import { printedPart } from "./fold.ts";
import type { Row } from "./row.ts";
import { means } from "./word-index.ts";

/** How a slip was paid. */
export interface Payment {
  readonly tenders: readonly Tender[];
  readonly changeMinor: number | undefined;
  /** Whether tenders less change are the total. */
  readonly agrees: boolean;
}

const tenderRoles = new Set(["cash", "card", "wechat", "alipay", "gift", "other"]);

/** Amounts that say how the slip was paid, in printed order. */
export interface PaymentFacts {
  readonly tenders: readonly AmountFact[];
  /** Handed over, without a word of how. */
  readonly received: readonly AmountFact[];
  readonly change: readonly AmountFact[];
}

/** Sorts the amounts behind the items into tenders, what was handed over, and change. */
export function paymentFacts(facts: readonly AmountFact[]): PaymentFacts {
  const of = (test: (fact: AmountFact) => boolean): readonly AmountFact[] => facts.filter(test);
  return {
    tenders: of(({ role }) => role !== undefined && tenderRoles.has(role)),
    received: of(({ role }) => role === "received" || role === "paid"),
    change: of(({ role }) => role === "change"),
  };
}

/**
 * Finds the payment that makes `total`: all tenders or the first of them (a card slip says the amount again), less the change; or what
 * was handed over. When none does, what is printed is given and does not agree.
 */
export function payment(total: number | undefined, facts: PaymentFacts, rows: readonly Row[]): Payment {
  const { tenders, received, change } = facts;
  const first = change[0]?.minor;
  // Some POS print the change as a negative tender, too.
  const net =
    first === undefined || tenders.every(({ minor }) => minor !== -Math.abs(first)) ? undefined : sumOf(tenders);
  if (net !== undefined && net === total) return paid(tenders, Math.abs(first ?? 0), rows, true);
  const changes = first === undefined ? [undefined] : [Math.abs(first), undefined];
  for (const given of changes) {
    const chosen = total === undefined ? undefined : fitting(total + (given ?? 0), tenders, received);
    // Change that is not given from what was handed over is only said.
    if (chosen !== undefined) return paid(chosen, given ?? (first === undefined ? undefined : 0), rows, true);
  }
  // A shop may print what it was given as a deduction from what is due.
  const deducted = tenders.map((fact) => ({ ...fact, minor: -fact.minor }));
  if (total !== undefined && total > 0 && sumOf(deducted) === total + Math.abs(first ?? 0)) {
    return paid(deducted, first === undefined ? undefined : Math.abs(first), rows, true);
  }
  const printed = tenders.length > 0 ? tenders : received.filter(({ role }) => role === "received");
  return paid(printed, first === undefined ? undefined : Math.abs(first), rows, false);
}

function fitting(
  sum: number,
  tenders: readonly AmountFact[],
  received: readonly AmountFact[],
): readonly AmountFact[] | undefined {
  let [printed, count] = [0, 0];
  for (const [index, { minor }] of tenders.entries()) {
    printed += minor;
    if (printed === sum) count = index + 1;
  }
  if (count > 0) return tenders.slice(0, count);
  const one = [...tenders, ...received].find(({ minor }) => minor === sum);
  return one === undefined ? undefined : [one];
}

function sumOf(facts: readonly AmountFact[]): number {
  return facts.reduce((all, { minor }) => all + minor, 0);
}

function paid(
  facts: readonly AmountFact[],
  changeMinor: number | undefined,
  rows: readonly Row[],
  agrees: boolean,
): Payment {
  return { tenders: facts.map((fact) => toTender(fact, rows)), changeMinor, agrees };
}

function toTender(fact: AmountFact, rows: readonly Row[]): Tender {
  const type = fact.role !== undefined && tenderRoles.has(fact.role) ? (fact.role as Tender["tenderType"]) : "cash";
  const reference = referenceOf(fact.row, rows);
  return { tenderType: type, amountMinor: fact.minor, ...(reference === undefined ? {} : { reference }) };
}

/** A trade number, an authorisation or a masked account stands on the tender's line or the lines under it. */
function referenceOf(row: Row, rows: readonly Row[]): string | undefined {
  for (const below of rows.slice(row.index, row.index + 4)) {
    if (below.index > row.index && below.numbers.some(({ digits }) => /[.,]\d\d$/.test(digits))) return undefined;
    const trade = /(?<!\d)(?:4200\d{24}|20\d{26})(?!\d)/.exec(below.text)?.[0];
    const reference = trade ?? labelledReference(below, below.index === row.index);
    if (reference !== undefined) return reference;
  }
  return undefined;
}

/** What stands behind the first label of a number: all of the line, or up to the amount on the tender's own. */
function labelledReference(row: Row, own: boolean): string | undefined {
  const hit = row.hits.find((each) => means(each, "foreignNumber"));
  if (hit === undefined) return undefined;
  const amount = row.numbers.findLast(({ digits }) => /[.,]\d\d$/.test(digits));
  const text = printedPart(row.folded, hit.end, own && amount !== undefined ? amount.start : row.text.length);
  const value = text.replace(/^[\s:：#.=]+/, "").trim();
  return /\d/.test(value) ? value : undefined;
}
