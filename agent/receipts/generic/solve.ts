import type { AmountFact } from "./amount-fact.ts";
import { payment, paymentFacts, type Payment, type PaymentFacts } from "./payment.ts";
import type { Row } from "./row.ts";

/** The figures of a slip, before it is known which of them make the total. */
export interface Figures {
  /** What the items come to, less what is taken off in the list. */
  readonly items: number;
  readonly hasItems: boolean;
  /** Discounts in the list of items without a minus: taken off, or only told. */
  readonly told: number;
  /** Amounts behind the items, in printed order. */
  readonly facts: readonly AmountFact[];
  readonly rows: readonly Row[];
}

/** Which figures make the total. */
export interface Solution {
  readonly total: AmountFact | undefined;
  readonly subtotal: AmountFact | undefined;
  /** The amounts that take part, and those that are only told. */
  readonly discounts: readonly AmountFact[];
  readonly charges: readonly AmountFact[];
  readonly addedTaxes: readonly AmountFact[];
  /** What rounding adds to the total. */
  readonly rounding: number;
  /** Whether the told discounts in the list are taken off. */
  readonly toldCounts: boolean;
  /** Whether the items make the total. */
  readonly linesAgree: boolean;
  /** Whether the subtotal makes it. */
  readonly subtotalAgrees: boolean;
  readonly payment: Payment;
  /** Another total, printed before the tenders, is neither this one nor made by the items. */
  readonly contradicted: boolean;
}

const totalRoles = new Set(["total", "due", "paid"]);

/** Of equal evidence, the stronger word: what is due, then the total, then what was paid. */
const strength: Readonly<Record<string, number>> = { due: 3, total: 2, paid: 1 };

/** More candidates, or more subtotals before one, are no receipt. */
const maxCandidates = 12;

/**
 * Finds the total by arithmetic: of all amounts that are called one, that which the items (with discounts, charges, taxes and rounding
 * printed before it) and the tenders make.
 */
export function solve(figures: Figures): Solution {
  const candidates = figures.facts
    .filter(({ role }) => role !== undefined && totalRoles.has(role))
    .slice(0, maxCandidates);
  const paid = paymentFacts(figures.facts);
  const solutions = candidates.map((total): Solution => ({
    ...settled(wayTo(total, figures), total, figures, withoutSelf(paid, total)),
  }));
  let best: Solution | undefined;
  for (const solution of solutions) if (best === undefined || score(solution) > score(best)) best = solution;
  if (best !== undefined) return { ...best, contradicted: isContradicted(best, solutions, paid) };
  return { ...nothing, payment: payment(undefined, paid, figures.rows), contradicted: false };
}

const nothing: Way = {
  total: undefined,
  subtotal: undefined,
  discounts: [],
  charges: [],
  addedTaxes: [],
  rounding: 0,
  toldCounts: false,
  linesAgree: false,
  subtotalAgrees: false,
};

/** Adds how it was paid: the total, or the total and a rounding printed behind it. */
function settled(way: Way, total: AmountFact, { facts, rows }: Figures, paid: PaymentFacts): Solution {
  const plain = payment(total.minor, paid, rows);
  const last = facts.findLast(({ role, plain }) => plain && (role === "due" || role === "total")) ?? total;
  const rounding = facts.find((fact) => fact.role === "rounding" && isBefore(last, fact));
  if (plain.agrees || rounding === undefined) return { ...way, payment: plain, contradicted: false };
  for (const added of [rounding.minor, -rounding.minor]) {
    const rounded = payment(total.minor + added, paid, rows);
    if (rounded.agrees) return { ...way, rounding: way.rounding + added, payment: rounded, contradicted: false };
  }
  return { ...way, payment: plain, contradicted: false };
}

/** `实收` may be what is to be paid or what was handed over, but not both at once. */
function withoutSelf(paid: PaymentFacts, total: AmountFact): PaymentFacts {
  return { ...paid, received: paid.received.filter((fact) => fact !== total) };
}

function score({ total, linesAgree, subtotalAgrees, payment, ...way }: Solution): number {
  const agreements = (linesAgree ? 40 : 0) + (payment.agrees ? 40 : 0) + (subtotalAgrees ? 10 : 0);
  const word = strength[total?.role ?? ""] ?? 0;
  const simple = way.toldCounts ? 0 : 1;
  return agreements + word + (total?.plain === true ? 4 : 0) + simple;
}

/**
 * Whether a total before the tenders disagrees: one behind the chosen one, or one that the items do not make. Totals behind the first
 * tender belong to a card slip.
 */
function isContradicted(best: Solution, all: readonly Solution[], { tenders, received }: PaymentFacts): boolean {
  const firstPaid = Math.min(...[...tenders, ...received].map(({ row }) => row.index));
  return all.some(({ total, linesAgree, subtotalAgrees }) => {
    if (total === undefined || best.total === undefined || !total.plain || total.role === "paid") return false;
    if (total.row.index > firstPaid || total.minor === best.total.minor) return false;
    return isBefore(best.total, total) || (!linesAgree && !subtotalAgrees);
  });
}

