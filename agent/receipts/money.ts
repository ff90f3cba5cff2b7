import type { Discount, Tax, Tender, Transaction } from "../core/transaction.ts";
import { decimalString } from "./decimal.ts";
import type { Groups } from "./pattern.ts";
import { present } from "./present.ts";
import type { ProfileSource } from "./profile-schema.ts";
import type { SlipText } from "./slip-text.ts";
import { readTenders } from "./tenders.ts";

/** The figures of a slip outside its list of items. */
export type Money = Pick<
  Transaction,
  "discounts" | "taxes" | "tenders" | "subtotalMinor" | "totalMinor" | "changeMinor" | "roundingMinor"
>;

/** Reads discounts, taxes, tenders and totals, as printed, by the rules of the profile. */
export function readMoney(slip: SlipText): Money {
  const { totals } = slip.profile.source;
  const tenders = readTenders(slip);
  return {
    discounts: readDiscounts(slip),
    taxes: slip.lines.flatMap((line) => readTax(slip, line) ?? []),
    tenders,
    ...present({
      subtotalMinor: slip.minor(totals.subtotal),
      totalMinor: slip.minor(totals.total),
      changeMinor: given(slip.minor(totals.change), tenders, slip.minor(totals.total)),
      roundingMinor: slip.minor(totals.rounding),
    }),
  };
}

/** Change is handed out: some POS print it with a minus. The sign stays on a refund, and where a tender says the same. */
function given(change: number | undefined, tenders: readonly Tender[], total = 0): number | undefined {
  const isTender = tenders.some(({ amountMinor }) => amountMinor === change);
  return change === undefined || total < 0 || isTender ? change : Math.abs(change);
}

function readDiscounts(slip: SlipText): readonly Discount[] {
  return slip.lines.flatMap((line) => {
    const groups = matchOf(slip, slip.profile.source.discounts, line)?.groups;
    const amount = slip.toMinor(groups?.["amount"] ?? "");
    return amount === undefined ? [] : [{ description: groups?.["description"] ?? "", amountMinor: Math.abs(amount) }];
  });
}

function readTax(slip: SlipText, line: string): Tax | undefined {
  const match = matchOf(slip, slip.profile.source.taxes, line);
  const amountMinor = slip.toMinor(match?.groups["amount"] ?? "");
  if (match === undefined || amountMinor === undefined) return undefined;
  const { rate, code, net, gross } = match.groups;
  const decimal = rate === undefined ? undefined : slip.toDecimal(rate);
  return {
    amountMinor,
    ...present({ rate: decimal === undefined ? undefined : decimalString(decimal) }),
    included: match.rule.included,
    ...present({
      taxCode: code,
      netMinor: net === undefined ? undefined : slip.toMinor(net),
      grossMinor: gross === undefined ? undefined : slip.toMinor(gross),
    }),
  };
}

type TaxRule = ProfileSource["taxes"][number];

/** The first rule whose pattern the line matches. */
function matchOf<R extends Pick<TaxRule, "line">>(
  slip: SlipText,
  rules: readonly R[],
  line: string,
): { rule: R; groups: Groups } | undefined {
  for (const rule of rules) {
    const groups = slip.profile.pattern(rule.line)(line);
    if (groups !== undefined) return { rule, groups };
  }
  return undefined;
}
