import { z } from "zod";
import { unreconciledReasons } from "../core/unreconciled-reason.ts";
import { fiscalSchema } from "./fiscal/fiscal-schema.ts";
import { tenderTypes, transactionKinds, transactionStatuses } from "./sample-schema.ts";

const text = (about: string) => z.string().describe(about).exactOptional();
const minor = (about: string) => z.int().describe(`${about}, in minor units`);
const count = (about: string) => z.int().min(0).describe(about).exactOptional();
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const localTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);

const lineItem = z.strictObject({
  itemId: text("GTIN or the shop's own item code, as printed"),
  itemIdFault: z
    .literal("CHECK_DIGIT")
    .describe("the code has the length of a GTIN and another check digit than GS1 asks for")
    .exactOptional(),
  embedded: z
    .strictObject({
      itemReference: z.string().describe("the shop's number of the article in the code"),
      priceMinor: minor("price in the code").exactOptional(),
      weight: decimal.describe("weight in the code, in kilograms").exactOptional(),
    })
    .describe("what a code of the shop's own range (prefix 2) says itself")
    .exactOptional(),
  description: z.string(),
  quantity: decimal.describe("a decimal string"),
  unitPriceMinor: minor("price of one before discounts").exactOptional(),
  extendedAmountMinor: minor("what the line comes to, its discount taken off"),
  discountMinor: minor("discount on the line, positive, taken off already").exactOptional(),
  taxCode: text("letter or sign of its tax rate"),
  voided: z.boolean().describe("taken back before payment: it stands on the slip and is not sold"),
});

const discount = z.strictObject({ description: z.string(), amountMinor: minor("discount, positive") });

const tax = z.strictObject({
  amountMinor: minor("tax"),
  rate: decimal.describe("in percent").exactOptional(),
  included: z.boolean().describe("whether the prices contain it"),
  taxCode: text("letter or sign that stands behind the lines it is for"),
  netMinor: minor("what it is charged on, without it").exactOptional(),
  grossMinor: minor("what it is charged on, with it").exactOptional(),
});

const tender = z.strictObject({
  tenderType: z.enum(tenderTypes),
  amountMinor: minor("amount handed over; change is not taken off"),
  reference: text("trade number, authorisation code or masked account; never a card number"),
  merchantReference: text("the shop's own number of the payment"),
});

const reconciliation = z.strictObject({
  state: z.enum(["reconciled", "unreconciled", "not-applicable"]),
  reasons: z.array(z.enum(unreconciledReasons)).describe("docs/reconciliation.md explains each"),
});

const identity = {
  kind: z.enum(transactionKinds),
  status: z.enum(transactionStatuses).describe("only `completed` sales and refunds are business done"),
  retailStoreId: text("as printed"),
  workstationId: text("the till, as printed"),
  sequenceNumber: text("receipt number, as printed"),
  operatorId: text("as printed"),
  originalSequenceNumber: text("on a refund, the receipt that is given back"),
  endDateTime: localTime.describe("local time as printed, without offset").exactOptional(),
  copyDateTime: localTime.describe("on a reprint, when it was printed").exactOptional(),
  copyNumber: count("on a reprint, the how manieth it is"),
  memberId: text("masked to its last four characters at most, unless asked for"),
};

const money = {
  currencyCode: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe("ISO 4217")
    .exactOptional(),
  currencyExponent: count("digits after the decimal point"),
  lineItems: z.array(lineItem),
  discounts: z.array(discount).describe("on the whole receipt"),
  taxes: z.array(tax),
  tenders: z.array(tender).describe("on an X or Z report, those of the period"),
  subtotalMinor: minor("before added taxes; where none is printed and the figures agree, what follows").exactOptional(),
  totalMinor: minor("total").exactOptional(),
  roundingMinor: minor("what rounding to the smallest coin added to what is paid").exactOptional(),
  changeMinor: minor("change; 0 where none is printed and the tenders are the total").exactOptional(),
  itemCount: count("as printed, else the number of lines that stand"),
  pointsEarned: decimal.exactOptional(),
  pointsBalance: decimal.exactOptional(),
};

const report = {
  reportNumber: text("the Z counter"),
  count: count("on a report, the number of transactions"),
  refundCount: count("on a report, the number of refunds"),
  grossMinor: minor("on a report, sales before refunds").exactOptional(),
  refundMinor: minor("on a report, refunds, as printed").exactOptional(),
  netMinor: minor("on a report, sales less refunds").exactOptional(),
  firstSequenceNumber: text("on a report, first receipt number of the period"),
  lastSequenceNumber: text("on a report, last receipt number of the period"),
};

const reading = {
  barcodes: z.array(z.string()),
  qrCodes: z.array(z.string()),
  fiscal: z.array(fiscalSchema).describe("what of the codes and the text is a fiscal code"),
  reconciliation,
  profile: z.string().describe("the profile that read it, or `none`"),
  confidence: z.number().min(0).max(1),
  startOffset: z.int().min(0).describe("where its bytes stand in the stream"),
  endOffset: z.int().min(0),
  lines: z.array(z.string()).describe("the text as laid out, wide characters taking two columns"),
};

/** What `receipts decode --json` prints a line: one segment of a capture. A member that is not printed is absent. */
export const segmentSchema = z.strictObject({ ...identity, ...money, ...report, ...reading });

const instant = z.strictObject({
  wallMs: z.number().describe("milliseconds since 1970 by the machine's clock"),
  monotonicMs: z.number(),
  bootId: z.string(),
  trusted: z.boolean().describe("whether the clock was known to be synchronised"),
});

const place = {
  isTest: z.literal(true).optional().describe("played by `storeloop simulate`: not to be counted"),
  laneId: z.string(),
  deviceId: z.string(),
  streamId: z.string(),
  firstByteAt: instant,
  lastByteAt: instant,
};

/** `data` of a ledger entry of kind `transaction`. */
export const transactionEntrySchema = segmentSchema.extend(place);

/** `data` of a ledger entry of kind `transaction.amended`. */
export const amendedEntrySchema = transactionEntrySchema.extend({
  transactionEntryId: z.string().describe("the `transaction` entry it is a reading of"),
  amendment: z.int().min(1).describe("1, 2, 3, ... for the amendments of one entry"),
  repeatOfEntryId: text("another `transaction` entry that holds the same slip"),
});
