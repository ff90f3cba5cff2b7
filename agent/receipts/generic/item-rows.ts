import type { LineItem } from "../../core/transaction.ts";
import type { AmountFact } from "./amount-fact.ts";
import { productOf, quantityBefore, type Product } from "./product.ts";
import { printedPart } from "./fold.ts";
import { isIdentityRow } from "./identity.ts";
import type { NumberStyle } from "./number-style.ts";
import type { SlipLines } from "./slip-lines.ts";
import { countLetters, rowMeans, type Row } from "./row.ts";

/** An item as it is being read; amounts in minor units. */
export interface ItemDraft {
  readonly row: Row;
  itemId: string | undefined;
  description: string;
  product: Product | undefined;
  readonly amount: number;
  /** Taken off by lines under it. */
  discount: number;
  voided: boolean;
}

/** What the list of items holds. */
export interface ItemRows {
  readonly items: readonly ItemDraft[];
  /** Amounts taken off that belong to no item. */
  readonly discounts: readonly AmountFact[];
  /** Discounts printed without a minus: taken off, or only told. */
  readonly told: readonly AmountFact[];
  /** Lines with amounts that are none of it. */
  readonly strange: number;
}

interface Reading {
  readonly style: NumberStyle;
  readonly quantityColumn: boolean;
  readonly items: ItemDraft[];
  readonly discounts: AmountFact[];
  readonly told: AmountFact[];
  /** A name on a line of its own, that figures may follow. */
  name: Row | undefined;
  code: string | undefined;
  /** Quantity and price on a line before the item. */
  ahead: Product | undefined;
  strange: number;
}

/** Reads rows as a list of items: on one line or several, with quantity and price beside, above or below. */
export function readItemRows(
  rows: readonly Row[],
  { style, factsOf }: Pick<SlipLines, "style" | "factsOf">,
  quantityColumn: boolean,
): ItemRows {
  const reading: Reading = {
    style,
    quantityColumn,
    items: [],
    discounts: [],
    told: [],
    name: undefined,
    code: undefined,
    ahead: undefined,
    strange: 0,
  };
  for (const row of rows) if (!row.blank) take(reading, row, factsOf(row));
  return reading;
}

function take(reading: Reading, row: Row, facts: readonly AmountFact[]): void {
  const fact = facts.findLast(({ last }) => last);
  const product = productOf(row, fact, reading.style);
  if (fact === undefined || (product !== undefined && !product.complete)) withoutAmount(reading, row, product);
  else if (isHead(row) && !(hasDecimals(fact) && row.dates.length === 0)) reading.name = undefined;
  else if (fact.role === "discount" || fact.role === "saving" || isTakenOff(reading, fact, product))
    takeOff(reading, fact);
  else if (isTotalOf(fact)) reading.strange += 1;
  else addItem(reading, row, fact, product);
}

function isHead(row: Row): boolean {
  return isIdentityRow(row) || rowMeans(row, "foreignNumber");
}

/** What has decimals is an amount, whatever the words before it. */
function hasDecimals({ token }: AmountFact): boolean {
  return /[.,]\d\d$/.test(token.digits);
}

/** Words that also name what is sold: a gift card, a bag charge, empties. */
const sold = new Set(["voidLine", "emptiesBack", "charge", "gift", "card", "cash", "other"]);

function isTotalOf({ plain, role }: AmountFact): boolean {
  return plain && role !== undefined && !sold.has(role);
}

function withoutAmount(reading: Reading, row: Row, product: Product | undefined): void {
  if (product !== undefined) {
    const above = reading.items.at(-1);
    if (above !== undefined && above.product === undefined && product.makes(above.amount)) above.product = product;
    else reading.ahead = product;
    return;
  }
  const code = bareCode(row);
  const above = reading.items.at(-1);
  if (code !== undefined && reading.name === undefined && above !== undefined && above.itemId === undefined) {
    above.itemId = code;
  } else if (code !== undefined) reading.code = code;
  else if (!isHead(row)) reading.name = row;
}

/** A line that is only an item code. */
function bareCode(row: Row): string | undefined {
  return /^\s*(\d{4,14})\s*$/.exec(row.text)?.[1];
}

