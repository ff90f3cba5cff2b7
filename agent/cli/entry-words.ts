import type { EntryKind } from "../core/entry.ts";
import type { ScannedCode } from "../core/scanned-code.ts";
import { text, type Text } from "./text.ts";

/** What a scanned code was taken for. */
export const codeWords: Readonly<Record<ScannedCode["kind"], Text>> = {
  gtin: text("商品", "article"),
  gs1: text("GS1 商品", "article (GS1)"),
  member: text("会员号", "member number"),
  voucher: text("优惠券", "voucher"),
  payment: text("付款码,已丢弃", "payment code, dropped"),
  "payment-card": text("银行卡号,已拒绝", "payment card, refused"),
  invoice: text("发票", "invoice"),
  other: text("其他", "other"),
};

/** What an entry of the ledger is about. */
export const entryWords: Readonly<Record<EntryKind, Text>> = {
  transaction: text("小票", "transaction"),
  "transaction.repeat": text("重复的小票", "repeat of a transaction"),
  "transaction.amended": text("小票更正", "amendment"),
  touch: text("触碰", "touch"),
  scan: text("扫码", "scan"),
  "visit.started": text("到访开始", "visit begins"),
  "visit.ended": text("到访结束", "visit ends"),
  link: text("关联", "link"),
  "agent.started": text("程序启动", "start of the agent"),
};
