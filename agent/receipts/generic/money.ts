import type { Discount, LineItem, Tax, Tender } from "../../core/transaction.ts";
import type { AmountFact } from "./amount-fact.ts";
import { printedPart } from "./fold.ts";
import { readItemRows, toLineItem, type ItemRows } from "./item-rows.ts";
import { rowMeans, type Row } from "./row.ts";
import type { SlipLines } from "./slip-lines.ts";
import { solve, type Solution } from "./solve.ts";
import { readTaxes } from "./taxes.ts";

/** The money of a slip, as printed and as it adds up. */
export interface Money {
  readonly lineItems: readonly LineItem[];
  /** Service, delivery and tips printed behind the items: items of their own. */
  readonly charges: readonly LineItem[];
  readonly discounts: readonly Discount[];
  readonly taxes: readonly Tax[];
  readonly tenders: readonly Tender[];
  readonly subtotalMinor: number | undefined;
  readonly totalMinor: number | undefined;
  readonly changeMinor: number | undefined;
  /** What rounding adds to the total. */
  readonly roundingMinor: number | undefined;
  readonly itemCount: number | undefined;
  readonly linesAgree: boolean;
  readonly subtotalAgrees: boolean;
  readonly tendersAgree: boolean;
  /** Index of the line with the total. */
  readonly totalAt: number | undefined;
  /** Another printed total does not fit. */
  readonly contradicted: boolean;
  /** Lines among the items that are not understood. */
  readonly strange: number;
}

const closers = new Set(["subtotal", "total", "due", "paid", "net", "tax", "taxAdded", "taxIncluded"]);

/** Reads items, discounts, taxes, total and tenders of a slip. */
export function readMoney(slip: SlipLines): Money {
  const { rows, factsOf } = slip;
  const end = itemsEnd(slip);
  const start = itemsStart(rows, end);
  const head = rows[start - 1];
  const list = readItemRows(rows.slice(start, end), slip, head !== undefined && rowMeans(head, "quantityColumn"));
  const facts = rows.slice(end).flatMap(factsOf);
  const solution = solve({
    items: sumOf(list),
    hasItems: list.items.length > 0,
    told: list.told.reduce((sum, fact) => sum + fact.minor, 0),
    facts,
    rows,
  });
  return {
    lineItems: list.items.map(toLineItem),
    charges: solution.charges.map(toCharge),
    discounts: discountsOf(list, solution),
    taxes: readTaxes(rows.slice(end), factsOf, solution.addedTaxes),
    tenders: solution.payment.tenders,
    subtotalMinor: solution.subtotal?.minor,
    totalMinor: solution.total?.minor,
    changeMinor: solution.payment.changeMinor,
    roundingMinor: solution.rounding === 0 ? undefined : solution.rounding,
    itemCount: countOf(rows.slice(start)),
    linesAgree: solution.linesAgree,
    subtotalAgrees: solution.subtotalAgrees,
    tendersAgree: solution.payment.agrees,
    totalAt: solution.total?.row.index,
    contradicted: solution.contradicted,
    strange: list.strange,
  };
}

/** The first line that sums something up ends the list of items. */
function itemsEnd({ rows, factsOf }: SlipLines): number {
  const at = rows.findIndex((row) =>
    factsOf(row).some(({ role, plain, last }) => role !== undefined && closers.has(role) && plain && last),
  );
  return at < 0 ? rows.length : at;
}

/** The heads of columns begin it. */
function itemsStart(rows: readonly Row[], end: number): number {
  const head = rows.slice(0, end).findLastIndex((row) => {
    const columns = row.hits.filter((hit) =>
      hit.words.some(([, role]) => role === "column" || role === "quantityColumn"),
    );
    return columns.length >= 2 && !row.numbers.some(({ digits }) => /[.,]\d\d$/.test(digits));
  });
  return head + 1;
}

function sumOf({ items, discounts }: ItemRows): number {
  const goods = items.reduce((sum, { amount, discount, voided }) => sum + (voided ? 0 : amount - discount), 0);
  return discounts.reduce((sum, { minor }) => sum - Math.abs(minor), goods);
}

function toCharge(fact: AmountFact): LineItem {
  return { description: labelOf(fact), quantity: "1", extendedAmountMinor: fact.minor, voided: false };
}

function discountsOf(list: ItemRows, { discounts, toldCounts }: Solution): readonly Discount[] {
  const all = [...list.discounts, ...(toldCounts ? list.told : []), ...discounts];
  return all.map((fact) => ({ description: labelOf(fact), amountMinor: Math.abs(fact.minor) }));
}

function labelOf({ row, label: [start, end] }: AmountFact): string {
  return printedPart(row.folded, start, end)
    .replace(/[\s:：]+$/, "")
    .trim();
}

/** The number beside a word for the count of items. */
function countOf(rows: readonly Row[]): number | undefined {
  for (const row of rows) {
    const hit = row.hits.find(({ words }) => words.some(([, role]) => role === "count"));
    if (hit === undefined || rowMeans(row, "account", "saleCount")) continue;
    const digits = /^[\s:#.)]*(\d{1,4})(?![\d.,])/.exec(row.text.slice(hit.end))?.[1];
    if (digits !== undefined) return Number(digits);
  }
  return undefined;
}
