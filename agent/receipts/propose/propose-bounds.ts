import { atLineStart, literal } from "./literal.ts";
import type { ItemLines } from "./reading.ts";

/** The line before the list of items and the one that ends it. */
interface Bounds {
  readonly after: string;
  readonly before: string;
}

const isFiller = (line: string): boolean => !/[\p{L}\p{N}]/u.test(line);

/** Patterns for both ends of the list of items that fit on all slips; `undefined` when a list stands at an edge of its slip. */
export function proposeBounds(regions: readonly ItemLines[]): Bounds | undefined {
  const heads = new Set<string>();
  const ends = new Set<string>();
  for (const region of regions) {
    const head = headOf(region);
    const end = endOf(region);
    if (head === undefined || end === undefined) return undefined;
    if (![...heads].some((known) => fitsHead(known, region))) heads.add(head);
    if (![...ends].some((known) => fitsEnd(known, region))) ends.add(end);
  }
  if (heads.size === 0 || ends.size === 0) return undefined;
  return { after: oneOf([...heads]), before: oneOf([...ends]) };
}

const oneOf = (patterns: readonly string[]): string =>
  patterns.length === 1 ? (patterns[0] ?? "") : `^(?:${patterns.map((pattern) => pattern.slice(1)).join("|")})`;

/** The line above the items, as much of it as is needed to find it first. */
function headOf(region: ItemLines): string | undefined {
  const { reading, first } = region;
  const at = reading.lines.slice(0, first).findLastIndex((line) => !isFiller(line));
  const line = reading.lines[at];
  if (line === undefined) return undefined;
  const words = line.trimStart().split(/(\s+)/);
  // Two words: one alone could as well begin the name of a shop.
  for (let count = Math.min(3, words.length); count <= words.length; count += 2) {
    const begun = line.slice(0, line.length - line.trimStart().length) + words.slice(0, count).join("");
    const pattern = `${atLineStart(begun)}${count >= words.length ? "$" : ""}`;
    if (fitsHead(pattern, region)) return pattern;
  }
  return `${atLineStart(line)}$`;
}

function fitsHead(pattern: string, { reading, first }: ItemLines): boolean {
  const expression = new RegExp(pattern, "u");
  const at = reading.lines.findIndex((line) => expression.test(line));
  return at >= 0 && at < first && reading.lines.slice(at + 1, first).every(isFiller);
}

/** The label of the first line behind the items. */
function endOf(region: ItemLines): string | undefined {
  const { reading, last } = region;
  const line = reading.lines.slice(last + 1).find((one) => !isFiller(one));
  if (line === undefined) return undefined;
  const label = /^\s*[^\d]*[^\d\s¥￥$€£-]/u.exec(line)?.[0] ?? line;
  const bare = label.trimStart();
  const behind = /^\s/.test(line.slice(label.length)) ? String.raw`\s` : "";
  return `^${bare === label ? "" : String.raw`\s*`}${literal(bare)}${behind}`;
}

function fitsEnd(pattern: string, { reading, first, last }: ItemLines): boolean {
  const expression = new RegExp(pattern, "u");
  const at = reading.lines.findIndex((line, index) => index >= first && expression.test(line));
  return at > last && reading.lines.slice(last + 1, at).every(isFiller);
}
