import type { Receipt } from "../control/control-source.ts";
import { columnsOf, pad, printable } from "./columns.ts";
import { formatMoney, formatTime } from "./format.ts";
import type { Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import { kindWords, reconciliationWords, statusWords, tierWords } from "./receipt-words.ts";
import { text } from "./text.ts";

/** A receipt in a frame, its columns kept, and below it what was read from it. */
export function receiptFrame<C extends CliConfig>(
  receipt: Receipt,
  timeZone: string,
  { say }: Pick<Invocation<C>, "say">,
): readonly string[] {
  const lines = receipt.lines.map(printable);
  const width = Math.max(24, ...lines.map(columnsOf));
  const facts: readonly (readonly [string, string | undefined])[] = [
    [
      say(text("类型", "Kind")),
      say(kindWords[receipt.kind]) + (receipt.status === "completed" ? "" : ` (${say(statusWords[receipt.status])})`),
    ],
    [say(text("门店/收银台", "Store / lane")), `${receipt.retailStoreId ?? "-"} / ${receipt.laneId}`],
    [say(text("小票号", "Receipt")), receipt.sequenceNumber],
    [say(text("打印时间", "Printed")), receipt.endDateTime],
    [say(text("记录时间", "Recorded")), `${formatTime(receipt.recordedAtMs, timeZone, "full")}  #${receipt.seq}`],
    [say(text("合计", "Total")), formatMoney(receipt.totalMinor, receipt.currencyCode, receipt.currencyExponent)],
    [say(text("支付", "Paid by")), tenders(receipt)],
    [say(text("触碰", "Touch")), touch(receipt, say)],
    [say(text("核对", "Check")), `${say(reconciliationWords[receipt.reconciliation.state])}${reasons(receipt)}`],
    [say(text("版式", "Profile")), `${receipt.profile} (${Math.round(receipt.confidence * 100)} %)`],
    [say(text("条目", "Entry")), receipt.entryId],
  ];
  const shown = facts.filter(([, value]) => value !== undefined && value !== "");
  const labelWidth = Math.max(...shown.map(([label]) => columnsOf(label)));
  return [
    `┌${"─".repeat(width + 2)}┐`,
    ...lines.map((line) => `│ ${pad(line, width)} │`),
    `└${"─".repeat(width + 2)}┘`,
    ...shown.map(([label, value]) => `${pad(label, labelWidth)}  ${printable(value ?? "")}`),
  ];
}

function tenders({ tenders: paid, currencyCode, currencyExponent }: Receipt): string {
  return paid
    .map(({ tenderType, amountMinor }) => `${tenderType} ${formatMoney(amountMinor, currencyCode, currencyExponent)}`)
    .join(", ");
}

function touch({ link }: Receipt, say: Invocation<CliConfig>["say"]): string {
  if (link === undefined) return say(text("无", "none"));
  if (link.state === "linked")
    return `${link.tier === undefined ? "" : say(tierWords[link.tier])}  ${link.touchEntryId ?? ""}`.trim();
  const count = link.candidateEntryIds.length;
  return say(text(`${count} 个触碰,无法区分`, `${count} touches, none chosen`));
}

function reasons({ reconciliation }: Receipt): string {
  return reconciliation.reasons.length === 0 ? "" : `: ${reconciliation.reasons.join(", ")}`;
}
