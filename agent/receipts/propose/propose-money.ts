import type { AmountFact } from "../generic/amount-fact.ts";
import { compilePattern } from "../pattern.ts";
import type { ProfileSource } from "../profile-schema.ts";
import { isReport, type Reading } from "./reading.ts";
import { figurePattern, lineAsPattern, numbersOn, type NumberAt, type Tag } from "./tagged-line.ts";

type Locale = ProfileSource["locale"];
type Role = AmountFact["role"];
type Money = Pick<ProfileSource, "totals" | "tenders" | "taxes" | "discounts">;

/** A slip and the line behind its last item. */
export interface Tail {
  readonly reading: Reading;
  readonly from: number;
}

/** A line with an amount that has a meaning. */
interface Figure {
  readonly index: number;
  readonly line: string;
  readonly number: NumberAt;
  readonly role: Role;
}

/** Lines behind the items that say subtotal, total, change, tenders, taxes and discounts. */
export function proposeMoney(tails: readonly Tail[], locale: Locale): Money {
  const totals = tails.filter(({ reading }) => !isReport(reading));
  return {
    totals: {
      ...listed("subtotal", totals, locale, ({ read }) => read.subtotalMinor, ["subtotal"]),
      ...listed("total", totals, locale, ({ read }) => read.totalMinor, ["due", "total", "paid"]),
      ...listed("change", totals, locale, ({ read }) => read.changeMinor, ["change"]),
    },
    tenders: tenders(tails, locale),
    taxes: taxes(totals, locale),
    discounts: discounts(totals, locale),
  };
}

function figures({ reading, from }: Tail, locale: Locale): readonly Figure[] {
  return reading.slip.rows.flatMap((row) => {
    if (row.index < from) return [];
    const line = reading.lines[row.index] ?? "";
    const number = numbersOn(line, locale).findLast(({ minor }) => minor !== undefined);
    if (number === undefined) return [];
    return [{ index: row.index, line, number, role: reading.slip.factsOf(row).findLast(({ last }) => last)?.role }];
  });
}

/** One total under its name, with as few patterns as read it rightly on every slip. */
function listed(
  key: string,
  tails: readonly Tail[],
  locale: Locale,
  valueOf: (reading: Reading) => number | undefined,
  roles: readonly Role[],
): Readonly<Record<string, readonly string[]>> {
  const chosen: string[] = [];
  for (const tail of tails) {
    const value = valueOf(tail.reading);
    // Change may be printed with a minus.
    const isValue = (minor: number | undefined): boolean =>
      minor === value || (key === "change" && minor !== undefined && -minor === value);
    if (value === undefined || chosen.some((pattern) => isValue(firstAmount(pattern, tail, locale)))) continue;
    const fitting = figures(tail, locale).filter(({ number }) => isValue(number.minor));
    const ranked = roles.flatMap((role) => fitting.filter((figure) => figure.role === role));
    // Any line may show the same amount by chance; the total at least stands for itself.
    const best = [...ranked, ...(key === "total" ? fitting : [])]
      .map(({ line, number }) => figurePattern(line, number))
      .find((pattern) => isValue(firstAmount(pattern, tail, locale)));
    if (best !== undefined) chosen.push(best);
  }
  return chosen.length === 0 ? {} : { [key]: chosen };
}

function firstAmount(pattern: string, { reading, from }: Tail, locale: Locale): number | undefined {
  const compiled = compilePattern(pattern, locale);
  for (const line of reading.lines.slice(from)) {
    const amount = compiled(line)?.["amount"];
    if (amount !== undefined) return numbersOn(amount, locale)[0]?.minor;
  }
  return undefined;
}

const tenderRoles: ReadonlySet<Role> = new Set<Role>([
  "cash",
  "card",
  "wechat",
  "alipay",
  "gift",
  "other",
  "received",
  "paid",
]);
const otherRoles: ReadonlySet<Role> = new Set<Role>([
  "total",
  "due",
  "subtotal",
  "change",
  "tax",
  "taxAdded",
  "taxIncluded",
  "net",
]);

