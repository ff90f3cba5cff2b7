import type { LineItem } from "../core/transaction.ts";
import { decimalString, onlyUnitPrice, type Decimal } from "./decimal.ts";
import { embeddedByLine, embeddedByScheme, type Piece } from "./embedded-code.ts";
import { hasWrongCheckDigit } from "./gtin.ts";
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
  /** All lines but those that belong to items: what stands there is about the slip, whatever the goods are called. */
  readonly frame: SlipText;
}

const places = ["item", "below", "above", "voids", "ignore"] as const;
type Place = (typeof places)[number];
type Rules = NonNullable<SlipText["profile"]["source"]["items"]>;

/** Reads the list of items by the rows of the profile. */
export function readItems(slip: SlipText): ItemList {
  const rules = slip.profile.source.items;
  const from = rules === undefined ? -1 : slip.indexOf(rules.after, 0);
  if (rules === undefined || from < 0) return { items: [], unread: [], broken: 0, rest: slip, frame: slip };
  const to = slip.indexOf(rules.before, from + 1);
  const end = to < 0 ? slip.lines.length : to;
  const list = new List(slip);
  for (const line of slip.lines.slice(from + 1, end)) list.take(line);
  const items = list.drafts.flatMap(({ groups }) => finish(slip, groups, rules) ?? []);
  return {
    items,
    unread: list.unread,
    broken: list.drafts.length - items.length,
    rest: slip.slice(to < 0 ? from + 1 : to),
    frame: slip.withLines([...slip.lines.slice(0, from + 1), ...list.unread, ...slip.lines.slice(end)]),
  };
}

/** An item as far as it is read. */
interface Draft {
  readonly groups: Groups;
  /** Its amount without the sign, by which a line that takes it back finds it; `NaN` while it has none. */
  readonly size: number;
}

/** The list of items while it is gone through. */
class List {
  readonly drafts: Draft[] = [];
  readonly unread: string[] = [];
  readonly #slip: SlipText;
  #above: Groups = {};

  constructor(slip: SlipText) {
    this.#slip = slip;
  }

  take(line: string): void {
    const read = readRow(this.#slip, line);
    const known = read !== undefined && this.#place(read.place, read.groups);
    if (!known && line !== "") this.unread.push(line);
  }

  #place(place: Place, groups: Groups): boolean {
    switch (place) {
      case "item":
        this.drafts.push(this.#draft({ ...this.#above, ...groups }));
        this.#above = {};
        return true;
      case "above":
        this.#above = groups;
        return true;
      case "below":
        if (this.drafts.length === 0) return false;
        this.drafts.push(this.#draft(joined(this.#slip, this.drafts.pop()?.groups ?? {}, groups)));
        return true;
      case "voids":
        return this.#void(groups);
      case "ignore":
        return true;
    }
  }

  #draft(groups: Groups): Draft {
    return { groups, size: this.#sizeOf(groups["amount"]) };
  }

  #sizeOf(amount: string | undefined): number {
    return Math.abs(minorOf(this.#slip, amount) ?? NaN);
  }

  /** Marks the latest item of this amount, and of this code if one is given. */
  #void({ amount, itemId }: Groups): boolean {
    const taken = this.#sizeOf(amount);
    const at = this.drafts.findLastIndex(
      ({ size, groups }) => size === taken && (itemId === undefined || groups["itemId"] === itemId),
    );
    const draft = this.drafts[at];
    if (draft === undefined) return false;
    this.drafts[at] = { ...draft, groups: { ...draft.groups, voided: "" } };
    return true;
  }
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
    for (const place of places) {
      const pattern = row[place];
      const groups = pattern === undefined ? undefined : slip.profile.pattern(pattern)(line);
      if (groups !== undefined) return { place, groups };
    }
  }
  return undefined;
}

const one: Decimal = { units: 1n, scale: 0 };

function finish(slip: SlipText, groups: Groups, rules: Rules): LineItem | undefined {
  const amount = minorOf(slip, groups["amount"]);
  if (amount === undefined) return undefined;
  const discount = Math.abs(minorOf(slip, groups["discount"]) ?? 0);
  const gross = rules.amounts === "gross" ? amount : amount + discount;
  const quantity = (groups["quantity"] === undefined ? undefined : slip.toDecimal(groups["quantity"])) ?? one;
  const unitPrice = minorOf(slip, groups["unitPrice"]) ?? onlyUnitPrice(quantity, gross);
  const { taxCode } = groups;
  return {
    ...aboutCode(groups["itemId"], rules, { amountMinor: gross, quantity }),
    description: (groups["description"] ?? "").trim(),
    quantity: decimalString(quantity),
    ...(unitPrice === undefined ? {} : { unitPriceMinor: unitPrice }),
    extendedAmountMinor: gross - discount,
    ...(discount === 0 ? {} : { discountMinor: discount }),
    ...(taxCode === undefined ? {} : { taxCode }),
    voided: groups["voided"] !== undefined,
  };
}

/** The item code, and what it says itself. */
function aboutCode(
  itemId: string | undefined,
  { codes, embedded: schemes }: Rules,
  piece: Piece,
): Pick<LineItem, "itemId" | "itemIdFault" | "embedded"> {
  if (itemId === undefined) return {};
  const embedded = schemes.length > 0 ? embeddedByScheme(itemId, schemes) : embeddedByLine(itemId, piece);
  return {
    itemId,
    ...(codes === "gtin" && hasWrongCheckDigit(itemId) && { itemIdFault: "CHECK_DIGIT" }),
    ...(embedded !== undefined && { embedded }),
  };
}

function minorOf(slip: SlipText, text: string | undefined): number | undefined {
  return text === undefined ? undefined : slip.toMinor(text);
}