type Way = Omit<Solution, "payment" | "contradicted">;

interface Choice {
  readonly discounts: readonly AmountFact[];
  readonly charges: readonly AmountFact[];
  readonly taxes: readonly AmountFact[];
  readonly rounding: readonly AmountFact[];
  /** 1 when rounding adds what is printed, -1 when it takes it off. */
  readonly sign: 1 | -1;
  readonly told: boolean;
}

/** The best way to take the amounts between items and total: one that agrees with the items, else with the subtotal, else the plainest. */
function wayTo(total: AmountFact, figures: Figures): Way {
  const before = figures.facts.filter((fact) => isBefore(fact, total));
  const subtotals = before.filter(({ role, plain }) => role === "subtotal" && plain).slice(-maxCandidates);
  let best: Way | undefined;
  for (const choice of choices(before, figures.told !== 0)) {
    const way = wayOf(total, figures, subtotals, choice);
    if (best === undefined || agreement(way) > agreement(best)) best = way;
  }
  return best ?? { ...nothing, total };
}

function wayOf(total: AmountFact, figures: Figures, subtotals: readonly AmountFact[], choice: Choice): Way {
  const lines = figures.items - (choice.told ? figures.told : 0);
  const agreeing = subtotals.findLast((one) => one.minor + extras(choice, one) === total.minor);
  return {
    total,
    subtotal: agreeing ?? subtotals.at(-1),
    discounts: choice.discounts,
    charges: choice.charges,
    addedTaxes: choice.taxes,
    rounding: extras({ ...none, rounding: choice.rounding, sign: choice.sign }),
    toldCounts: choice.told,
    linesAgree: figures.hasItems && lines + extras(choice) === total.minor,
    subtotalAgrees: agreeing !== undefined,
  };
}

const none: Choice = { discounts: [], charges: [], taxes: [], rounding: [], sign: 1, told: false };

function agreement({ linesAgree, subtotalAgrees }: Way): number {
  return (linesAgree ? 2 : 0) + (subtotalAgrees ? 1 : 0);
}

/** What the chosen amounts add up to; with `after`, those printed after it alone. */
function extras(choice: Choice, after?: AmountFact): number {
  const sum = (facts: readonly AmountFact[], value: (minor: number) => number): number =>
    facts.reduce((all, fact) => all + (after === undefined || isBefore(after, fact) ? value(fact.minor) : 0), 0);
  return (
    sum(choice.discounts, (minor) => -Math.abs(minor)) +
    sum(choice.charges, (minor) => minor) +
    sum(choice.taxes, (minor) => minor) +
    sum(choice.rounding, (minor) => choice.sign * minor)
  );
}

/** Every way in which the amounts before a total may count, the usual ones first. */
function choices(before: readonly AmountFact[], told: boolean): readonly Choice[] {
  const of = (...roles: readonly string[]): readonly AmountFact[] =>
    before.filter(({ role, plain }) => role !== undefined && roles.includes(role) && plain);
  const taxes = of("tax", "taxAdded").filter(({ minor }) => minor !== 0);
  const rounding = of("rounding");
  const found: Choice[] = [];
  for (const discounts of allOrNone(before.filter(isDiscount))) {
    for (const charges of chargeChoices(of("charge"), of("tip"))) {
      for (const tax of taxes.length > 1 ? [taxes, taxes.slice(-1), []] : allOrNone(taxes)) {
        for (const [round, sign] of roundings(rounding)) {
          for (const counts of told ? [false, true] : [false]) {
            found.push({ discounts, charges, taxes: tax, rounding: round, sign, told: counts });
          }
        }
      }
    }
  }
  return found;
}

function allOrNone<T>(facts: readonly T[]): readonly (readonly T[])[] {
  return facts.length === 0 ? [[]] : [facts, []];
}

function chargeChoices(
  charges: readonly AmountFact[],
  tips: readonly AmountFact[],
): readonly (readonly AmountFact[])[] {
  return allOrNone(charges).flatMap((some) => allOrNone(tips).map((tip) => [...some, ...tip]));
}

function roundings(facts: readonly AmountFact[]): readonly (readonly [readonly AmountFact[], 1 | -1])[] {
  return facts.length === 0
    ? [[[], 1]]
    : [
        [facts, 1],
        [facts, -1],
        [[], 1],
      ];
}

/** Called a discount, or negative without a word that says otherwise. */
function isDiscount({ role, minor, last, plain }: AmountFact): boolean {
  if (role === "discount") return last;
  return minor < 0 && last && (role === undefined || role === "saving" || !plain);
}

/** Whether one amount is printed before another. */
function isBefore(one: AmountFact, other: AmountFact): boolean {
  return one.row.index < other.row.index || (one.row === other.row && one.token.start < other.token.start);
}
