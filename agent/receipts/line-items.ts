import type { LineItem } from "../core/transaction.ts";
import { decimalString, onlyUnitPrice, type Decimal } from "./decimal.ts";
import type { Groups } from "./pattern.ts";
import type { SlipText } from "./slip-text.ts";

/** The items of a slip, and what stands around them. */
export interface ItemList {
  readonly items: readonly LineItem[];
  /** Lines of the list that no row of the profile explains. */
  readonly unread: readonly string[];
  /** Lines that began an item but have no readable amount. */
  readonly broken: number;
  /** The lines after the list; all lines when there is none. */
  readonly rest: SlipText;
}

type Place = "item" | "below" | "above" | "ignore";

/** Reads the list of items by the rows of the profile. */
export function readItems(slip: SlipText): ItemList {
  const rules = slip.profile.source.items;
  const from = rules === undefined ? -1 : slip.indexOf(rules.after, 0);
  if (rules === undefined || from < 0) return { items: [], unread: [], broken: 0, rest: slip };
  const to = slip.indexOf(rules.before, from + 1);
  const end = to < 0 ? slip.lines.length : to;
  const { drafts, unread } = collect(slip, from + 1, end);
  const items = drafts.flatMap((draft) => finish(slip, draft, rules.amounts) ?? []);
  return { items, unread, broken: drafts.length - items.length, rest: slip.slice(to < 0 ? from + 1 : to) };
}

function collect(slip: SlipText, from: number, end: number): { drafts: Groups[]; unread: string[] } {
  const drafts: Groups[] = [];
  const unread: string[] = [];
  let above: Groups = {};
  for (const line of slip.lines.slice(from, end)) {
    const read = readRow(slip, line);
    if (read?.place === "item") {
      drafts.push({ ...above, ...read.groups });
      above = {};
    } else if (read?.place === "above") {
      above = read.groups;
    } else if (read?.place === "below" && drafts.length > 0) {
      drafts.push(joined(slip, drafts.pop() ?? {}, read.groups));
    } else if (read?.place !== "ignore" && line !== "") {
      unread.push(line);
    }
  }
  return { drafts, unread };
}

/** Several discounts under one item add up; anything else is said once. */
function joined(slip: SlipText, draft: Groups, more: Groups): Groups {
  const [before, added] = [draft["discount"], more["discount"]];
  if (before === undefined || added === undefined) return { ...draft, ...more };
  const sum = Math.abs(slip.toMinor(before) ?? 0) + Math.abs(slip.toMinor(added) ?? 0);
  return { ...draft, ...more, discount: minorText(slip, sum) };
}

function minorText(slip: SlipText, minor: number): string {
  const { exponent, decimal } = slip.profile.source.locale;
  const digits = String(minor).padStart(exponent + 1, "0");
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}${decimal}${digits.slice(-exponent)}`;
}

function readRow(slip: SlipText, line: string): { place: Place; groups: Groups } | undefined {
  for (const row of slip.profile.source.items?.rows ?? []) {
    for (const place of ["item", "below", "above", "ignore"] as const) {
      const pattern = row[place];
      const groups = pattern === undefined ? undefined : slip.profile.pattern(pattern)(line);
      if (groups !== undefined) return { place, groups };
    }
  }
  return undefined;
}

const one: Decimal = { units: 1n, scale: 0 };

function finish(slip: SlipText, groups: Groups, amounts: "gross" | "net"): LineItem | undefined {
  const amount = minorOf(slip, groups["amount"]);
  if (amount === undefined) return undefined;
  const discount = Math.abs(minorOf(slip, groups["discount"]) ?? 0);
  const gross = amounts === "gross" ? amount : amount + discount;
  const quantity = (groups["quantity"] === undefined ? undefined : slip.toDecimal(groups["quantity"])) ?? one;
  const unitPrice = minorOf(slip, groups["unitPrice"]) ?? onlyUnitPrice(quantity, gross);
  const itemId = groups["itemId"];
  return {
    ...(itemId === undefined ? {} : { itemId }),
    description: (groups["description"] ?? "").trim(),
    quantity: decimalString(quantity),
    ...(unitPrice === undefined ? {} : { unitPriceMinor: unitPrice }),
    extendedAmountMinor: gross - discount,
    ...(discount === 0 ? {} : { discountMinor: discount }),
    voided: groups["voided"] !== undefined,
  };
}

function minorOf(slip: SlipText, text: string | undefined): number | undefined {
  return text === undefined ? undefined : slip.toMinor(text);
}
