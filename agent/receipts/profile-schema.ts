import { z } from "zod";
import { embeddedScheme } from "./embedded-code.ts";
import { compilePattern, expandPattern, PatternError } from "./pattern.ts";
import { assertAffordable } from "./pattern-cost.ts";
import { sample, tenderTypes, transactionKinds } from "./sample-schema.ts";

/** Digits and point as most profiles have them: whether a pattern compiles does not depend on them. */
const anyFormat = { decimal: ".", thousands: ",", exponent: 2 } as const;

/** A pattern, compiled here once so that a mistake is reported with its place. */
const pattern = z.string().superRefine((source, context) => {
  for (const issue of patternIssues(source)) context.addIssue(issue);
});

/** One pattern, or several to be tried in order. */
const patterns = z
  .unknown()
  .superRefine((given, context) => {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (list.length === 0) context.addIssue(issueOf(noPattern));
    for (const [index, source] of list.entries()) {
      const issues = typeof source === "string" ? patternIssues(source) : [issueOf(noPattern)];
      for (const issue of issues) context.addIssue({ ...issue, path: Array.isArray(given) ? [index] : [] });
    }
  })
  .transform((given) => (Array.isArray(given) ? given : [given]) as readonly string[]);

/** What `config/` shows of an issue it knows no better words for. */
interface RuleText {
  readonly message: PatternError["text"];
  readonly hint: PatternError["text"];
}

const issueOf = (ruleText: RuleText) => ({
  code: "custom" as const,
  message: ruleText.message.en,
  params: { ruleText },
});

function patternIssues(source: string): readonly ReturnType<typeof issueOf>[] {
  if (source === "") return [issueOf(noPattern)];
  try {
    compilePattern(source, anyFormat);
    assertAffordable(expandPattern(source, anyFormat));
    return [];
  } catch (error) {
    if (error instanceof PatternError) return [issueOf({ message: error.text, hint: error.remedy })];
    throw error;
  }
}

const noPattern: RuleText = {
  message: { "zh-CN": "这里应是一个模式(加引号的文本)", en: "a pattern (text in quotes) is wanted here" },
  hint: {
    "zh-CN": "写成 '^单号:{word}$' 这样的一行文本,或这样的列表。",
    en: "Write one text such as '^No. {digits}$', or a list of them.",
  },
};

const rule = (message: RuleText["message"], hint: RuleText["hint"]) => ({
  message: message.en,
  params: { ruleText: { message, hint } },
});

const locale = z.strictObject({
  /** ISO 4217. */
  currency: z
    .string()
    .refine(
      (code) => /^[A-Z]{3}$/.test(code),
      rule(
        { "zh-CN": "不是 ISO 4217 货币代码", en: "is no ISO 4217 code" },
        { "zh-CN": "三个大写字母,例如 CNY。", en: "Three capital letters, for example CNY." },
      ),
    ),
  /** Digits after the decimal point. */
  exponent: z.int().min(0).max(3),
  decimal: z.enum([".", ","]).default("."),
  /** Empty when thousands are not set apart. */
  thousands: z.enum([",", ".", " ", "'", ""]).default(","),
});

/** One kind of line in the list of items; exactly one of the keys. In `item` and `below` a group `voided` marks what was taken back. */
const row = z
  .strictObject({
    /** Begins an item. */
    item: pattern.optional(),
    /** Says more about the item above it. */
    below: pattern.optional(),
    /** Says something about the item under it. */
    above: pattern.optional(),
    /** Takes back the latest item above it of the same amount (and code, if it names one). */
    voids: pattern.optional(),
    /** Says nothing. */
    ignore: pattern.optional(),
  })
  .refine(
    (value) => Object.keys(value).length === 1,
    rule(
      {
        "zh-CN": "item、below、above、voids、ignore 须恰好有一个",
        en: "needs exactly one of item, below, above, voids, ignore",
      },
      { "zh-CN": "一种行一项,分开写。", en: "Write one list item for each kind of line." },
    ),
  );

