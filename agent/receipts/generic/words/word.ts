/** Language a word is of; `zh-Hans` and `zh-Hant` where the script tells, `any` where it tells nothing. */
export type Language = "zh" | "zh-Hans" | "zh-Hant" | "ja" | "en" | "de" | "fr" | "it" | "es" | "pt" | "nl" | "any";

/** What a word on a receipt says about what stands beside it. */
export type Role = IdentityRole | MoneyRole | KindRole | ReportRole | OtherRole;

/** Labels of what identifies a slip. */
export type IdentityRole =
  | "store"
  | "lane"
  /** The receipt's own number. */
  | "receiptNumber"
  /** The transaction's, where the receipt has none of its own. */
  | "transactionNumber"
  /** An invoice's or bill's. */
  | "documentNumber"
  /** An order's, often only what is called out: the last resort. */
  | "orderNumber"
  /** A number of something else: the original sale, a trade, a terminal, a telephone. */
  | "foreignNumber"
  | "operator"
  | "member"
  /** The time of the sale. */
  | "time"
  /** Another time: a reprint, an expiry. */
  | "foreignTime";

/** Labels of amounts. */
export type MoneyRole =
  | "total"
  /** What is to be paid; stronger than `total`. */
  | "due"
  /** What was paid: the total, or what was handed over. */
  | "paid"
  | "subtotal"
  /** Tax, by itself silent about whether prices have it. */
  | "tax"
  | "taxIncluded"
  | "taxAdded"
  /** An amount without or before tax. */
  | "net"
  /** Says that tax is contained: `TTC`, `inkl.`. */
  | "inclusive"
  | "exclusive"
  | "discount"
  /** What was saved, told and not taken off again. */
  | "saving"
  /** Service, delivery, packaging. */
  | "charge"
  | "tip"
  | "rounding"
  | "change"
  /** What was handed over. */
  | "received"
  | "cash"
  | "card"
  | "wechat"
  | "alipay"
  | "gift"
  | "other"
  | "count"
  /** Points and balances. */
  | "account"
  /** An amount said again: on a card slip. */
  | "again"
  /** Empties handed back: an item of its own, though negative. */
  | "emptiesBack"
  | "voidLine";

/** Words that tell what a slip is. */
export type KindRole =
  | "kindRefund"
  | "kindVoid"
  | "kindCopy"
  | "kindTraining"
  | "kindSuspended"
  | "kindNosale"
  | "kindX"
  | "kindZ"
  | "kindOther"
  /** A phrase that has such a word and means nothing by it: `returns within 30 days`. */
  | "kindNone";

/** Labels on X and Z reports. */
export type ReportRole =
  "reportNumber" | "saleCount" | "refundCount" | "gross" | "refunds" | "netSales" | "firstNumber" | "lastNumber";

/** The rest. */
export type OtherRole =
  /** Head of a column. */
  | "column"
  /** Head of a column of quantities. */
  | "quantityColumn"
  /** A slip's last words. */
  | "closing"
  /** Belongs to a label and changes nothing. */
  | "filler";

/** One word or phrase: text, role, language; `weak` when it is too short to count alone. Blanks, points and hyphens do not matter. */
export type Word = readonly [text: string, role: Role, language: Language, weak?: "weak"];
