import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Transaction } from "../../../../agent/core/transaction.ts";
import { interpretSegment } from "../../../../agent/receipts/interpret.ts";
import type { Segment } from "../../../../agent/receipts/splitter.ts";

/** A receipt as a text grid, with what is known of it; amounts in minor units, tenders as type and amount. */
export interface Layout {
  readonly name: string;
  readonly truth: LayoutTruth;
  readonly lines: readonly string[];
}

/** What is known of a layout; what is absent is not printed or not checked. */
export interface LayoutTruth {
  readonly kind: string;
  readonly status?: string;
  readonly number?: string;
  readonly time?: string;
  readonly total?: number;
  readonly currency?: string;
  readonly store?: string;
  readonly lane?: string;
  readonly member?: string;
  readonly subtotal?: number;
  readonly change?: number;
  readonly net?: number;
  readonly lines?: readonly number[];
  readonly discounts?: readonly number[];
  readonly tax?: readonly number[];
  readonly tenders?: readonly (readonly [type: string, amount: number])[];
}

/**
 * The layouts of a folder: a line of YAML with the truth, `---`, and the receipt. Those in `tuned` helped to make the profile; those in
 * `later` were written when it was done, and 35 of their 38 were right when they were first read.
 */
export function layoutsOf(folder: "tuned" | "later"): readonly Layout[] {
  const url = new URL(`layouts/${folder}/`, import.meta.url);
  return readdirSync(url).map((file) => {
    const [head = "", ...body] = readFileSync(new URL(file, url), "utf8").split("\n---\n");
    return {
      name: file.replace(".txt", ""),
      truth: parse(head) as LayoutTruth,
      lines: body.join("\n---\n").trimEnd().split("\n"),
    };
  });
}

/** The lines as a segment that a cut ended. */
export function segmentWith(lines: readonly string[]): Segment {
  return {
    startOffset: 0,
    endOffset: 1,
    end: "cut",
    events: [],
    lines,
    barcodes: [],
    qrCodes: [],
    unknownBytes: 0,
    blank: false,
  };
}

/** The lines as they are read without any profile. */
export function readWithoutProfile(lines: readonly string[]): Transaction {
  return interpretSegment(segmentWith(lines), [], { revealMember: true });
}

/** Whether kind, number, time and total are as they are known. */
export function isRight(slip: Transaction, truth: Pick<LayoutTruth, "kind" | "number" | "time" | "total">): boolean {
  const { kind, number, time, total } = truth;
  return (
    slip.kind === kind &&
    (number === undefined || slip.sequenceNumber === number) &&
    (time === undefined || slip.endDateTime === time) &&
    (total === undefined || slip.totalMinor === total)
  );
}

/** What is read otherwise than it is known, as far as it is read at all. */
export function faultsOf(slip: Transaction, truth: LayoutTruth): readonly string[] {
  const pairs: readonly (readonly [name: string, known: unknown, read: unknown])[] = [
    ["kind", truth.kind, slip.kind],
    ["status", truth.status, slip.status],
    ["number", truth.number, slip.sequenceNumber],
    ["time", truth.time, slip.endDateTime],
    ["total", truth.total, slip.totalMinor],
    ["currency", truth.currency, slip.currencyCode],
    ["store", truth.store, slip.retailStoreId],
    ["lane", truth.lane, slip.workstationId],
    ["member", truth.member, slip.memberId],
    ["subtotal", truth.subtotal, slip.subtotalMinor],
    ["change", truth.change, slip.changeMinor],
    ["net", truth.net, slip.netMinor],
    ["lines", truth.lines, slip.lineItems.map((item) => item.extendedAmountMinor)],
    ["discounts", truth.discounts, slip.discounts.map((discount) => discount.amountMinor)],
    ["tax", truth.tax, slip.taxes.map((tax) => tax.amountMinor)],
    ["tenders", truth.tenders, slip.tenders.map((tender) => [tender.tenderType, tender.amountMinor])],
  ];
  return pairs
    .filter(([, known, read]) => known !== undefined && read !== undefined)
    .filter(([, known, read]) => JSON.stringify(known) !== JSON.stringify(read))
    .map(([name, known, read]) => `${name}: ${JSON.stringify(read)}, not ${JSON.stringify(known)}`);
}
