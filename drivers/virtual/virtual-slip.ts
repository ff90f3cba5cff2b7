/** A line on a virtual receipt. Money in minor units. */
export interface VirtualLine {
  readonly itemId: string;
  readonly description: string;
  /** Thousandths of a piece or of the unit of weight. */
  readonly quantityMilli: number;
  readonly unitPriceMinor: number;
  /** Quantity times unit price. */
  readonly amountMinor: number;
  readonly byWeight: boolean;
  readonly taxed: boolean;
  /** Coupon on this line, positive. */
  readonly discountMinor: number;
}

/** How a virtual receipt was paid. */
export interface VirtualTender {
  readonly type: "cash" | "wechat" | "card";
  readonly amountMinor: number;
  /** Trade number, or a masked card with its approval; empty for cash. */
  readonly reference: string;
}

/** What a virtual POS prints: the truth that the cloud's rows are compared with. */
export interface VirtualSlip {
  readonly kind: "sale" | "training" | "nosale";
  readonly retailStoreId: string;
  readonly workstationId: string;
  readonly receiptNo: string;
  /** Local time as printed, `YYYY-MM-DDThh:mm:ss`. */
  readonly at: string;
  readonly operatorId: string;
  readonly currencyCode: "CNY" | "USD";
  readonly lines: readonly VirtualLine[];
  readonly subtotalMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly tenders: readonly VirtualTender[];
  readonly changeMinor: number;
  /** A member's number as printed, masked, with points gained and held. */
  readonly member?: { readonly printed: string; readonly points: number; readonly balance: number };
}

/** An amount as receipts print it: two decimals, no grouping. */
export function decimal(amountMinor: number): string {
  const sign = amountMinor < 0 ? "-" : "";
  const digits = String(Math.abs(amountMinor)).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A quantity as receipts print it: whole pieces, or a weight with three decimals. */
export function quantity({ quantityMilli, byWeight }: VirtualLine): string {
  return byWeight ? (quantityMilli / 1000).toFixed(3) : String(quantityMilli / 1000);
}
