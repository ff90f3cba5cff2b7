import type { LineItem } from "../../core/transaction.ts";
import { compilePattern } from "../pattern.ts";
import type { ProfileSource } from "../profile-schema.ts";
import { proposeBounds } from "./propose-bounds.ts";
import { escaped } from "./literal.ts";
import { isRule, type ItemLines, type Reading } from "./reading.ts";
import { lineAsPattern, numbersOn, type NumberAt, type Tag } from "./tagged-line.ts";

type Locale = ProfileSource["locale"];
type Items = NonNullable<ProfileSource["items"]>;
type Row = Items["rows"][number];

/** What is proposed for the list of items; the rest has its defaults. */
export type ItemsDraft = Pick<Items, "after" | "before" | "amounts" | "rows">;

/** What could be said of the list of items. */
export interface ProposedItems {
  readonly items?: ItemsDraft;
  readonly regions: readonly ItemLines[];
}

/**
 * Rows for the lines of the items: each line on which something of a known item stands becomes a pattern with placeholders in the
 * places of what is known. The same pattern from several lines is said once.
 */
export function proposeItems(readings: readonly Reading[], locale: Locale): ProposedItems {
  const rows = new Map<string, Row>();
  const regions: ItemLines[] = [];
  let net = false;
  for (const reading of readings) {
    if (reading.read.lineItems.length === 0) continue;
    const found = placeItems(reading, locale);
    if (found.length === 0) continue;
    for (const { item, index, extra } of found) {
      for (const { row, isNet } of rowsFor(item, reading, index, extra, locale)) {
        rows.set(JSON.stringify(row), row);
        net ||= isNet;
      }
    }
    const all = found.flatMap(({ index, extra }) => [index, ...extra]);
    regions.push({ reading, first: Math.min(...all), last: Math.max(...all) });
  }
  const bounds = proposeBounds(regions);
  if (rows.size === 0 || bounds === undefined) return { regions };
  const ordered = withoutCovered([...rows.values()]).toSorted((a, b) => rank(a) - rank(b));
  const rules = hasRules(regions) ? [{ ignore: String.raw`^[-=─*_\s]+$` }] : [];
  const known = [...rules, ...ordered];
  const names = regions.some((region) => hasOther(region, known, locale)) ? [nameAlone] : [];
  return { regions, items: { ...bounds, amounts: net ? "net" : "gross", rows: [...known, ...names] } };
}

/** A line without figures that no other row explains: a name whose figures stand under it, or a remark. An item's own name goes before it. */
const nameAlone: Row = { above: String.raw`^\s*{description}$` };

function hasOther({ reading, first, last }: ItemLines, rows: readonly Row[], locale: Locale): boolean {
  const patterns = rows.flatMap((row) => Object.values(row).map((pattern) => compilePattern(pattern ?? "", locale)));
  return reading.lines
    .slice(first, last + 1)
    .some(
      (line) =>
        line.trim() !== "" && !/\d[.,]?\d/.test(line) && patterns.every((pattern) => pattern(line) === undefined),
    );
}

/** A row that another one matches too, since that only allows for a mark more. */
function withoutCovered(rows: readonly Row[]): readonly Row[] {
  const bare = (row: Row): string =>
    JSON.stringify(row).replace(/\(\?(?::|<voided>)(?:\\.|[^()])*\)\?|[^\w)\]}+*$]\?(?=\\)/gu, "");
  return rows.filter(
    (row) =>
      !rows.some(
        (other) =>
          other !== row && bare(other) === bare(row) && JSON.stringify(other).length > JSON.stringify(row).length,
      ),
  );
}

const hasRules = (regions: readonly ItemLines[]): boolean =>
  regions.some(({ reading, first, last }) => reading.lines.slice(Math.max(0, first - 2), last + 3).some(isRule));

