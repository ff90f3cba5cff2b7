import type {
  Discount,
  ReportTotals,
  Tax,
  Tender,
  Transaction,
  TransactionKind,
  TransactionStatus,
} from "../core/transaction.ts";
import { decimalString } from "./decimal.ts";
import { readItems } from "./line-items.ts";
import { localDateTime } from "./local-date-time.ts";
import { maskPans } from "./pan.ts";
import { readable, selectProfile, type Profile } from "./profile.ts";
import { reconcile, type Unchecked } from "./reconcile.ts";
import { SlipText } from "./slip-text.ts";
import type { Segment } from "./splitter.ts";

/** How to read a slip. */
export interface InterpretOptions {
  /** Keep the member number as printed; masked to its last four characters otherwise. */
  readonly revealMember?: boolean;
}

const statusOf: Readonly<Record<TransactionKind, TransactionStatus>> = {
  sale: "completed",
  refund: "completed",
  void: "voided",
  copy: "duplicate",
  training: "training",
  suspended: "suspended",
  nosale: "nosale",
  "x-report": "completed",
  "z-report": "completed",
  other: "completed",
};

/**
 * Reads a segment into a transaction by the profile that fits, and checks its arithmetic. A slip that no profile fits is kind `other`
 * with its lines, barcodes and QR codes. Never throws on what a POS prints.
 */
export function interpretSegment(
  segment: Segment,
  profiles: readonly Profile[],
  options: InterpretOptions = {},
): Transaction {
  return read(withoutPans(segment), profiles, options);
}

/** Raw bytes are masked before they are kept; this catches what only shows once decoded: code set C, tabs, full-width digits. */
function withoutPans(segment: Segment): Segment {
  const lines = maskPans(segment.lines.join("\n")).split("\n");
  return { ...segment, lines, barcodes: segment.barcodes.map(maskPans), qrCodes: segment.qrCodes.map(maskPans) };
}

function read(segment: Segment, profiles: readonly Profile[], options: InterpretOptions): Transaction {
  const profile = selectProfile(profiles, segment.lines);
  if (profile === undefined) return unread(segment);
  const slip = new SlipText(profile, segment.lines.map(readable));
  const kind = kindOf(slip);
  const status = isWhole(segment, profile) ? statusOf[kind] : "truncated";
  const { items, unread: unreadLines, broken, rest } = readItems(slip);
  const unchecked: Unchecked = {
    kind,
    status,
    ...readFields(slip, new SlipText(profile, segment.qrCodes), options),
    currencyCode: profile.source.locale.currency,
    currencyExponent: profile.source.locale.exponent,
    lineItems: items,
    ...readMoney(rest),
    ...(kind === "x-report" || kind === "z-report" ? readReport(rest) : {}),
    ...printed(segment),
    profile: profile.name,
  };
  const reconciliation = reconcile(unchecked, unreadLines.length + broken);
  const sure = segment.unknownBytes === 0 ? 1 : 0.9;
  return { ...unchecked, reconciliation, confidence: confidence[reconciliation.state] * sure };
}

/** How sure a result is: arithmetic that agrees cannot be read wrongly by chance; without figures only the layout
 * speaks, and bytes that no command table knows leave a doubt. */
const confidence = { reconciled: 1, "not-applicable": 0.9, unreconciled: 0.5 } as const;

/** Whether the slip is complete: the paper was cut or the next one began after it, or a line that only a whole slip has is there. */
export function isWhole(segment: Segment, profile: Profile | undefined): boolean {
  if (segment.end === "broken" || segment.end === "full") return false;
  if (segment.end === "cut" || segment.end === "header") return true;
  return profile !== undefined && new SlipText(profile, segment.lines.map(readable)).has(...profile.source.whole);
}

/** Ends that no layout needs to be known for: more would have come. */
const breaksOff: ReadonlySet<Segment["end"]> = new Set(["broken", "full", "lost"]);

function unread(segment: Segment): Transaction {
  return {
    kind: "other",
    status: breaksOff.has(segment.end) ? "truncated" : "completed",
    lineItems: [],
    discounts: [],
    taxes: [],
    tenders: [],
    ...printed(segment),
    reconciliation: { state: "not-applicable", reasons: [] },
    profile: "none",
    confidence: 0,
  };
}

function printed(segment: Segment): Pick<Transaction, "barcodes" | "qrCodes" | "lines"> {
  return { barcodes: segment.barcodes, qrCodes: segment.qrCodes, lines: segment.lines };
}

