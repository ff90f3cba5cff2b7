import type { FiscalAnchor } from "./fiscal.ts";
import type { UnreconciledReason } from "./unreconciled-reason.ts";

/** What a printed slip is about (ARTS POSLog transaction kinds, plus reports and slips that are none). */
export type TransactionKind =
  "sale" | "refund" | "void" | "copy" | "training" | "suspended" | "nosale" | "x-report" | "z-report" | "other";

/** State of the transaction the slip reports. Only `completed` counts as business done. */
export type TransactionStatus =
  "completed" | "voided" | "duplicate" | "training" | "suspended" | "nosale" | "truncated";

/** What an item code of the shop's own number range says itself (GS1 General Specifications 2.1.11 and 2.1.12). */
export interface EmbeddedValue {
  /** The shop's number of the article in it. */
  readonly itemReference: string;
  /** Price of the piece, in minor units. */
  readonly priceMinor?: number;
  /** Weight in kilograms (or in the unit of the shop's scale), a decimal string. */
  readonly weight?: string;
}

/** One line item (ARTS POSLog LineItem). Amounts in minor units of the transaction's currency. */
export interface LineItem {
  /** GTIN or the shop's own item code, as printed. */
  readonly itemId?: string;
  /** The item code has the length of a GTIN, and its check digit is not the one GS1 asks for. The code is given as printed. */
  readonly itemIdFault?: "CHECK_DIGIT";
  readonly embedded?: EmbeddedValue;
  readonly description: string;
  /** A decimal string, e.g. `"1.236"`. */
  readonly quantity: string;
  /** Price of one, before discounts. */
  readonly unitPriceMinor?: number;
  /** What the line comes to: quantity times unit price, less the discount on this line. */
  readonly extendedAmountMinor: number;
  /** Discount on this line, positive; already taken off the extended amount. */
  readonly discountMinor?: number;
  /** The letter or sign behind the line that tells its tax rate. */
  readonly taxCode?: string;
  /** Taken back before payment: it stands on the slip and is not sold. */
  readonly voided: boolean;
}

/** A discount on the whole receipt. */
export interface Discount {
  readonly description: string;
  /** Positive. */
  readonly amountMinor: number;
}

/** A tax printed on the receipt. */
export interface Tax {
  readonly amountMinor: number;
  /** Percent as a decimal string, e.g. `"8.25"`. */
  readonly rate?: string;
  /** Whether the prices already contain it. */
  readonly included: boolean;
  /** The letter or sign that stands behind the lines it is for. */
  readonly taxCode?: string;
  /** What it is charged on, without and with it. */
  readonly netMinor?: number;
  readonly grossMinor?: number;
}

/** How a part of the total was paid (ARTS POSLog Tender). */
export interface Tender {
  readonly tenderType: "cash" | "card" | "wechat" | "alipay" | "gift" | "other";
  readonly amountMinor: number;
  /** Trade number, authorisation code, or a masked account; never a card number. */
  readonly reference?: string;
  /** The shop's own number of the payment, e.g. 商户单号: the key of its order in the shop's other systems. */
  readonly merchantReference?: string;
}

/** Whether the receipt's own arithmetic holds. */
export interface Reconciliation {
  readonly state: "reconciled" | "unreconciled" | "not-applicable";
  /** Empty unless `unreconciled`. */
  readonly reasons: readonly UnreconciledReason[];
}

/** What an X or Z report says about its period, as far as it is printed. The period's tenders stand in `tenders`. */
export interface ReportTotals {
  /** The Z counter. */
  readonly reportNumber?: string;
  /** Number of transactions. */
  readonly count?: number;
  readonly refundCount?: number;
  /** Sales before refunds. */
  readonly grossMinor?: number;
  /** Refunds, negative. */
  readonly refundMinor?: number;
  /** Sales less refunds. */
  readonly netMinor?: number;
  readonly firstSequenceNumber?: string;
  readonly lastSequenceNumber?: string;
}

/** A printed slip, understood. Field names follow ARTS POSLog 2.1 in camelCase; money is in integer minor units. */
export interface Transaction extends ReportTotals {
  readonly kind: TransactionKind;
  readonly status: TransactionStatus;
  readonly retailStoreId?: string;
  readonly workstationId?: string;
  readonly sequenceNumber?: string;
  readonly operatorId?: string;
  /** On a refund, the number of the receipt that is given back. */
  readonly originalSequenceNumber?: string;
  /** Local time as printed, ISO 8601 without offset. */
  readonly endDateTime?: string;
  /** On a reprint, when it was printed, and the how manieth it is. */
  readonly copyDateTime?: string;
  readonly copyNumber?: number;
  /** ISO 4217. */
  readonly currencyCode?: string;
  /** Digits after the decimal point of the currency: 2 for CNY, 0 for JPY. */
  readonly currencyExponent?: number;
  readonly lineItems: readonly LineItem[];
  readonly discounts: readonly Discount[];
  readonly taxes: readonly Tax[];
  readonly tenders: readonly Tender[];
  /** Before taxes that are added. Where none is printed, what the lines come to. */
  readonly subtotalMinor?: number;
  readonly totalMinor?: number;
  /** What rounding to the smallest coin added to what is paid; negative when it took off. */
  readonly roundingMinor?: number;
  /** Where none is printed and the tenders are the total, 0. */
  readonly changeMinor?: number;
  /** Where none is printed, the number of lines that are not voided. */
  readonly itemCount?: number;
  /** As printed, masked to its last four characters. */
  readonly memberId?: string;
  /** Loyalty points as printed, decimal strings. */
  readonly pointsEarned?: string;
  readonly pointsBalance?: string;
  readonly barcodes: readonly string[];
  readonly qrCodes: readonly string[];
  /** What of these codes, and of the text, is a fiscal code. */
  readonly fiscal: readonly FiscalAnchor[];
  readonly reconciliation: Reconciliation;
  /** Name of the POS profile that read it, or `generic`: no profile fits, and structure and arithmetic were all there was. */
  readonly profile: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** The receipt as laid out, one string a line. */
  readonly lines: readonly string[];
}
