import { halfWidth } from "../../core/half-width.ts";
import type { Transaction, TransactionKind, TransactionStatus } from "../../core/transaction.ts";
import { withDerived } from "../derived.ts";
import { fiscalAnchors } from "../fiscal/anchors.ts";
import { withoutMember } from "../member-mask.ts";
import { present } from "../present.ts";
import type { Unchecked } from "../reconcile.ts";
import type { Segment } from "../splitter.ts";
import { checkFigures } from "./check-figures.ts";
import { confidenceOf } from "./confidence.ts";
import { readIdentity, type Identity } from "./identity.ts";
import { readMoney, type Money } from "./money.ts";
import { readReport, type ReportFigures } from "./report-figures.ts";
import { rowMeans } from "./row.ts";
import { readKind, type SlipKind } from "./slip-kind.ts";
import { readLines, type SlipLines } from "./slip-lines.ts";
import { readTime, type SlipTime } from "./slip-time.ts";

/** How a slip is recorded. */
export interface GenericOptions {
  readonly statusOf: (kind: TransactionKind) => TransactionStatus;
  /** Keep the member number as printed; masked otherwise. */
  readonly revealMember: boolean;
}

interface Parts {
  readonly slip: SlipLines;
  readonly named: SlipKind;
  readonly identity: Identity;
  readonly time: SlipTime | undefined;
  readonly report: ReportFigures | undefined;
  readonly money: Money | undefined;
}

/**
 * Reads a slip of a layout that no profile describes, by its words, its structure and its arithmetic. What is not found is left out.
 * Never throws on what a POS prints; takes time in proportion to the lines.
 */
export function readGeneric(segment: Segment, options: GenericOptions): Transaction {
  const parts = readParts(segment);
  const { money, identity, time, named } = parts;
  const kind = kindOf(parts);
  const status = isWholeSlip(segment, parts) ? options.statusOf(kind) : "truncated";
  const unchecked: Unchecked = {
    kind,
    status,
    ...identified(identity, time),
    ...localeFields(parts),
    ...figuresOf(kind, parts),
    barcodes: segment.barcodes,
    qrCodes: segment.qrCodes,
    fiscal: fiscalAnchors(segment),
    lines: segment.lines,
    profile: "generic",
  };
  const reconciliation = checkFigures(unchecked, money);
  const checked = { ...withDerived(unchecked, reconciliation), reconciliation };
  // Another kind than the slip's own word, or money taken on what calls itself a refund.
  const odd = (named.kind !== "sale" && kind !== named.kind) || (kind === "refund" && (money?.totalMinor ?? 0) > 0);
  const doubtful = identity.doubtful || time?.doubtful === true || odd;
  const understood = segment.unknownBytes === 0;
  const confidence = confidenceOf({ slip: checked, money, doubtful, kindSure: named.sure, understood });
  const slip = { ...checked, confidence };
  return options.revealMember ? slip : withoutMember(slip, (line) => givesMember(line, identity.memberId));
}

/** Whether a line has the member number behind its label, or alone under it. */
function givesMember(line: string, memberId: string | undefined): boolean {
  const plain = halfWidth(line);
  if (memberId === undefined || !plain.includes(memberId)) return false;
  return plain.trim() === memberId || readIdentity(readLines([line]).rows).memberId === memberId;
}

/** Whether a slip that neither a cut nor a heading ended is all there, as far as its own words and figures tell. */
export function isWholeGeneric(segment: Segment): boolean {
  return isWholeSlip(segment, readParts(segment));
}

function readParts(segment: Segment): Parts {
  const slip = readLines(segment.lines);
  const named = readKind(slip.rows);
  const isReport = named.kind === "x-report" || named.kind === "z-report";
  return {
    slip,
    named,
    identity: readIdentity(slip.rows),
    time: readTime(slip.rows, slip.locale, segment.qrCodes),
    report: isReport ? readReport(slip.rows, slip.factsOf) : undefined,
    money: isReport ? undefined : readMoney(slip),
  };
}