const items = z.strictObject({
  /** The line before the list. */
  after: pattern,
  /** The line that ends it. */
  before: pattern,
  /** Whether a printed amount has the discounts under it already taken off. */
  amounts: z.enum(["gross", "net"]).default("gross"),
  /** Whether the item codes carry the check digit of their GTIN, or are printed without, or are the shop's own. */
  codes: z.enum(["gtin", "other"]).default("gtin"),
  /** How codes of the shop's own range with a price or weight in them are built ({@link embeddedScheme}). */
  embedded: z
    .array(
      z.string().regex(
        embeddedScheme,
        rule(
          { "zh-CN": "不是 21IIIIIPPPPPC 这样的结构", en: "is no scheme like 21IIIIIPPPPPC" },
          {
            "zh-CN": "数字是前缀,I 为店内编码,P 为价格(分)或 W 为重量(克),最后的 C 为校验位。",
            en: "Digits are the prefix, I the article's number, P the price or W the weight in grams, the last C the check digit.",
          },
        ),
      ),
    )
    .default([]),
  rows: z.array(row).min(1),
});

/**
 * A POS layout as data. Patterns ({@link compilePattern}) are tried on each line as it stands, without trailing blanks; amounts and
 * dates are placeholders in them, read by the `locale`. What is not printed is left out.
 */
export const profileSchema = z.strictObject({
  profile: z.string().refine(
    (name) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(name) && !["auto", "none", "generic"].includes(name),
    rule(
      { "zh-CN": "不是有效的版式名称", en: "is no name for a profile" },
      {
        "zh-CN": "用小写字母、数字和连字符,例如 cn-store-58mm;auto 和 none 另有用途。",
        en: "Use small letters, digits and hyphens, for example cn-store-58mm; auto and none mean something else.",
      },
    ),
  ),
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
  kinds: z.array(z.strictObject({ kind: z.enum(transactionKinds), line: pattern })).default([]),
  /** Fields; the value is the first group. */
  fields: z.strictObject({
    retailStoreId: patterns.optional(),
    workstationId: patterns.optional(),
    sequenceNumber: patterns.optional(),
    operatorId: patterns.optional(),
    memberId: patterns.optional(),
    itemCount: patterns.optional(),
    endDateTime: patterns.optional(),
    /** On a refund, the number of the receipt that is given back. */
    originalSequenceNumber: patterns.optional(),
    /** On a reprint, when it was printed, and the how manieth it is. */
    copyDateTime: patterns.optional(),
    copyNumber: patterns.optional(),
    pointsEarned: patterns.optional(),
    pointsBalance: patterns.optional(),
    /** Time of day, where it stands on a line of its own. */
    endTime: patterns.optional(),
    /** Seconds out of a QR code, where the printed time has none. */
    second: patterns.optional(),
  }),
  items: items.optional(),
  totals: z
    .strictObject({
      subtotal: patterns.optional(),
      total: patterns.optional(),
      change: patterns.optional(),
      /** Rounding to the smallest coin. */
      rounding: patterns.optional(),
    })
    .default({}),
  discounts: z.array(z.strictObject({ line: pattern })).default([]),
  taxes: z.array(z.strictObject({ line: pattern, included: z.boolean() })).default([]),
  tenders: z
    .array(
      z.strictObject({
        line: pattern,
        type: z.enum(tenderTypes),
        /** Where the reference stands, on the line or those under it; trade numbers and authorisation codes are found without. */
        reference: pattern.optional(),
        merchantReference: pattern.optional(),
      }),
    )
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
  /** Receipts of this layout and what must be read from them: a profile whose samples fail is refused. */
  samples: z.array(sample).min(1),
});

/** A profile as it is written, with the samples that prove it. */
export type ProfileFile = z.output<typeof profileSchema>;

/** How a layout is read: a profile without its samples, which nobody needs once they have passed. */
export type ProfileSource = Omit<ProfileFile, "samples">;
