/** Where on the slip a fiscal code stood. */
export type FiscalSource = "qr" | "barcode" | "text";

/** What a fiscal code says of its slip beyond the figures: that it is no sale. */
export type FiscalRemark = "training" | "void" | "order";

interface Anchor {
  readonly source: FiscalSource;
  readonly remark?: FiscalRemark;
  /** What the code says the slip comes to, in minor units. */
  readonly totalMinor?: number;
}

/**
 * The code of a German technical security system (KassenSichV section 6; QR code by DSFinV-K 2.3, annex I). Instants are in UTC, RFC
 * 3339. A code from the text has the numbers only.
 */
export interface TseAnchor extends Anchor {
  readonly kind: "tse";
  /** Serial number of the till. */
  readonly clientId?: string;
  /** E.g. `Kassenbeleg-V1`. */
  readonly processType?: string;
  /** First part of the process data, e.g. `Beleg`, `AVTraining`. */
  readonly transactionType?: string;
  readonly transactionNumber: number;
  readonly signatureCounter: number;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly signatureAlgorithm?: string;
  readonly signature?: string;
  readonly publicKey?: string;
}

/** The machine-readable code of an Austrian cash register (RKSV, annex, Z 12 to 14). Its signatures chain the slips of a register. */
export interface RksvAnchor extends Anchor {
  readonly kind: "rksv";
  /** E.g. `R1-AT0`. */
  readonly suite: string;
  readonly cashBoxId: string;
  readonly receiptId: string;
  /** Local time, ISO 8601. */
  readonly dateTime: string;
  /** Encrypted turnover counter, Base64. */
  readonly turnoverCounter: string;
  readonly certificateSerial: string;
  readonly previousSignature: string;
  readonly signature: string;
}

/** The code of a Portuguese fiscal document (Portaria 195/2020; members by the letters of the tax authority's QR specification). */
export interface AtcudAnchor extends Anchor {
  readonly kind: "atcud";
  /** Validation code of the series and number in it. */
  readonly atcud: string;
  /** Tax number of the seller (A). */
  readonly issuerTaxId?: string;
  /** Type (D), e.g. `FS`, `FR`, `NC`. */
  readonly documentType?: string;
  /** State (E): `N` normal, `A` annulled. */
  readonly documentStatus?: string;
  /** Date (F), ISO 8601. */
  readonly date?: string;
  /** Identification of the document (G), e.g. `FS 2026A/123`. */
  readonly documentId?: string;
  /** Taxes (N) in minor units. */
  readonly taxMinor?: number;
  /** Four characters of the document's hash (Q). */
  readonly hashCharacters?: string;
  /** Number of the certified program (R). */
  readonly certificateNumber?: string;
}

/** A Chinese tax invoice (the QR code of the State Taxation Administration, `01,type,code,number,amount,date,check,`). */
export interface FapiaoAnchor extends Anchor {
  readonly kind: "fapiao";
  /** E.g. `01` special, `04` ordinary, `10` electronic ordinary, `31` and `32` fully digital. */
  readonly invoiceType?: string;
  /** Code of the form (发票代码); a fully digital invoice has none. */
  readonly code?: string;
  /** Number (发票号码). */
  readonly number: string;
  /** Amount in minor units: with tax on a fully digital invoice, without tax on others. */
  readonly amountMinor?: number;
  /** ISO 8601. */
  readonly date?: string;
  /** Check code (校验码). */
  readonly check?: string;
}

/** A code by which a tax authority can find the slip again: an anchor outside the shop's own counting. */
export type FiscalAnchor = TseAnchor | RksvAnchor | AtcudAnchor | FapiaoAnchor;