/** A slip without a word for its kind is a sale if it has a total, something it is for, and a number or a time. */
function kindOf(parts: Parts): TransactionKind {
  const { named, money, identity, time, slip } = parts;
  if (named.kind !== "sale" && !isSaleAllTheSame(parts)) return named.kind;
  if (money?.totalMinor === undefined) return "other";
  const isCardSlip = money.lineItems.length === 0 && slip.rows.some((row) => rowMeans(row, "again"));
  const hasSubject = money.lineItems.length > 0 || money.tenders.length > 0;
  const isNamed = identity.sequenceNumber !== undefined || time !== undefined;
  if (isCardSlip || !hasSubject || !isNamed) return "other";
  return money.totalMinor < 0 ? "refund" : "sale";
}

/**
 * A word is not all: a merchant's copy with items, number, time and a payment that agrees is a sale, and a word for refund behind the
 * total of a slip that takes money stands in the terms of return.
 */
function isSaleAllTheSame({ named, money, identity, time }: Parts): boolean {
  if (money?.totalMinor === undefined || money.totalMinor <= 0 || !money.linesAgree || !money.tendersAgree)
    return false;
  if (named.kind === "refund") return money.totalAt !== undefined && named.at > money.totalAt;
  return named.kind === "other" && identity.sequenceNumber !== undefined && time !== undefined;
}

function identified(identity: Identity, time: SlipTime | undefined): Partial<Transaction> {
  const { doubtful: _, ...fields } = identity;
  return { ...fields, ...(time === undefined ? {} : { endDateTime: time.endDateTime }) };
}

function localeFields({ slip: { locale } }: Parts): Partial<Transaction> {
  return {
    ...(locale.currency === undefined ? {} : { currencyCode: locale.currency }),
    currencyExponent: locale.exponent,
  };
}

type Figures = Pick<Transaction, "lineItems" | "discounts" | "taxes" | "tenders">;

const noFigures: Figures = { lineItems: [], discounts: [], taxes: [], tenders: [] };

function figuresOf(kind: TransactionKind, { report, money }: Parts): Figures & Partial<Transaction> {
  if (report !== undefined) return { ...noFigures, ...report.totals, tenders: report.tenders };
  if (money === undefined || kind === "other" || kind === "nosale") return noFigures;
  const { discounts, taxes, tenders, subtotalMinor, totalMinor, changeMinor, itemCount } = money;
  return {
    lineItems: [...money.lineItems, ...money.charges],
    discounts,
    taxes,
    tenders,
    ...present({ subtotalMinor, totalMinor, changeMinor, itemCount, roundingMinor: money.roundingMinor }),
  };
}

/** Blank lines a POS feeds so that the paper can be torn. */
const tearOff = 3;

function isWholeSlip(segment: Segment, { named, money, report, slip, identity, time }: Parts): boolean {
  if (segment.end === "broken" || segment.end === "full") return false;
  if (segment.end === "cut" || segment.end === "header") return true;
  const closed = segment.end === "closed";
  const fed = feedsAtEnd(segment) >= tearOff;
  if (report !== undefined) return fed || (closed && report.totals.netMinor !== undefined);
  if (named.kind === "other" || named.kind === "nosale") return fed || closed;
  const last = slip.rows.at(-1);
  const goodbye = last !== undefined && rowMeans(last, "closing");
  const identified = identity.sequenceNumber !== undefined && time !== undefined;
  if (money?.totalMinor !== undefined) return fed || goodbye || (money.tendersAgree && (closed || identified));
  // Prices without a total are a receipt that stopped; a slip without prices is none.
  return money?.lineItems.length === 0 && (fed || closed);
}

function feedsAtEnd({ events }: Segment): number {
  let feeds = 0;
  for (let at = events.length - 1; at >= 0; at -= 1) {
    const event = events[at];
    if (event?.type !== "line" || event.text !== "") break;
    feeds += 1;
  }
  return feeds;
}
