import type { Receipt } from "../control/control-source.ts";
import type { Paper } from "../core/paper.ts";
import type { Transaction } from "../core/transaction.ts";
import { formatMoney, formatTime } from "./format.ts";
import type { Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import { reasonWords } from "./reason-words.ts";
import { kindWords, statusWords, tenderWords, tierWords, verdictWords } from "./receipt-words.ts";
import { text } from "./text.ts";

/** A slip to be shown: recorded, or read from a file. */
export interface ShownSlip extends Transaction {
  readonly startOffset: number;
  readonly endOffset: number;
  /** What the ledger knows of it. */
  readonly recorded?: Pick<Receipt, "laneId" | "recordedAtMs" | "seq" | "entryId" | "link" | "amendment"> & {
    readonly timeZone: string;
  };
}

/** One thing that was read, with its name. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

type Say = Invocation<CliConfig>["say"];

/** What was read from a slip, in the order it is shown; what is not known is left out. */
export function receiptFacts(slip: ShownSlip, paper: Paper, say: Say): readonly Fact[] {
  const { recorded } = slip;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [
      say(text("类型", "Kind")),
      say(kindWords[slip.kind]) + (slip.status === "completed" ? "" : ` (${say(statusWords[slip.status])})`),
    ],
    [
      say(text("门店/收银台", "Store / lane")),
      `${slip.retailStoreId ?? "-"} / ${recorded?.laneId ?? slip.workstationId ?? "-"}`,
    ],
    [say(text("小票号", "Receipt")), slip.sequenceNumber],
    [say(text("打印时间", "Printed")), slip.endDateTime?.replace("T", " ")],
    [say(text("记录时间", "Recorded")), recordedAt(recorded)],
    [say(text("合计", "Total")), formatMoney(slip.totalMinor, slip.currencyCode, slip.currencyExponent)],
    [say(text("舍入", "Rounding")), rounding(slip)],
    [say(text("支付", "Paid by")), tenders(slip, say)],
    [say(text("会员", "Member")), slip.memberId],
    [say(text("触碰", "Touch")), recorded === undefined ? undefined : touch(recorded.link, say)],
    [say(text("核对", "Check")), `${say(verdictWords(slip.reconciliation))}${reasons(slip, say)}`],
    [say(text("税务码", "Fiscal code")), slip.fiscal.map(({ kind }) => kind).join(", ")],
    [say(text("未识别", "Not understood")), unknownStretches(paper, say)],
    [say(text("版式", "Profile")), `${slip.profile} (${Math.round(slip.confidence * 100)} %)`],
    [say(text("字节", "Bytes")), recorded === undefined ? `${slip.startOffset}–${slip.endOffset}` : undefined],
    [say(text("条目", "Entry")), recorded?.entryId],
    [say(text("重读更正", "Amended")), recorded?.amendment?.toString()],
  ];
  return facts.flatMap(([label, value]) => (value === undefined || value === "" ? [] : [{ label, value }]));
}

function rounding({ roundingMinor, currencyCode, currencyExponent }: Transaction): string | undefined {
  return roundingMinor === undefined ? undefined : formatMoney(roundingMinor, currencyCode, currencyExponent);
}

/** Stretches named one by one; what is beyond is counted. */
const namedStretches = 4;

/** Where bytes were not understood, or commands broke off; nothing when there are none. */
export function unknownStretches({ items }: Paper, say: Say): string | undefined {
  const stretches = items.flatMap((item) =>
    item.type === "unknown" || item.type === "broken" ? [`${item.startOffset}–${item.endOffset}`] : [],
  );
  if (stretches.length === 0) return undefined;
  const more = stretches.length - namedStretches;
  const rest = more > 0 ? say(text(`,另有 ${more} 处`, `, and ${more} more`)) : "";
  return say(text("字节 ", "bytes ")) + stretches.slice(0, namedStretches).join(", ") + rest;
}

function recordedAt(recorded: ShownSlip["recorded"]): string | undefined {
  if (recorded === undefined) return undefined;
  return `${formatTime(recorded.recordedAtMs, recorded.timeZone, "full")}  #${recorded.seq}`;
}

function tenders({ tenders: paid, currencyCode, currencyExponent }: Transaction, say: Say): string {
  return paid
    .map(
      ({ tenderType, amountMinor }) =>
        `${say(tenderWords[tenderType])} ${formatMoney(amountMinor, currencyCode, currencyExponent)}`,
    )
    .join(", ");
}

function touch(link: Receipt["link"], say: Say): string {
  if (link === undefined) return say(text("无", "none"));
  if (link.state === "linked")
    return `${link.tier === undefined ? "" : say(tierWords[link.tier])}  ${link.touchEntryId ?? ""}`.trim();
  const count = link.candidateEntryIds.length;
  return say(text(`${count} 个触碰,无法区分`, `${count} touches, none chosen`));
}

function reasons({ reconciliation }: Transaction, say: Say): string {
  return reconciliation.reasons.length === 0
    ? ""
    : `: ${reconciliation.reasons.map((reason) => `${say(reasonWords[reason])} (${reason})`).join(", ")}`;
}
