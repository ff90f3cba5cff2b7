import type { ProfileTrial } from "../core/profile-trial.ts";
import type { UnreconciledReason } from "../core/unreconciled-reason.ts";
import { text, type Text } from "./text.ts";

/** Why the arithmetic of a slip fails, and where in the profile to look. */
const reasons: Readonly<Record<UnreconciledReason, Text>> = {
  TRUNCATED: text(
    "小票不完整:抓取在中途结束,换一份完整的",
    "the slip is not whole: the capture ends in its middle; take another",
  ),
  NO_SEQUENCE_NUMBER: text("没有读到小票号:写 fields.sequenceNumber", "no receipt number: write fields.sequenceNumber"),
  NO_DATE_TIME: text("没有读到时间:写 fields.endDateTime", "no date and time: write fields.endDateTime"),
  NO_TOTAL: text("没有读到合计:写 totals.total", "no total: write totals.total"),
  NO_LINES: text("没有读到商品:检查 items.after、before 和 rows", "no items: look at items.after, before and rows"),
  LINE_UNREADABLE: text(
    "商品区有行读不懂(标 ✗):为它加一条 items.rows(item、below、above 或 ignore)",
    "a line among the items is not explained (✗): add a row for it to items.rows (item, below, above or ignore)",
  ),
  LINE_NOT_QUANTITY_TIMES_PRICE: text(
    "数量 × 单价 ≠ 金额:占位符 quantity、unitPrice、amount 可能放错位置",
    "quantity times price is not the amount: quantity, unitPrice and amount may be mixed up",
  ),
  LINES_NOT_SUBTOTAL: text(
    "商品之和不等于小计:可能漏了折扣行、作废行(voided),或 items.amounts 应为 net",
    "the items do not make the subtotal: a discount or void row may be missing, or items.amounts may be net",
  ),
  SUBTOTAL_NOT_TOTAL: text(
    "小计加税不等于合计:检查 discounts,以及 taxes 的 included",
    "subtotal and taxes do not make the total: look at discounts, and at included in taxes",
  ),
  TENDERS_NOT_TOTAL: text(
    "支付减找零不等于合计:为每种支付写一条 tenders,并写 totals.change",
    "the tenders less the change are not the total: write a tender for each way to pay, and totals.change",
  ),
  EMBEDDED_NOT_AMOUNT: text(
    "条码里的重量或价格与金额不符:检查 items.embedded",
    "the weight or price in a barcode is not the line's: look at items.embedded",
  ),
  TAX_NOT_RATE: text(
    "税额与税率不符:taxes 的 amount 可能取了未税金额,用 {net}、{amount}、{gross} 分清各列",
    "a tax is not what its rate makes: tell the columns apart with {net}, {amount} and {gross}, and look at included",
  ),
  TAXES_NOT_TOTAL: text(
    "各税的含税金额超过合计:检查 taxes 的各列",
    "what is taxed is more than the total: look at the columns of taxes",
  ),
  ROUNDING_NOT_SMALL: text("舍入金额过大:检查 totals.rounding", "the rounding is too large: look at totals.rounding"),
  FISCAL_TOTAL_DIFFERS: text("税控码里的金额与合计不同", "the fiscal code names another total"),
  FISCAL_TIME_DIFFERS: text("税控码里的时间与 endDateTime 不同", "the fiscal code names another time"),
  FISCAL_KIND_DIFFERS: text("税控码里的类型不同:检查 kinds", "the fiscal code names another kind: look at kinds"),
  ITEM_COUNT_NOT_LINES: text(
    "件数与商品行不符:fields.itemCount 可能读错了行",
    "the printed count is not that of the items: fields.itemCount may read another line",
  ),
  REPORT_GROSS_NOT_NET: text("报表:总额减退货不等于净额", "on the report, gross less refunds is not net"),
  REPORT_TENDERS_NOT_NET: text(
    "报表:支付合计不等于净额,检查 tenders",
    "on the report, the tenders do not make net sales: look at tenders",
  ),
};

/** What to try next, most important first; empty when all is well. */
export function adviceFor({ passed, takenBy, profile, transaction, checks }: ProfileTrial): readonly Text[] {
  if (passed) return [];
  if (profile === "none")
    return [
      text(
        "没有版式认得这张小票:storeloop profile new --from 抓取文件 可以起草一个",
        "no profile recognises this slip: `storeloop profile new --from CAPTURE` proposes one",
      ),
    ];
  if (takenBy !== profile) return [recognition(takenBy)];
  const expected = checks.some(({ path, passed: right }) => path[0] === "reconciliation" && right);
  const why = expected ? [] : transaction.reconciliation.reasons.map((code) => reasons[code]);
  const other = checks.some(({ path, passed: right }) => path[0] !== "reconciliation" && !right);
  return other ? [...why, fieldsDiffer] : why;
}

const recognition = (takenBy: string): Text =>
  takenBy === "none"
    ? text(
        "match 不认得这张小票:在 match.any 里写一行只有这种小票才有的内容",
        "match does not recognise this slip: put a line that only this layout has into match.any",
      )
    : text(
        `版式 ${takenBy} 先认领了它:在 match.all 里多写几行,条件多者优先`,
        `profile ${takenBy} takes it first: add lines to match.all; the profile that asks for more wins`,
      );

const fieldsDiffer = text(
  "字段不符:看上图里它读自哪一行,修改该模式;若样例写错则改 samples",
  "a field differs: see above from which line it was read and correct that pattern, or the sample if that is wrong",
);
