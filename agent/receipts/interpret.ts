import type { ReportTotals, Transaction, TransactionKind, TransactionStatus } from "../core/transaction.ts";
import { withDerived } from "./derived.ts";
import { fiscalAnchors } from "./fiscal/anchors.ts";
import { readItems } from "./line-items.ts";
import { localDateTime } from "./local-date-time.ts";
import { withoutMember } from "./member-mask.ts";
import { readMoney } from "./money.ts";
import { maskPans } from "./pan.ts";
import { present } from "./present.ts";
import { readable, selectProfile, type Profile } from "./profile.ts";
import { reconcile, type Unchecked } from "./reconcile.ts";
import { SlipText } from "./slip-text.ts";
import type { Segment } from "./splitter.ts";
import { isWholeUnprofiled, readUnprofiled } from "./unprofiled.ts";

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
 * Reads a segment into a transaction by the profile that fits, and checks its arithmetic. A slip that no profile fits is
 * read by its structure ({@link readUnprofiled}). Never throws on what a POS prints.
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
  if (profile === undefined) return generic(segment, options);
  const slip = new SlipText(profile, segment.lines.map(readable));
  const { items, unread: unreadLines, broken, rest, frame } = readItems(slip);
  const kind = kindOf(frame);
  const status = isWhole(segment, profile) ? statusOf[kind] : "truncated";
  const unchecked: Unchecked = {
    kind,
    status,
    ...readFields(slip, new SlipText(profile, segment.qrCodes)),
    currencyCode: profile.source.locale.currency,
    currencyExponent: profile.source.locale.exponent,
    lineItems: items,
    ...readMoney(rest),
    ...(kind === "x-report" || kind === "z-report" ? readReport(rest) : {}),
    ...printed(segment),
    profile: profile.name,
  };
  if (profile.forced === true && saysNothing(unchecked)) return generic(segment, options);
  const reconciliation = reconcile(unchecked, unreadLines.length + broken);
  const sure = segment.unknownBytes === 0 ? 1 : 0.9;
  const transaction: Transaction = {
    ...withDerived(unchecked, reconciliation),
    reconciliation,
    confidence: confidence[reconciliation.state] * sure,
  };
  if (options.revealMember === true) return transaction;
  return withoutMember(
    transaction,
    (line) => slip.withLines([line]).value(profile.source.fields.memberId) !== undefined,
  );
}

/** Whether a profile that was forced on a slip found nothing of a receipt or report on it. */
function saysNothing({
  sequenceNumber,
  endDateTime,
  lineItems,
  totalMinor,
  reportNumber,
  netMinor,
}: Unchecked): boolean {
  const found = [sequenceNumber, endDateTime, totalMinor, reportNumber, netMinor];
  return lineItems.length === 0 && found.every((field) => field === undefined);
}

/** How sure a result is: arithmetic that agrees cannot be read wrongly by chance; without figures only the layout
 * speaks, and bytes that no command table knows leave a doubt. */
const confidence = { reconciled: 1, "not-applicable": 0.9, unreconciled: 0.5 } as const;

/** Whether the slip is complete: the paper was cut or the next one began after it, or a line that only a whole slip has is there. */
export function isWhole(segment: Segment, profile: Profile | undefined): boolean {
  if (segment.end === "broken" || segment.end === "full") return false;
  if (segment.end === "cut" || segment.end === "header") return true;
  if (profile === undefined) return isWholeUnprofiled(segment);
  return new SlipText(profile, segment.lines.map(readable)).has(...profile.source.whole);
}

function generic(segment: Segment, { revealMember = false }: InterpretOptions): Transaction {
  return readUnprofiled(segment, { statusOf: (kind) => statusOf[kind], revealMember });
}

function printed(segment: Segment): Pick<Transaction, "barcodes" | "qrCodes" | "fiscal" | "lines"> {
  const { barcodes, qrCodes, lines } = segment;
  return { barcodes, qrCodes, fiscal: fiscalAnchors(segment), lines };
}

function kindOf(slip: SlipText): TransactionKind {
  return slip.profile.source.kinds.find(({ line }) => slip.has(line))?.kind ?? "sale";
}

type Fields = Pick<
  Transaction,
  | "retailStoreId"
  | "workstationId"
  | "sequenceNumber"
  | "operatorId"
  | "originalSequenceNumber"
  | "endDateTime"
  | "copyDateTime"
  | "copyNumber"
  | "itemCount"
  | "memberId"
  | "pointsEarned"
  | "pointsBalance"
>;

function readFields(slip: SlipText, codes: SlipText): Fields {
  const { fields } = slip.profile.source;
  const copied = slip.find(fields.copyDateTime);
  return present({
    retailStoreId: slip.value(fields.retailStoreId),
    workstationId: slip.value(fields.workstationId),
    sequenceNumber: slip.value(fields.sequenceNumber),
    operatorId: slip.value(fields.operatorId),
    originalSequenceNumber: slip.value(fields.originalSequenceNumber),
    endDateTime: localDateTime({
      ...codes.find(fields.second),
      ...slip.find(fields.endTime),
      ...slip.find(fields.endDateTime),
    }),
    copyDateTime: copied === undefined ? undefined : localDateTime(copied),
    copyNumber: slip.count(fields.copyNumber),
    itemCount: slip.count(fields.itemCount),
    memberId: slip.value(fields.memberId),
    pointsEarned: slip.decimal(fields.pointsEarned),
    pointsBalance: slip.decimal(fields.pointsBalance),
  });
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
