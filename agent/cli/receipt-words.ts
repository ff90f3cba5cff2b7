import type { TransactionKind } from "../core/transaction.ts";
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
