import { z } from "zod";
import { compilePattern } from "./pattern.ts";

const kinds = [
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
const tenderTypes = ["cash", "card", "wechat", "alipay", "gift", "other"] as const;

/** A pattern, compiled here once so that a mistake is reported with its place. */
const pattern = z
  .string()
  .min(1)
  .superRefine((source, context) => {
    try {
      compilePattern(source, { decimal: ".", thousands: ",", exponent: 2 });
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "is no pattern" });
    }
  });

/** One pattern, or several to be tried in order. */
const patterns = z.union([pattern.transform((one) => [one]), z.array(pattern).min(1)]);

const locale = z.strictObject({
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/, "is no ISO 4217 code"),
  /** Digits after the decimal point. */
  exponent: z.int().min(0).max(3),
  decimal: z.enum([".", ","]).default("."),
  /** Empty when thousands are not set apart. */
  thousands: z.enum([",", ".", " ", "'", ""]).default(","),
});

/** One kind of line in the list of items; exactly one of the keys. */
const row = z
  .strictObject({
    /** Begins an item. */
    item: pattern.optional(),
    /** Says more about the item above it. */
    below: pattern.optional(),
    /** Says something about the item under it. */
    above: pattern.optional(),
    /** Says nothing. */
    ignore: pattern.optional(),
  })
  .refine((value) => Object.keys(value).length === 1, "needs exactly one of item, below, above, ignore");

const items = z.strictObject({
  /** The line before the list. */
  after: pattern,
  /** The line that ends it. */
  before: pattern,
  /** Whether a printed amount has the discounts under it already taken off. */
  amounts: z.enum(["gross", "net"]).default("gross"),
  rows: z.array(row).min(1),
});

/**
 * A POS layout as data. Patterns ({@link compilePattern}) are tried on each line as it stands, without trailing blanks; amounts and
 * dates are placeholders in them, read by the `locale`. What is not printed is left out.
 */
export const profileSchema = z.strictObject({
  profile: z.string().regex(/^[a-z0-9-]+$/, "is small letters, digits and hyphens"),
  about: z.string().default(""),
  match: z.strictObject({
    /** One of these must stand on some line. */
    any: z.array(pattern).min(1),
    /** All of these must. */
    all: z.array(pattern).default([]),
    /** None of these may. */
    none: z.array(pattern).default([]),
  }),
  locale,
  split: z.strictObject({ header: pattern.optional() }).default({}),
  /** Lines that only a whole slip has: one of them tells that a slip without a cut is complete. */
  whole: z.array(pattern).default([]),
  /** Lines that tell the kind, in order; the first that is found decides, `sale` if none is. */
  kinds: z.array(z.strictObject({ kind: z.enum(kinds), line: pattern })).default([]),
  /** Fields; the value is the first group. */
  fields: z.strictObject({
    retailStoreId: patterns.optional(),
    workstationId: patterns.optional(),
    sequenceNumber: patterns.optional(),
    operatorId: patterns.optional(),
    memberId: patterns.optional(),
    itemCount: patterns.optional(),
    endDateTime: patterns.optional(),
    /** Time of day, where it stands on a line of its own. */
    endTime: patterns.optional(),
    /** Seconds out of a QR code, where the printed time has none. */
    second: patterns.optional(),
  }),
  items: items.optional(),
  totals: z
    .strictObject({ subtotal: patterns.optional(), total: patterns.optional(), change: patterns.optional() })
    .default({}),
  discounts: z.array(z.strictObject({ line: pattern })).default([]),
  taxes: z.array(z.strictObject({ line: pattern, included: z.boolean() })).default([]),
  tenders: z
    .array(z.strictObject({ line: pattern, type: z.enum(tenderTypes), reference: pattern.optional() }))
    .default([]),
  /** What an X or Z report says. */
  report: z
    .strictObject({
      number: patterns.optional(),
      count: patterns.optional(),
      refundCount: patterns.optional(),
      gross: patterns.optional(),
      refund: patterns.optional(),
      net: patterns.optional(),
      first: patterns.optional(),
      last: patterns.optional(),
    })
    .default({}),
});

/** A profile as it is written. */
export type ProfileSource = z.infer<typeof profileSchema>;
