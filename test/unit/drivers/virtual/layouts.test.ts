import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createPrintDecoder } from "../../../../drivers/printer/decoder/print-decoder.ts";
import { printCnReceipt } from "../../../../drivers/virtual/cn-receipt.ts";
import { printUsReceipt } from "../../../../drivers/virtual/us-receipt.ts";
import type { VirtualLine, VirtualSlip } from "../../../../drivers/virtual/virtual-slip.ts";

const samples = fileURLToPath(new URL("../../../../../shared/receipts/generated/", import.meta.url));

/** The lines that are not empty, without the blanks that only centre them. */
function linesOf(bytes: Uint8Array): readonly string[] {
  const decoder = createPrintDecoder({ startOffset: 0 });
  const events = [...decoder.feed(bytes), ...decoder.end()];
  return events.flatMap((event) => (event.type === "line" && event.text !== "" ? [event.text.trim()] : []));
}

const sample = (name: string): readonly string[] => linesOf(readFileSync(`${samples}${name}.bin`));

function line(
  itemId: string,
  description: string,
  unitPriceMinor: number,
  more: Partial<VirtualLine> = {},
): VirtualLine {
  const quantityMilli = more.quantityMilli ?? 1000;
  const amountMinor = Math.round((quantityMilli * unitPriceMinor) / 1000);
  const plain = { byWeight: false, taxed: false, discountMinor: 0, quantityMilli, amountMinor };
  return { itemId, description, unitPriceMinor, ...plain, ...more };
}

const cnSale: VirtualSlip = {
  kind: "sale",
  retailStoreId: "0117",
  workstationId: "05",
  receiptNo: "0003351",
  at: "2026-03-14T10:47:11",
  operatorId: "00000890",
  currencyCode: "CNY",
  lines: [
    line("6901939621608", "可口可乐 500ml", 350, { quantityMilli: 2000 }),
    line("2100016", "红富士苹果", 1198, { quantityMilli: 1236, byWeight: true }),
    line("6923450600011", "五常大米5kg", 6990),
    line("6900000000014", "购物袋(大)", 30),
  ],
  subtotalMinor: 9201,
  taxMinor: 0,
  totalMinor: 9201,
  tenders: [{ type: "cash", amountMinor: 10_000, reference: "" }],
  changeMinor: 799,
  member: { printed: "6000021****0", points: 92, balance: 3911 },
};

const usSale: VirtualSlip = {
  kind: "sale",
  retailStoreId: "2841",
  workstationId: "07",
  receiptNo: "03918",
  at: "2026-03-14T16:42:10",
  operatorId: "009044",
  currencyCode: "USD",
  lines: [
    line("007874235186", "GV WHOLE MILK 1GL", 348),
    line("004400003327", "OREO COOKIES", 399, { quantityMilli: 2000, discountMinor: 100 }),
    line("003700088218", "TIDE PODS 42CT", 1297, { taxed: true }),
    line("000000004011", "BANANAS", 58, { quantityMilli: 2130, byWeight: true }),
  ],
  subtotalMinor: 2467,
  taxMinor: 107,
  totalMinor: 2574,
  tenders: [{ type: "card", amountMinor: 1574, reference: "**** **** **** 1881 APPR 07712B" }],
  changeMinor: 0,
};

describe.skipIf(!existsSync(samples))("virtual layouts (needs ../shared/receipts)", () => {
  it("are the Chinese supermarket's, line by line", () => {
    expect(linesOf(printCnReceipt(cnSale))).toEqual(sample("cn01-sale-cash"));
  });

  it("are its practice receipt's too", () => {
    const { member: _member, ...rest } = cnSale;
    const training: VirtualSlip = { ...rest, kind: "training", receiptNo: "9990001" };
    expect(linesOf(printCnReceipt(training))).toEqual(sample("cn08-training"));
  });

  it("are the US grocery's, line by line but for the tender that the virtual one does not have", () => {
    const giftCard = (text: string): boolean => text.startsWith("GIFT CARD TEND") || text === "ACCT **** 4410";
    const expected = sample("us01-sale-multitender-tax-added").filter((text) => !giftCard(text));
    expect(linesOf(printUsReceipt(usSale))).toEqual(expected);
  });

  it("are its opening of the drawer too", () => {
    const nosale: VirtualSlip = { ...usSale, kind: "nosale", receiptNo: "03920", at: "2026-03-14T16:52:00", lines: [] };
    expect(linesOf(printUsReceipt(nosale))).toEqual(sample("us03-no-sale-drawer"));
  });
});
