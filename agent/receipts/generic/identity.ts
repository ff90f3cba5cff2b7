import { coverage, type Row } from "./row.ts";
import { printedPart } from "./fold.ts";
import { present } from "../present.ts";
import { means, type Hit } from "./word-index.ts";
import type { IdentityRole } from "./words/word.ts";

/** What identifies a slip, as far as it is printed. */
export interface Identity {
  readonly retailStoreId?: string;
  readonly workstationId?: string;
  readonly sequenceNumber?: string;
  readonly operatorId?: string;
  readonly memberId?: string;
  /** The number might be another one: there are several, or the label is of the weaker sort. */
  readonly doubtful: boolean;
}

const roles: readonly IdentityRole[] = [
  "store",
  "lane",
  "receiptNumber",
  "transactionNumber",
  "documentNumber",
  "orderNumber",
  "foreignNumber",
  "operator",
  "member",
];

/** What may number the slip, the surest first. */
const numberRoles = ["receiptNumber", "transactionNumber", "documentNumber", "orderNumber"] as const;

interface Labelled {
  readonly role: IdentityRole;
  readonly value: string;
  readonly row: Row;
}

/** Reads labels with their values: `门店:0117 收银机:05`, `ST# 2841 OP# 009044 TE# 07 TR# 03918`, `Bon-Nr.:1433`. */
export function readIdentity(rows: readonly Row[]): Identity {
  const labelled = rows.flatMap((row, index) => labelsOf(row, rows[index + 1]));
  const of = (role: IdentityRole): readonly string[] => [
    ...new Set(labelled.filter((label) => label.role === role).map(({ value }) => value)),
  ];
  const [lane] = of("lane");
  const [store = branchOf(rows)] = of("store");
  const numbers = numberRoles.map(of);
  const tier = numbers.find((values) => values.length > 0) ?? [];
  // `レジ1-8891` is till 1, receipt 8891.
  const joint = tier.length === 0 ? /^(\d{1,3})-(\d{3,})$/.exec(lane ?? "") : null;
  const number = joint?.[2] ?? tier[0];
  return {
    ...present({
      retailStoreId: store,
      workstationId: joint?.[1] ?? lane,
      sequenceNumber: number,
      operatorId: of("operator")[0],
      memberId: of("member")[0],
    }),
    doubtful: joint !== null || new Set(numbers.slice(0, 3).flat()).size !== 1,
  };
}

/** `QUIK FUEL #5561`: the number behind the name at the head of a slip. */
function branchOf(rows: readonly Row[]): string | undefined {
  for (const { text, hits } of rows.slice(0, 3)) {
    const branch = /^\s*[A-Z][A-Z&' .-]{3,} ?#(\d{1,6})\s*$/.exec(text)?.[1];
    if (branch !== undefined && !hits.some((hit) => roleOf(hit) !== undefined)) return branch;
  }
  return undefined;
}

/** Whether a row has such a label with a value: it belongs to the head or the foot of a slip, not to its items. */
export function isIdentityRow(row: Row): boolean {
  return row.dates.length > 0 || labelsOf(row, undefined).length > 0;
}

/** The number a row gives the slip, and the label it stands under. */
export function numberLabel(row: Row): { readonly label: string; readonly value: string } | undefined {
  const found = labelsOf(row, undefined).find(({ role }) => role === "receiptNumber" || role === "transactionNumber");
  return found === undefined ? undefined : { label: found.role, value: found.value };
}

function labelsOf(row: Row, below: Row | undefined): readonly Labelled[] {
  const found: (Labelled & { readonly weak: boolean })[] = [];
  const labels = row.hits.flatMap((hit) => {
    const role = roleOf(hit);
    return role === undefined ? [] : [{ hit, role }];
  });
  for (const [index, { hit, role }] of labels.entries()) {
    const next = labels[index + 1]?.hit.start ?? row.text.length;
    const value = valueAfter(row, hit.end, next) ?? (labels.length === 1 ? valueBelow(row, hit, below) : undefined);
    if (value === undefined) continue;
    const short = hit.words.every((word) => word[3] === "weak") && row.text.charAt(hit.end) !== "#";
    const weak = short && coverage(row, 0, row.text.length) < 1;
    found.push({ role, value, row, weak });
  }
  return labels.length > 1 ? found : found.filter(({ weak }) => !weak);
}

function roleOf(hit: Hit): IdentityRole | undefined {
  return roles.find((role) => means(hit, role));
}

/** Signs and words between a label and its value. */
const between = /^[\s.:#=°º(]*(?:(?:NO|NR|NUM|NUMERO|ID|N|編號|编号|番号|號|号)(?![A-Z])[\s.:#=°)]*)?/;

function valueAfter(row: Row, from: number, to: number): string | undefined {
  const rest = row.text.slice(from, to);
  const start = from + (between.exec(rest)?.[0].length ?? 0);
  const value = /^[A-Z0-9*][A-Z0-9*\-/_.]*/.exec(row.text.slice(start, to))?.[0].replace(/[-/_.]+$/, "") ?? "";
  if (!isValue(value, row, start)) return undefined;
  return printedPart(row.folded, start, start + value.length).normalize("NFKC");
}

function isValue(value: string, row: Row, start: number): boolean {
  if (!/\d/.test(value) || value.length > 40) return false;
  const dated = [...row.dates, ...row.times].some((token) => start >= token.start && start < token.end);
  // Two decimals make an amount: `Ticket 21.40`.
  return !dated && !/^\d+[.,]\d\d$/.test(value) && !row.text.slice(start + value.length).startsWith(",");
}

function valueBelow(row: Row, hit: Hit, below: Row | undefined): string | undefined {
  if (below === undefined || coverage(row, 0, row.text.length) < 1 || row.text.slice(hit.end).trim().length > 1) {
    return undefined;
  }
  const value = /^\s*([A-Z0-9][A-Z0-9-]*)$/.exec(below.text)?.[1];
  return value !== undefined && /\d{3}/.test(value) && below.dates.length === 0 ? value : undefined;
}
