import type { Tier } from "../core/entry.ts";
import type { Reconciliation, Tender, TransactionKind, TransactionStatus } from "../core/transaction.ts";
import type { UnreconciledReason } from "../core/unreconciled-reason.ts";
import { text, type Text } from "./text.ts";

/** What a slip is, in a word or two. */
export const kindWords: Readonly<Record<TransactionKind, Text>> = {
  sale: text("销售", "sale"),
  refund: text("退货", "refund"),
  void: text("作废", "void"),
  copy: text("重打", "reprint"),
  training: text("培训", "training"),
  suspended: text("挂单", "suspended"),
  nosale: text("开钱箱", "no sale"),
  "x-report": text("X 报表", "X report"),
  "z-report": text("Z 报表", "Z report"),
  other: text("其他", "other slip"),
};

/** How a transaction ended, in a word or two. */
export const statusWords: Readonly<Record<TransactionStatus, Text>> = {
  completed: text("完成", "completed"),
  voided: text("已作废", "voided"),
  duplicate: text("重打副本", "duplicate"),
  training: text("培训", "training"),
  suspended: text("已挂单", "suspended"),
  nosale: text("未销售", "no sale"),
  truncated: text("不完整", "cut off"),
};

/** Whether the amounts agree. */
export const reconciliationWords: Readonly<Record<Reconciliation["state"], Text>> = {
  reconciled: text("金额相符", "amounts agree"),
  unreconciled: text("金额不符", "amounts differ"),
  "not-applicable": text("不适用", "not applicable"),
};

/** Reasons that say nothing about amounts: there was nothing to compare. */
const notRead: ReadonlySet<UnreconciledReason> = new Set([
  "TRUNCATED",
  "NO_SEQUENCE_NUMBER",
  "NO_DATE_TIME",
  "NO_TOTAL",
  "NO_LINES",
  "LINE_UNREADABLE",
]);

/** Whether the amounts agree, or that too little was read to tell. */
export function verdictWords({ state, reasons }: Reconciliation): Text {
  if (state !== "unreconciled" || reasons.some((reason) => !notRead.has(reason))) return reconciliationWords[state];
  return text("无法核对", "cannot be checked");
}

/** How it was paid. */
export const tenderWords: Readonly<Record<Tender["tenderType"], Text>> = {
  cash: text("现金", "cash"),
  card: text("银行卡", "card"),
  wechat: text("微信支付", "WeChat Pay"),
  alipay: text("支付宝", "Alipay"),
  gift: text("礼品卡", "gift card"),
  other: text("其他", "other"),
};

/** How far the evidence of a touch can be trusted. */
export const tierWords: Readonly<Record<Tier, Text>> = {
  proven: text("已验证", "proven"),
  presented: text("已出示", "presented"),
  claimed: text("自称", "claimed"),
  nearby: text("在附近", "nearby"),
};