function kindOf(slip: SlipText): TransactionKind {
  return slip.profile.source.kinds.find(({ line }) => slip.has(line))?.kind ?? "sale";
}

type Fields = Pick<
  Transaction,
  "retailStoreId" | "workstationId" | "sequenceNumber" | "operatorId" | "endDateTime" | "itemCount" | "memberId"
>;

function readFields(slip: SlipText, codes: SlipText, options: InterpretOptions): Fields {
  const { fields } = slip.profile.source;
  const member = slip.value(fields.memberId);
  return present({
    retailStoreId: slip.value(fields.retailStoreId),
    workstationId: slip.value(fields.workstationId),
    sequenceNumber: slip.value(fields.sequenceNumber),
    operatorId: slip.value(fields.operatorId),
    endDateTime: localDateTime({
      ...codes.find(fields.second),
      ...slip.find(fields.endTime),
      ...slip.find(fields.endDateTime),
    }),
    itemCount: slip.count(fields.itemCount),
    memberId: member === undefined || options.revealMember === true ? member : masked(member),
  });
}

/** What the POS itself masked is left as it is. */
function masked(member: string): string {
  return member.includes("*") ? member : "*".repeat(Math.max(0, member.length - 4)) + member.slice(-4);
}

type Money = Pick<Transaction, "discounts" | "taxes" | "tenders" | "subtotalMinor" | "totalMinor" | "changeMinor">;

function readMoney(slip: SlipText): Money {
  const { totals } = slip.profile.source;
  return {
    discounts: readDiscounts(slip),
    taxes: readTaxes(slip),
    tenders: readTenders(slip),
    ...present({
      subtotalMinor: slip.minor(totals.subtotal),
      totalMinor: slip.minor(totals.total),
      changeMinor: slip.minor(totals.change),
    }),
  };
}

function readDiscounts(slip: SlipText): readonly Discount[] {
  return slip.lines.flatMap((line) => {
    const groups = first(slip.profile.source.discounts, (rule) => slip.profile.pattern(rule.line)(line))?.found;
    const amount = slip.toMinor(groups?.["amount"] ?? "");
    return amount === undefined ? [] : [{ description: groups?.["description"] ?? "", amountMinor: Math.abs(amount) }];
  });
}

function readTaxes(slip: SlipText): readonly Tax[] {
  return slip.lines.flatMap((line) => {
    const match = first(slip.profile.source.taxes, (rule) => slip.profile.pattern(rule.line)(line));
    const amount = slip.toMinor(match?.found["amount"] ?? "");
    if (match === undefined || amount === undefined) return [];
    const rate = slip.toDecimal(match.found["rate"] ?? "");
    return [
      {
        amountMinor: amount,
        ...(rate === undefined ? {} : { rate: decimalString(rate) }),
        included: match.rule.included,
      },
    ];
  });
}

/** A tender's reference stands on the lines under it. */
function readTenders(slip: SlipText): readonly Tender[] {
  const tenders: { tender: Tender; pattern: string | undefined }[] = [];
  for (const line of slip.lines) {
    const match = first(slip.profile.source.tenders, (rule) => slip.profile.pattern(rule.line)(line));
    const amount = slip.toMinor(match?.found["amount"] ?? "");
    if (match !== undefined && amount !== undefined) {
      const reference = match.found["reference"];
      const tender = {
        tenderType: match.rule.type,
        amountMinor: amount,
        ...(reference === undefined ? {} : { reference }),
      };
      tenders.push({ tender, pattern: match.rule.reference });
      continue;
    }
    const last = tenders.at(-1);
    if (last?.pattern === undefined || last.tender.reference !== undefined) continue;
    const reference = Object.values(slip.profile.pattern(last.pattern)(line) ?? {})[0];
    if (reference !== undefined) last.tender = { ...last.tender, reference };
  }
  return tenders.map(({ tender }) => tender);
}

function readReport(slip: SlipText): ReportTotals {
  const { report } = slip.profile.source;
  return present({
    reportNumber: slip.value(report.number),
    count: slip.count(report.count),
    refundCount: slip.count(report.refundCount),
    grossMinor: slip.minor(report.gross),
    refundMinor: slip.minor(report.refund),
    netMinor: slip.minor(report.net),
    firstSequenceNumber: slip.value(report.first),
    lastSequenceNumber: slip.value(report.last),
  });
}

function first<R, F>(rules: readonly R[], find: (rule: R) => F | undefined): { rule: R; found: F } | undefined {
  for (const rule of rules) {
    const found = find(rule);
    if (found !== undefined) return { rule, found };
  }
  return undefined;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what was not found. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
