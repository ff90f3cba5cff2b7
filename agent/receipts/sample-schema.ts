import { z } from "zod";

/** What a slip may be about, as profiles and samples name it. */
export const transactionKinds = [
  "sale",
  "refund",
  "void",
  "copy",
  "training",
  "suspended",
  "nosale",
  "x-report",
  "z-report",
  "other",
] as const;

/** What a receipt may be paid with, as profiles and samples name it. */
export const tenderTypes = ["cash", "card", "wechat", "alipay", "gift", "other"] as const;

/** How a transaction ended, as samples and the result name it. */
export const transactionStatuses = [
  "completed",
  "voided",
  "duplicate",
  "training",
  "suspended",
  "nosale",
  "truncated",
] as const;

const minor = z.int();
const printed = z.string().min(1);

const lineItem = z.strictObject({
  itemId: printed.optional(),
  description: z.string().optional(),
  /** A decimal string. */
  quantity: printed.optional(),
  unitPriceMinor: minor.optional(),
  extendedAmountMinor: minor.optional(),
  discountMinor: minor.optional(),
  taxCode: printed.optional(),
  itemIdFault: z.literal("CHECK_DIGIT").optional(),
  embedded: z
    .strictObject({ itemReference: printed.optional(), priceMinor: minor.optional(), weight: printed.optional() })
    .optional(),
  voided: z.boolean().optional(),
});

/**
 * What must be read from a sample, under the names of the transaction; amounts in minor units, the member number in full. What is not
 * said is not checked, but for the arithmetic: it must not fail unless `reconciliation` says so.
 */
const expectation = z.strictObject({
  kind: z.enum(transactionKinds),
  status: z.enum(transactionStatuses).optional(),
  retailStoreId: printed.optional(),
  workstationId: printed.optional(),
  sequenceNumber: printed.optional(),
  operatorId: printed.optional(),
  originalSequenceNumber: printed.optional(),
  endDateTime: printed.optional(),
  copyDateTime: printed.optional(),
  copyNumber: z.int().optional(),
  memberId: printed.optional(),
  pointsEarned: printed.optional(),
  pointsBalance: printed.optional(),
  itemCount: z.int().optional(),
  /** How many line items there are. */
  lineCount: z.int().optional(),
  lineItems: z.array(lineItem).optional(),
  discounts: z.array(z.strictObject({ description: z.string().optional(), amountMinor: minor.optional() })).optional(),
  taxes: z
    .array(
      z.strictObject({
        amountMinor: minor.optional(),
        rate: printed.optional(),
        included: z.boolean().optional(),
        taxCode: printed.optional(),
        netMinor: minor.optional(),
        grossMinor: minor.optional(),
      }),
    )
    .optional(),
  tenders: z
    .array(
      z.strictObject({
        tenderType: z.enum(tenderTypes).optional(),
        amountMinor: minor.optional(),
        reference: printed.optional(),
        merchantReference: printed.optional(),
      }),
    )
    .optional(),
  subtotalMinor: minor.optional(),
  totalMinor: minor.optional(),
  roundingMinor: minor.optional(),
  changeMinor: minor.optional(),
  reportNumber: printed.optional(),
  count: z.int().optional(),
  refundCount: z.int().optional(),
  grossMinor: minor.optional(),
  refundMinor: minor.optional(),
  netMinor: minor.optional(),
  firstSequenceNumber: printed.optional(),
  lastSequenceNumber: printed.optional(),
  reconciliation: z.enum(["reconciled", "unreconciled", "not-applicable"]).optional(),
});

/** A receipt that proves a profile: its text, or the captured bytes, and what must be read from it. */
export const sample = z
  .strictObject({
    /** For messages. */
    name: printed,
    /** The receipt as it looks, columns kept. */
    text: printed.optional(),
    /** What the QR codes on it say; with `text`. */
    qrCodes: z.array(printed).optional(),
    /** A file of captured bytes beside the profile. */
    capture: printed.optional(),
    /** Captured bytes in base64. */
    base64: printed.optional(),
    /** Encoding of captured bytes until they select one themselves. */
    charset: printed.optional(),
    /** Which of several slips in the capture, from 1. */
    slip: z.int().min(1).default(1),
    expect: expectation,
  })
  .refine(({ text, capture, base64 }) => [text, capture, base64].filter((one) => one !== undefined).length === 1, {
    message: "needs exactly one of text, capture, base64",
    params: {
      ruleText: {
        message: {
          "zh-CN": "text、capture、base64 须恰好有一个",
          en: "needs exactly one of text, capture, base64",
        },
        hint: {
          "zh-CN": "text 写小票文本,capture 写旁边抓取文件的名称。",
          en: "text is the receipt as it looks, capture the name of a file of captured bytes beside the profile.",
        },
      },
    },
  });

/** A receipt that proves a profile. */
export type Sample = z.output<typeof sample>;

/** What must be read from a sample. */
export type Expectation = z.output<typeof expectation>;
