import { existsSync, readdirSync, readFileSync } from "node:fs";
import { printCnReceipt } from "../../drivers/virtual/cn-receipt.ts";
import { makeSlip, type Layout } from "../../drivers/virtual/make-slip.ts";
import { SeededRandom } from "../../drivers/virtual/random.ts";
import { printUsReceipt } from "../../drivers/virtual/us-receipt.ts";

/** Print streams to measure with, and where they are from. */
export interface ReceiptStreams {
  readonly from: string;
  readonly streams: readonly Buffer[];
}

const generated = new URL("../../../shared/receipts/generated/", import.meta.url);

/** The streams of public encoders where they are at hand, else receipts of the virtual store. */
export function receiptStreams(): ReceiptStreams {
  if (!existsSync(generated)) return { from: "receipts of the virtual store", streams: virtualReceipts() };
  const files = readdirSync(generated).filter((name) => name.endsWith(".bin"));
  return { from: "generated/", streams: files.map((name) => readFileSync(new URL(name, generated))) };
}

function virtualReceipts(): readonly Buffer[] {
  const random = new SeededRandom(1);
  return Array.from({ length: 40 }, (_, number) => {
    const layout: Layout = number % 2 === 0 ? "cn" : "us";
    const head = { retailStoreId: "0117", workstationId: "05", receiptNo: `${number}`, at: "2026-03-14T10:47:11" };
    const slip = makeSlip({ layout, kind: "sale", member: false, ...head }, random);
    return Buffer.from(layout === "cn" ? printCnReceipt(slip) : printUsReceipt(slip));
  });
}
