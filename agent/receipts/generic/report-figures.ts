import type { ReportTotals, Tender } from "../../core/transaction.ts";
import type { AmountFact } from "./amount-fact.ts";
import { printedPart } from "./fold.ts";
import { coverage, type Row } from "./row.ts";
import { means } from "./word-index.ts";
import type { ReportRole } from "./words/word.ts";

/** What an X or Z report says. */
export interface ReportFigures {
  readonly totals: ReportTotals;
  readonly tenders: readonly Tender[];
}

const tenderRoles = new Set(["cash", "card", "wechat", "alipay", "gift", "other"]);

/** Reads a report by its labels. */
export function readReport(rows: readonly Row[], factsOf: (row: Row) => readonly AmountFact[]): ReportFigures {
  const tenders = rows.flatMap((row) => tenderOf(factsOf(row)));
  const amount = (role: ReportRole): number | undefined => first(rows, role, (row) => factsOf(row).at(-1)?.minor);
  const word = (role: ReportRole): string | undefined => first(rows, role, valueOf);
  const gross = amount("gross");
  const refund = amount("refunds");
  const net =
    amount("netSales") ??
    netOf(
      gross,
      refund,
      tenders,
      rows.flatMap((row) => factsOf(row)),
    );
  const totals = {
    reportNumber: word("reportNumber"),
    count: countOf(word("saleCount")),
    refundCount: countOf(word("refundCount")),
    grossMinor: gross,
    refundMinor: refund === undefined ? undefined : -Math.abs(refund),
    netMinor: net,
    firstSequenceNumber: word("firstNumber"),
    lastSequenceNumber: word("lastNumber"),
  };
  return { totals: Object.fromEntries(Object.entries(totals).filter(([, value]) => value !== undefined)), tenders };
}

/** The first row with such a label whose value can be read; the words of the label must be most of the line. */
function first<T>(rows: readonly Row[], role: ReportRole, read: (row: Row) => T | undefined): T | undefined {
  for (const row of rows) {
    if (!row.hits.some((hit) => means(hit, role)) || coverage(row, 0, row.text.length) < 0.7) continue;
    const value = read(row);
    if (value !== undefined) return value;
  }
  return undefined;
}

function valueOf(row: Row): string | undefined {
  const match = /[A-Z0-9-]*\d\s*$/.exec(row.text);
  if (match === null || row.dates.length > 0) return undefined;
  return printedPart(row.folded, match.index, match.index + match[0].length)
    .trim()
    .normalize("NFKC");
}

function countOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d{1,9}$/.test(text) ? undefined : Number(text);
}

function tenderOf(facts: readonly AmountFact[]): readonly Tender[] {
  const fact = facts.at(-1);
  if (fact?.role === undefined || !tenderRoles.has(fact.role) || !fact.plain) return [];
  return [{ tenderType: fact.role as Tender["tenderType"], amountMinor: fact.minor }];
}

/** Without a line of its own: gross less refunds, or a total that the tenders make. */
function netOf(
  gross: number | undefined,
  refund: number | undefined,
  tenders: readonly Tender[],
  facts: readonly AmountFact[],
): number | undefined {
  if (gross !== undefined) return gross - Math.abs(refund ?? 0);
  const sum = tenders.reduce((all, { amountMinor }) => all + amountMinor, 0);
  return facts.find(({ role, minor }) => role === "total" && minor === sum)?.minor;
}
