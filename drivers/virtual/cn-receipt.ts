import { EscposWriter } from "./escpos-writer.ts";
import { decimal, quantity, type VirtualLine, type VirtualSlip, type VirtualTender } from "./virtual-slip.ts";

const columns = 48;
const rule = "-".repeat(columns);

/**
 * Prints a slip as a Chinese supermarket POS does on 80 mm paper: GB 18030 with `FS &`, 48 columns, the figures of an item under its
 * name.
 */
export function printCnReceipt(slip: VirtualSlip): Uint8Array {
  const writer = new EscposWriter("gb18030", "\n").initialize().doubleByte(true);
  writer.bold("华联生鲜超市(人民路店)", "double");
  if (slip.kind === "training") writer.bold("*** 培训模式 不作销售凭证 ***");
  writer.line(`门店:${slip.retailStoreId} 收银机:${slip.workstationId} 收银员:${slip.operatorId}`);
  writer.line(`流水号:${slip.receiptNo}  ${slip.at.replace("T", " ")}`);
  writer
    .line(rule)
    .line(`${wide("品名/编码", 20)}${wide("单价", -10)}${wide("数量", -8)}${wide("金额", -10)}`)
    .line(rule);
  for (const [index, line] of slip.lines.entries()) printLine(writer, index + 1, line);
  writer.line(rule);
  writer.line(figure(`件数: ${slip.lines.length}   小计`, slip.subtotalMinor));
  writer.line(figure("应收", slip.totalMinor));
  for (const tender of slip.tenders) printTender(writer, tender, slip);
  writer.line(rule);
  printFoot(writer, slip);
  return writer.cut().bytes;
}

function printLine(writer: EscposWriter, number: number, line: VirtualLine): void {
  writer.line(`${number} ${line.description}`);
  const figures = `${decimal(line.unitPriceMinor).padStart(10)}${quantity(line).padStart(8)}${decimal(line.amountMinor).padStart(10)}`;
  writer.line(`${line.itemId.padEnd(20)}${figures}`);
}

function printTender(writer: EscposWriter, tender: VirtualTender, slip: VirtualSlip): void {
  writer.line(figure(tender.type === "wechat" ? "微信支付" : "现金", tender.amountMinor));
  if (tender.reference !== "") writer.line(`交易单号:${tender.reference}`);
  if (tender.type === "cash" && slip.kind === "sale") writer.line(figure("找零", slip.changeMinor));
}

function printFoot(writer: EscposWriter, slip: VirtualSlip): void {
  const { member } = slip;
  if (member !== undefined) {
    writer.line(`会员卡号:${member.printed}`).line(`本次积分:${member.points} 累计积分:${member.balance}`).line(rule);
  }
  if (slip.kind === "sale") writer.code128(`${slip.retailStoreId}${slip.workstationId}${slip.receiptNo}`, true);
  writer.centred("谢谢惠顾 欢迎再来");
  if (slip.tenders.some(({ type }) => type === "cash")) writer.openDrawer();
}

/** A label at the left and an amount at the right edge. */
function figure(label: string, amountMinor: number): string {
  const amount = decimal(amountMinor);
  return `${wide(label, columns - amount.length)}${amount}`;
}

/** Pads to a number of columns, to the left when it is negative. A Chinese character takes two. */
function wide(text: string, width: number): string {
  const taken = [...text].reduce((sum, character) => sum + (character > "\u00ff" ? 2 : 1), 0);
  const blanks = " ".repeat(Math.max(0, Math.abs(width) - taken));
  return width < 0 ? `${blanks}${text}` : `${text}${blanks}`;
}
