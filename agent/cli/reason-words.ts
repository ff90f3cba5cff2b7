import type { UnreconciledReason } from "../core/unreconciled-reason.ts";
import { text, type Text } from "./text.ts";

/** Why the figures of a receipt do not agree, as whoever looks at the receipt sees it. */
export const reasonWords: Readonly<Record<UnreconciledReason, Text>> = {
  TRUNCATED: text("小票不完整", "the receipt is cut off"),
  NO_SEQUENCE_NUMBER: text("没有读到小票号", "no receipt number was found"),
  NO_DATE_TIME: text("没有读到时间", "no date and time were found"),
  NO_TOTAL: text("没有读到合计", "no total was found"),
  NO_LINES: text("没有读到商品", "no items were found"),
  LINE_UNREADABLE: text("商品中有行无法读懂", "a line among the items could not be read"),
  LINE_NOT_QUANTITY_TIMES_PRICE: text("数量 × 单价不等于金额", "quantity times price is not the amount of a line"),
  EMBEDDED_NOT_AMOUNT: text(
    "商品码中的价格或重量与该行不符",
    "the price or weight in an item code is not that of its line",
  ),
  LINES_NOT_SUBTOTAL: text("商品之和不等于小计", "the items do not make the subtotal"),
  SUBTOTAL_NOT_TOTAL: text("小计加税不等于合计", "subtotal and taxes do not make the total"),
  TAX_NOT_RATE: text("税额与税率不符", "a tax is not what its rate makes"),
  TAXES_NOT_TOTAL: text("含税额的基数超过合计", "the taxes are charged on more than the total"),
  ROUNDING_NOT_SMALL: text("舍入过大", "the rounding is too large to be one"),
  TENDERS_NOT_TOTAL: text("支付减找零不等于合计", "the tenders less the change are not the total"),
  ITEM_COUNT_NOT_LINES: text("件数与商品行不符", "the printed count is not that of the items"),
  REPORT_GROSS_NOT_NET: text("总额减退货不等于净额", "gross sales less refunds are not net sales"),
  REPORT_TENDERS_NOT_NET: text("支付之和不等于净额", "the tenders do not make net sales"),
  FISCAL_TOTAL_DIFFERS: text("税控码中的金额不同", "a fiscal code on it holds another total"),
  FISCAL_TIME_DIFFERS: text("税控码中的时间不同", "a fiscal code on it holds another time"),
  FISCAL_KIND_DIFFERS: text("税控码中的类型不同", "a fiscal code on it holds another kind"),
};