/** The most telling rows first: a name alone would take every line. */
function rank(row: Row): number {
  const pattern = Object.values(row).join("");
  const placeholders = pattern.match(/\{\w+\}|\(\?<\w+>/g)?.length ?? 0;
  return (row.item === undefined ? 0 : 100) - placeholders * 10 - (pattern.includes("discount") ? 5 : 0);
}

interface Placed {
  readonly item: LineItem;
  /** The line with its name. */
  readonly index: number;
  /** Other lines that say something of it. */
  readonly extra: readonly number[];
}

/** Finds the line with the name of each item, and shares out the lines between them by the figures on them. */
function placeItems(reading: Reading, locale: Locale): readonly Placed[] {
  const { lines, read } = reading;
  const mains: { item: LineItem; index: number }[] = [];
  let from = 0;
  for (const item of read.lineItems) {
    const index = nameLine(lines, item, from, locale);
    if (index < 0) continue;
    mains.push({ item, index });
    from = index + 1;
  }
  return mains.map(({ item, index }, at) => {
    const [before, next] = [mains[at - 1], mains[at + 1]];
    const above = before === undefined ? Math.max(0, index - 1) : before.index + 1;
    const below = Math.min(next?.index ?? lines.length, index + 5);
    const extra: number[] = [];
    for (let near = above; near < index; near += 1)
      if (belongsAbove(lines[near] ?? "", item, before?.item, locale)) extra.push(near);
    for (let near = index + 1; near < below; near += 1) {
      const line = lines[near] ?? "";
      if (isRule(line) || line.trim() === "") continue;
      if (isSum(reading, near)) break;
      if (next !== undefined && belongsAbove(line, next.item, item, locale)) continue;
      if (tagsFor(line, item, locale).length === 0 && !isReversal(line, item, locale)) break;
      extra.push(near);
    }
    return { item, index, extra };
  });
}

const sums: ReadonlySet<string> = new Set([
  "subtotal",
  "total",
  "due",
  "paid",
  "net",
  "tax",
  "taxAdded",
  "taxIncluded",
  "cash",
  "card",
]);

/** A line that sums up, though its amount may be that of the item above it. */
function isSum({ slip }: Reading, index: number): boolean {
  const row = slip.rows[index];
  return row !== undefined && slip.factsOf(row).some(({ role, plain, last }) => plain && last && sums.has(role ?? ""));
}

function nameLine(lines: readonly string[], item: LineItem, from: number, locale: Locale): number {
  const name = item.description.trim();
  const word = name.split(/\s+/)[0] ?? "";
  const withName = (part: string): number =>
    lines.findIndex((line, index) => index >= from && part !== "" && line.includes(part));
  const exact = withName(name);
  if (exact >= 0) return exact;
  if (name !== "") return word.length >= 2 ? withName(word) : -1;
  return lines.findIndex(
    (line, index) => index >= from && numbersOn(line, locale).some((number) => isGross(number, item)),
  );
}

/** Quantity and price of this item and not of the one before stand on the line, and no amount. */
function belongsAbove(line: string, item: LineItem, before: LineItem | undefined, locale: Locale): boolean {
  const numbers = numbersOn(line, locale);
  const says = (of: LineItem): boolean =>
    of.quantity !== "1" &&
    numbers.some(({ decimal }) => decimal === of.quantity) &&
    numbers.some(({ minor }) => minor !== undefined && minor === of.unitPriceMinor) &&
    !numbers.some((number) => number.minor !== of.unitPriceMinor && isGross(number, of));
  return says(item) && (before === undefined || !says(before));
}

const grossOf = (item: LineItem): number => item.extendedAmountMinor + (item.discountMinor ?? 0);

const isGross = ({ minor }: NumberAt, item: LineItem): boolean => minor === grossOf(item);

const isReversal = (line: string, item: LineItem, locale: Locale): boolean =>
  item.voided && numbersOn(line, locale).some(({ minor }) => minor === -grossOf(item));

interface ProposedRow {
  readonly row: Row;
  readonly isNet: boolean;
}

function rowsFor(
  item: LineItem,
  { lines }: Reading,
  index: number,
  extra: readonly number[],
  locale: Locale,
): readonly ProposedRow[] {
  const main = lines[index] ?? "";
  const tags = tagsFor(main, item, locale);
  const isNet =
    (item.discountMinor ?? 0) > 0 && numbersOn(main, locale).some(({ minor }) => minor === item.extendedAmountMinor);
  const rows: ProposedRow[] = [{ row: { item: lineAsPattern(main, [...tags, ...nameTags(main, item, tags)]) }, isNet }];
  const hasAmount = tags.some(({ pattern }) => pattern === "{amount}");
  for (const near of extra) {
    const line = lines[near] ?? "";
    if (isReversal(line, item, locale)) rows.push({ row: { ignore: reversalPattern(line, locale) }, isNet });
    else if (near < index) rows.push({ row: { above: extraPattern(line, item, locale, !hasAmount) }, isNet });
    else rows.push({ row: { below: extraPattern(line, item, locale, !hasAmount) }, isNet });
  }
  return rows;
}

function reversalPattern(line: string, locale: Locale): string {
  const number = numbersOn(line, locale).at(-1);
  if (number === undefined) return `^${escaped(line)}$`;
  return lineAsPattern(line, [{ from: number.from, to: number.to, pattern: "{amount}" }]);
}

/** A line that takes something off has a reason in front of the amount. */
function extraPattern(line: string, item: LineItem, locale: Locale, withAmount: boolean): string {
  const tags = tagsFor(line, item, locale, withAmount);
  const discount = tags.find(({ pattern }) => pattern.includes("discount"));
  if (discount === undefined) return lineAsPattern(line, tags);
  const indent = /^\s*/.exec(line)?.[0].length ?? 0;
  const reason = line.slice(indent, discount.from).trimEnd();
  const named =
    reason === "" ? [] : [{ from: indent, to: indent + reason.length, pattern: String.raw`(?<promotion>\S.*?)` }];
  return lineAsPattern(line, [...named, discount]);
}

/** The name, and behind it the mark that the item was taken back or a mark for its tax. */
function nameTags(line: string, item: LineItem, figures: readonly Tag[]): readonly Tag[] {
  const name = item.description.trim();
  const at = name === "" ? -1 : line.indexOf(name);
  const from = at >= 0 ? at : line.indexOf(name.split(/\s+/)[0] ?? "");
  if (name === "" || from < 0) return [];
  const end = Math.min(line.length, ...figures.filter((tag) => tag.from > from).map((tag) => tag.from));
  const printed = at >= 0 ? at + name.length : from + line.slice(from, end).trimEnd().length;
  const behind = line.slice(printed, end).trimEnd();
  const to = printed + behind.length;
  const voided = /取消|作废|作廢|VOID|STORNO|CANCEL/i.test(behind);
  const mark =
    behind === "" ? "" : voided ? String.raw`(?<voided>\s*${escaped(behind.trim())})?` : optional(markOf(behind));
  return [{ from, to, pattern: `{description}${mark}` }];
}

const optional = (mark: string): string => ([...mark].length === 1 ? `${mark}?` : `(?:${mark})?`);

const markOf = (behind: string): string => `${/^\s/.test(behind) ? String.raw`\s+` : ""}${escaped(behind.trim())}`;

/** The figures of an item on a line; each is looked for once, the amount from the right. */
function tagsFor(line: string, item: LineItem, locale: Locale, withAmount = true): readonly Tag[] {
  const name = item.description.trim();
  const nameAt = name === "" ? -1 : line.indexOf(name);
  const numbers = numbersOn(line, locale).filter(
    ({ from }) => nameAt < 0 || from < nameAt || from >= nameAt + name.length,
  );
  const discount = item.discountMinor ?? 0;
  const tags: Tag[] = [];
  const take = (pattern: string, fits: (number: NumberAt) => boolean): void => {
    const number = numbers.findLast((one) => fits(one) && !tags.some(({ from }) => from === one.from));
    if (number !== undefined) tags.push({ from: number.from, to: number.to, pattern });
  };
  take("{itemId}", ({ text }) => text === item.itemId && /^\d{4,14}$/.test(text));
  if (withAmount) take("{amount}", (number) => isGross(number, item));
  if (discount > 0) {
    if (withAmount)
      take(
        "{amount}",
        ({ minor }) => minor === item.extendedAmountMinor && !tags.some(({ pattern }) => pattern === "{amount}"),
      );
    take(discountOf(line, numbers, discount), ({ minor }) => minor !== undefined && Math.abs(minor) === discount);
  }
  if (item.unitPriceMinor !== undefined) take("{unitPrice}", ({ minor }) => minor === item.unitPriceMinor);
  take("{quantity}", ({ decimal, text }) => decimal === item.quantity && !/[¥￥$€£]/.test(text));
  return isOnlyQuantity(tags) ? [] : tags;
}

/** A one somewhere on a line says nothing. */
const isOnlyQuantity = (tags: readonly Tag[]): boolean => tags.length === 1 && tags[0]?.pattern === "{quantity}";

/** A discount with a minus is told from an item by it. */
function discountOf(line: string, numbers: readonly NumberAt[], discount: number): string {
  const text = numbers.findLast(({ minor }) => minor !== undefined && Math.abs(minor) === discount)?.text ?? line;
  if (text.endsWith("-")) return String.raw`(?<discount>\d[\d.,]*-)`;
  return text.startsWith("-") ? String.raw`(?<discount>-[¥￥$€£]?\d[\d.,]*)` : "{discount}";
}
