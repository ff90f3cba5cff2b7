/** What a scanned code is. Payment codes and card numbers come without their value: it never leaves the driver. */
export type ScannedCode =
  /** An article: GTIN in 14 digits (GS1 General Specifications, 3.3). */
  | { readonly kind: "gtin"; readonly gtin: string }
  /** GS1 element strings by application identifier, or a GS1 Digital Link URI that says the same. */
  | { readonly kind: "gs1"; readonly elements: Readonly<Record<string, string>>; readonly isDigitalLink: boolean }
  /** A number of one of the store's loyalty programmes. */
  | { readonly kind: "member"; readonly programme: string; readonly value: string }
  | { readonly kind: "voucher"; readonly value: string }
  /** A one-time payment code of a wallet. */
  | { readonly kind: "payment"; readonly scheme: "wechat" | "alipay" | "unionpay" }
  /** A payment card's number. */
  | { readonly kind: "payment-card" }
  /** The code of an invoice or a fiscal receipt, by its scheme, e.g. `fapiao`. */
  | { readonly kind: "invoice"; readonly scheme: string; readonly number: string }
  | { readonly kind: "other"; readonly value: string };
