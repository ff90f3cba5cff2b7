import type { TransactionKind } from "../../core/transaction.ts";
import { countLetters, type Row } from "./row.ts";
import { means, type Hit } from "./word-index.ts";
import type { KindRole } from "./words/word.ts";

/** What a slip calls itself. */
export interface SlipKind {
  readonly kind: TransactionKind;
  /** Share of its line that the word is: 1 for a banner of nothing else, 0 when no word was found. */
  readonly sure: number;
  /** Index of that line. */
  readonly at: number;
}

/** In the order in which one beats another: a training copy is training. */
const kinds: readonly (readonly [role: KindRole, kind: TransactionKind])[] = [
  ["kindTraining", "training"],
  ["kindZ", "z-report"],
  ["kindX", "x-report"],
  ["kindNosale", "nosale"],
  ["kindVoid", "void"],
  ["kindSuspended", "suspended"],
  ["kindCopy", "copy"],
  ["kindRefund", "refund"],
  ["kindOther", "other"],
];

/** A word in a sentence says nothing of the slip. */
const leastShare = 0.75;

/** A heading has the shop's name, and may say what the slip is. */
const headingRows = 4;

/** Longer lines are sentences, whatever stands around them. */
const maxBannerLetters = 40;

/** Finds the kind a slip gives itself on a line that says little else: `*** 培训模式 不作销售凭证 ***`, `Z REPORT`. */
export function readKind(rows: readonly Row[]): SlipKind {
  let best: SlipKind = { kind: "sale", sure: 0, at: 0 };
  let rank = kinds.length;
  for (const row of rows) {
    const report = reportOf(row);
    if (report !== undefined && rank > 1) [best, rank] = [report, report.kind === "z-report" ? 1 : 2];
    if (row.hits.length === 0) continue;
    for (const [index, [role, kind]] of kinds.entries()) {
      if (index > rank) break;
      const sure = shareOf(row, role);
      if (sure === 0 || (index === rank && sure <= best.sure)) continue;
      best = { kind, sure, at: row.index };
      rank = index;
    }
  }
  return best;
}

/** `Z OUT REPORT`, `RAPPORTO FISCALE Z`: the letter alone on a line that speaks of a report. */
function reportOf(row: Row): SlipKind | undefined {
  const { text } = row;
  const letter = /(?<![A-Z\d])([XZ])(?![A-Z\d])/.exec(text)?.[1];
  if (letter === undefined || lettersOf(text) > maxBannerLetters || hasAmount(row)) return undefined;
  const speaks =
    /REPORT|READING|BERICHT|ABSCHLUSS|RAPPORT|CLOTURE|CHIUSURA|INFORME|CIERRE|报表|報表|报告|レポート|点検|精算/.test(
      text,
    );
  return speaks ? { kind: letter === "Z" ? "z-report" : "x-report", sure: 0.8, at: row.index } : undefined;
}

function shareOf(row: Row, role: KindRole): number {
  const hits = row.hits.filter((hit) => means(hit, role));
  if (hits.length === 0 || row.hits.some((hit) => means(hit, "kindNone")) || hasAmount(row)) return 0;
  const all = lettersOf(row.text);
  if (all > maxBannerLetters) return 0;
  const lettersIn = (some: readonly Hit[]): number =>
    some.reduce((sum, hit) => sum + lettersOf(hitText(row, hit)), 0) / Math.max(1, all);
  const own = lettersIn(hits);
  const share =
    own >= 0.4 ? lettersIn([...hits, ...row.hits.filter((hit) => !hits.includes(hit) && isCompany(hit))]) : own;
  if (share >= leastShare) return share;
  if (role !== "kindOther" && row.index < headingRows && standsApart(row, hits)) return 0.5;
  return isDecorated(row.text) || startsWith(row, hits) ? Math.max(share, 0.5) : 0;
}

/** In the heading, beside the shop's name and nothing else: `好又多超市 退货小票`. */
function standsApart(row: Row, hits: readonly Hit[]): boolean {
  const [first] = hits;
  if (first === undefined || hits.length > 1 || row.numbers.length > 0) return false;
  const before = row.text.slice(0, first.start);
  const behind = row.text.slice(first.end).trim();
  return behind === "" && /\p{L}\s+$/u.test(before) && row.hits.every((hit) => hit === first || isCompany(hit));
}

/** Words that go with a kind: `DUPLICATA DU TICKET`. */
function isCompany(hit: Hit): boolean {
  return means(hit, "filler") || means(hit, "receiptNumber") || means(hit, "transactionNumber") || means(hit, "time");
}

/** Letters, and those of one letter alone, as in `Z REPORT`. */
function lettersOf(text: string): number {
  return Math.max(countLetters(text), text.match(/\p{L}/gu)?.length ?? 0);
}

const hitText = (row: Row, hit: Hit): string => row.text.slice(hit.start, hit.end);

function hasAmount(row: Row): boolean {
  return row.numbers.some(({ digits, glued, percent }) => !glued && !percent && /[.,]\d\d$/.test(digits));
}

/** Set apart by stars, rules or brackets on both sides. */
function isDecorated(text: string): boolean {
  return /^\s*[*=#<>[\-+~!]{1,}.*[*=#<>\]\-+~!]\s*$/.test(text);
}

/** A label with its value: `补打时间:2026-03-14 15:20`, `Reprint #2 14/03/26`. */
function startsWith(row: Row, hits: readonly Hit[]): boolean {
  const [first] = hits;
  if (first === undefined || row.text.slice(0, first.start).trim() !== "") return false;
  return /^\s*[:#(\d]/.test(row.text.slice(first.end)) && lettersOf(row.text.slice(first.end)) <= 4;
}