/** A negative amount under an item it is not larger than takes something off; returned goods and empties are items. */
function isTakenOff(reading: Reading, fact: AmountFact, product: Product | undefined): boolean {
  if (fact.minor >= 0 || fact.role === "emptiesBack" || product !== undefined || reading.ahead !== undefined)
    return false;
  const above = reading.items.at(-1);
  if (fact.role === "voidLine") return true;
  return above !== undefined && above.amount > 0 && above.amount >= -fact.minor && !hasCode(fact.row);
}

function hasCode(row: Row): boolean {
  return /(?<!\d)\d{6,14}(?!\d)/.test(row.text);
}

function takeOff(reading: Reading, fact: AmountFact): void {
  const above = reading.items.at(-1);
  const cancelled = reading.items.findLast((item) => item.amount === -fact.minor && !item.voided);
  reading.name = undefined;
  if (fact.role === "voidLine" && cancelled !== undefined) cancelled.voided = true;
  else if (fact.minor >= 0) reading.told.push(fact);
  else if (
    above !== undefined &&
    !above.voided &&
    above.amount - above.discount >= -fact.minor &&
    fact.role !== "saving"
  ) {
    above.discount -= fact.minor;
  } else reading.discounts.push(fact);
}

function addItem(reading: Reading, row: Row, fact: AmountFact, own: Product | undefined): void {
  const ahead = reading.ahead?.makes(fact.minor) === true ? reading.ahead : undefined;
  const product = own ?? ahead ?? reading.ahead?.of(fact.minor) ?? columnQuantity(reading, row, fact);
  const named = description(row, fact, product?.row === row ? product : undefined);
  const above = named.text === "" && reading.name !== undefined ? nameOf(reading.name) : undefined;
  reading.items.push({
    row,
    itemId: named.code ?? above?.code ?? reading.code,
    description: above?.text ?? named.text,
    product,
    amount: fact.minor,
    discount: 0,
    voided: false,
  });
  reading.name = undefined;
  reading.code = undefined;
  reading.ahead = undefined;
}

/** Under a column of quantities, the one number before the amount is one. */
function columnQuantity({ quantityColumn, style }: Reading, row: Row, fact: AmountFact): Product | undefined {
  return quantityColumn ? quantityBefore(row, fact, style) : undefined;
}

interface Named {
  readonly text: string;
  readonly code: string | undefined;
}

/** What stands before the figures of an item: a code, a name. */
function description(row: Row, fact: AmountFact, product: Product | undefined): Named {
  const figures = [fact.token.start, ...(product?.at ?? []).filter((at) => at > 0)];
  const from = product?.leads === true ? product.end : 0;
  const to = Math.min(...figures.filter((at) => at >= from));
  return named(row, from, to);
}

function nameOf(row: Row): Named {
  return named(row, 0, row.text.length);
}

function named(row: Row, from: number, to: number): Named {
  const code = /(?<![\d.,])\d{5,14}(?![\d.,])/.exec(row.text.slice(from, to));
  const start = code?.index ?? 0;
  const before = code === null ? to : from + start;
  const after = code === null ? to : before + code[0].length;
  const texts = [printedPart(row.folded, from, before), printedPart(row.folded, after, to)];
  const text = texts
    .map((part) => part.replace(/^\s*\d{1,3}[.)\s]\s*(?=\D)/, "").trim())
    .filter(Boolean)
    .join(" ")
    .replace(mark, "");
  return { text: countLetters(text.toUpperCase()) === 0 ? "" : text, code: code?.[0] };
}

/** What a POS sets behind a name: a mark for the tax rate, a word that it was taken back. */
const mark = /\s*(?:[※*#]|[（(]?(?:取消|作废|作廢|退|VOID)[）)]?)$/i;

/** The item as it is recorded; its amount less what was taken off. */
export function toLineItem(draft: ItemDraft): LineItem {
  const { itemId, description, product, amount, discount, voided } = draft;
  const price = product === undefined ? amount : product.priceMinor;
  return {
    ...(itemId === undefined ? {} : { itemId }),
    description,
    quantity: product?.quantity ?? "1",
    ...(price === undefined ? {} : { unitPriceMinor: price }),
    extendedAmountMinor: amount - discount,
    ...(discount === 0 ? {} : { discountMinor: discount }),
    voided,
  };
}
