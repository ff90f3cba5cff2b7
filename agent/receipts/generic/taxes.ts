import type { Tax } from "../../core/transaction.ts";
import type { AmountFact } from "./amount-fact.ts";
import type { Row } from "./row.ts";

/** The taxes a slip prints: those that were added to make the total, and those the prices contain. */
export function readTaxes(
  rows: readonly Row[],
  factsOf: (row: Row) => readonly AmountFact[],
  added: readonly AmountFact[],
): readonly Tax[] {
  const seen = new Set<Row>();
  const taxes = rows.flatMap((row): readonly Tax[] => {
    const facts = factsOf(row);
    const plain = labelledTax(facts);
    const table = plain === undefined ? tableTax(facts) : undefined;
    const fact = plain ?? table;
    if (fact === undefined || seen.has(row)) return [];
    seen.add(row);
    return [toTax(fact, added.includes(fact))];
  });
  // What is added is not also contained: a table behind the total says the same tax again.
  return added.length > 0 ? taxes.filter(({ included }) => !included) : taxes;
}

/** The amount behind a word for tax; of two behind it, `MWST 2.6% 18.80 0.48`, the one that the rate makes of the other, or the last. */
function labelledTax(facts: readonly AmountFact[]): AmountFact | undefined {
  const at = facts.findIndex(({ role, plain }) => plain && isTax(role));
  const [first, second, ...more] = at < 0 ? [] : facts.slice(at);
  if (first === undefined || second === undefined || second.role !== undefined) return first;
  if (more.length > 0) return tableTax([first, second, ...more]) ?? first;
  const rate = Number(first.rate);
  const fits = (tax: AmountFact, base: AmountFact): boolean =>
    [rate / 100, rate / (100 + rate)].some((share) => Math.abs(base.minor * share - tax.minor) <= 1);
  return fits(first, second) ? first : second;
}

function isTax(role: AmountFact["role"]): boolean {
  return role === "tax" || role === "taxAdded" || role === "taxIncluded";
}

function toTax(fact: AmountFact, added: boolean): Tax {
  // A zero tax counts on either side; the word decides.
  const included = !added && !(fact.minor === 0 && fact.role === "taxAdded");
  return { amountMinor: fact.minor, ...(fact.rate === undefined ? {} : { rate: fact.rate }), included };
}

/** A row of a tax table: a rate and three amounts, one the sum of the two others; the tax is the smaller of these. */
function tableTax(facts: readonly AmountFact[]): AmountFact | undefined {
  const [a, b, c, ...more] = facts;
  if (a === undefined || b === undefined || c === undefined || more.length > 0 || a.rate === undefined)
    return undefined;
  const gross = [a, b, c].find((one) => one.minor * 2 === a.minor + b.minor + c.minor);
  const parts = [a, b, c].filter((one) => one !== gross);
  return gross === undefined ? undefined : parts.sort((x, y) => x.minor - y.minor)[0];
}
