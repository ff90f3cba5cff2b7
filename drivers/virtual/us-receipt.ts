import { EscposWriter } from "./escpos-writer.ts";
import { decimal, quantity, type VirtualLine, type VirtualSlip, type VirtualTender } from "./virtual-slip.ts";

const columns = 42;

/**
 * Prints a slip as a US grocery POS does: code page 437, 42 columns, lines ended by LF CR, tax added to the prices, quantity above
 * the item, coupon below it.
 */
export function printUsReceipt(slip: VirtualSlip): Uint8Array {
  const writer = new EscposWriter("cp437", "\n\r").initialize().doubleByte(false).codePage(0);
  writer.bold("GREENFIELD MARKET", "double").line("1200 W MAIN ST  SPRINGFIELD IL 62704");
  if (slip.kind === "nosale") writer.bold("*** NO SALE ***");
  writer.line(`ST# ${slip.retailStoreId} OP# ${slip.operatorId} TE# ${slip.workstationId} TR# ${slip.receiptNo}`);
  if (slip.kind === "nosale") return writer.line(timeOf(slip)).openDrawer().cut().bytes;
  for (const line of slip.lines) printLine(writer, line);
  writer.line(figure("SUBTOTAL", slip.subtotalMinor)).line(figure("TAX T  8.250 %", slip.taxMinor));
  writer.bold(figure("TOTAL", slip.totalMinor));
  for (const tender of slip.tenders) printTender(writer, tender);
  writer.line(figure("CHANGE DUE", slip.changeMinor));
  writer.line(`${" ".repeat(14)}# ITEMS SOLD ${slip.lines.length}`);
  writer.code128(
    `${slip.retailStoreId}${slip.workstationId}${slip.receiptNo}${slip.at.slice(0, 10).replaceAll("-", "")}`,
    false,
  );
  writer.line(`${" ".repeat(11)}${timeOf(slip)}`);
  if (slip.tenders.some(({ type }) => type === "cash")) writer.openDrawer();
  return writer.cut().bytes;
}

function printLine(writer: EscposWriter, line: VirtualLine): void {
  const price = decimal(line.unitPriceMinor);
  if (line.byWeight) writer.line(`${quantity(line)} lb @ ${price}/lb`);
  else if (line.quantityMilli !== 1000) writer.line(`${quantity(line)} @ ${price}`);
  const taxCode = line.taxed ? "T" : "N";
  const name = line.description.padEnd(19).slice(0, 19);
  writer.line(`${name}${line.itemId}${decimal(line.amountMinor).padStart(9)} ${taxCode}`);
  if (line.discountMinor === 0) return;
  const amount = `${decimal(line.discountMinor)}-`;
  writer.line(`MFR COUPON${amount.padStart(columns - 12)} ${taxCode}`);
}

function printTender(writer: EscposWriter, tender: VirtualTender): void {
  writer.line(figure(tender.type === "card" ? "VISA TEND" : "CASH TEND", tender.amountMinor));
  if (tender.reference !== "") writer.line(`ACCT # ${tender.reference}`);
}

/** A label at the left and an amount at the right edge. */
function figure(label: string, amountMinor: number): string {
  return `${label}${decimal(amountMinor).padStart(columns - label.length)}`;
}

/** `MM/DD/YY   hh:mm:ss`. */
function timeOf({ at }: VirtualSlip): string {
  return `${at.slice(5, 7)}/${at.slice(8, 10)}/${at.slice(2, 4)}   ${at.slice(11)}`;
}