function tenders(tails: readonly Tail[], locale: Locale): Money["tenders"] {
  const rules = new Map<string, Money["tenders"][number]>();
  for (const tail of tails) {
    const used = new Set<number>();
    for (const { tenderType, amountMinor } of tail.reading.read.tenders) {
      const fitting = figures(tail, locale).filter(
        ({ number, index, role }) => number.minor === amountMinor && !used.has(index) && !otherRoles.has(role),
      );
      const figure =
        fitting.find(({ role }) => role === tenderType) ??
        fitting.find(({ role }) => tenderRoles.has(role)) ??
        fitting[0];
      if (figure === undefined) continue;
      used.add(figure.index);
      const line = figurePattern(figure.line, figure.number);
      if (!rules.has(line)) rules.set(line, { line, type: tenderType });
    }
  }
  return [...rules.values()];
}

function taxes(tails: readonly Tail[], locale: Locale): Money["taxes"] {
  const rules = new Map<string, Money["taxes"][number]>();
  for (const tail of tails) {
    for (const { amountMinor, rate, included } of tail.reading.read.taxes) {
      for (const { line } of figures(tail, locale)) {
        const tags = taxTags(numbersOn(line, locale), amountMinor, rate);
        if (tags === undefined) continue;
        const pattern = lineAsPattern(line, tags, "kept");
        rules.set(pattern, { line: pattern, included });
        break;
      }
    }
  }
  return [...rules.values()];
}

/** Which number of a line is the rate, which the tax, and which what it is charged on, as the rate itself tells. */
function taxTags(
  numbers: readonly NumberAt[],
  amountMinor: number,
  rate: string | undefined,
): readonly Tag[] | undefined {
  const percent = numbers.find(({ decimal }) => rate !== undefined && decimal === rate);
  if (rate !== undefined && percent === undefined) return undefined;
  const money = numbers.filter((number) => number.minor !== undefined && number !== percent);
  if (!money.some(({ minor }) => minor === amountMinor)) return undefined;
  const net = money.find((one) => money.some((other) => other !== one && isTaxOf(other, one, rate)));
  const amount =
    money.find((one) => one !== net && isTaxOf(one, net, rate)) ?? money.findLast(({ minor }) => minor === amountMinor);
  const gross = money.find(({ minor }) => minor === (net?.minor ?? 0) + (amount?.minor ?? 0));
  return [...money, ...(percent === undefined ? [] : [percent])].map((number) => ({
    from: number.from,
    to: number.to,
    pattern: number === percent ? "{rate}" : number === amount ? "{amount}" : nameOf(number, net, gross),
  }));
}

const nameOf = (number: NumberAt, net: NumberAt | undefined, gross: NumberAt | undefined): string =>
  number === net ? "{net}" : number === gross ? "{gross}" : String.raw`\S+`;

/** Whether one amount is what the rate makes of another, but for rounding. */
function isTaxOf(tax: NumberAt, net: NumberAt | undefined, rate: string | undefined): boolean {
  if (net?.minor === undefined || tax.minor === undefined || rate === undefined || Number(rate) === 0) return false;
  return Math.abs((net.minor * Number(rate)) / 100 - tax.minor) <= 1 && tax.minor !== 0;
}

function discounts(tails: readonly Tail[], locale: Locale): Money["discounts"] {
  const lines = new Set<string>();
  for (const tail of tails) {
    for (const { amountMinor } of tail.reading.read.discounts) {
      const fitting = figures(tail, locale).filter(({ number }) => Math.abs(number.minor ?? 0) === amountMinor);
      const figure =
        fitting.find(({ role }) => role === "discount" || role === "saving") ??
        fitting.find(({ role }) => !otherRoles.has(role));
      if (figure !== undefined) lines.add(figurePattern(figure.line, figure.number));
    }
  }
  return [...lines].map((line) => ({ line }));
}
