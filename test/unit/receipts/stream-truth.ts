import { existsSync, readdirSync, readFileSync } from "node:fs";
import { decodeCapture, type DecodedSlip } from "../../../agent/receipts/decode.ts";
import { CharsetCache } from "../../../drivers/printer/decoder/charset-cache.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import { shippedProfiles } from "./profiles-on-disk.ts";

/** What is known of one segment of a stream; amounts in minor units. */
export interface SegmentTruth {
  readonly kind: string;
  readonly status?: string;
  readonly store: { readonly id: string };
  readonly lane: string;
  readonly cashier?: string;
  readonly receiptNo?: string;
  readonly origReceiptNo?: string;
  readonly timestamp: string;
  readonly reprintAt?: string;
  readonly copyNo?: number;
  readonly currency: string;
  readonly exp: number;
  readonly lines?: readonly LineTruth[];
  readonly discounts?: readonly { readonly amount: number }[];
  readonly discountTotal?: number;
  readonly tax?: readonly TaxTruth[];
  readonly taxIncluded?: boolean;
  readonly tenders?: readonly TenderTruth[];
  readonly subtotal?: number;
  readonly total?: number;
  readonly change?: number;
  readonly itemCount?: number;
  readonly member?: { readonly printed: string; readonly points?: number; readonly balance?: number };
  readonly tse?: { readonly client: string; readonly tx: number; readonly sigCounter: number };
  readonly startOffset?: number;
  readonly zNo?: string;
  readonly count?: number;
  readonly refunds?: number;
  readonly gross?: number;
  readonly refundAmount?: number;
  readonly net?: number;
  readonly firstReceiptNo?: string;
  readonly lastReceiptNo?: string;
  readonly visualLines?: readonly string[];
  readonly printed?: { readonly barcodes: readonly { readonly data: string }[]; readonly qr: readonly string[] };
}

interface LineTruth {
  readonly sku: string;
  readonly name: string;
  readonly qty: number;
  readonly unitPrice: number;
  readonly amount: number;
  readonly discount?: number;
  readonly taxCode?: string;
  readonly voided?: boolean;
}

interface TaxTruth {
  readonly amount: number;
  readonly rate: number;
  readonly code: string;
  readonly net?: number;
  readonly gross?: number;
}

interface TenderTruth {
  readonly type: string;
  readonly amount: number;
  readonly ref?: string;
  readonly ref2?: string;
}

/** One printed receipt of the POSLog sample. */
export interface PoslogTruth {
  readonly printed: boolean;
  readonly file: string;
  readonly dialect: string;
  readonly store: string;
  readonly lane: string;
  readonly receiptNo: string;
  readonly timestamp: string;
  readonly currency: string;
  readonly lines: readonly { readonly sku: string; readonly name: string; readonly amount: number }[];
  readonly taxes: readonly { readonly amount: number; readonly percent: string }[];
  readonly tenders: readonly { readonly amount: number; readonly auth?: string }[];
  readonly totals: readonly { readonly type: string; readonly amount: number }[];
  readonly change: number;
}

const profiles = shippedProfiles();
const charsets = new CharsetCache();
const shared = new URL("../../../../shared/receipts/", import.meta.url);

/** Whether the streams with known truth are at hand. */
export const streamsAtHand = existsSync(shared);

/** Names of the streams in `generated/`, without their ending. */
export function generatedStreams(): readonly string[] {
  if (!streamsAtHand) return [];
  return readdirSync(new URL("generated/", shared))
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -5));
}

/** The known segments of a generated stream. */
export function segmentsOf(name: string): readonly SegmentTruth[] {
  const text = readFileSync(new URL(`generated/${name}.json`, shared), "utf8");
  return (JSON.parse(text) as { segments: SegmentTruth[] }).segments;
}

/** The printed receipts of the POSLog sample. */
export function poslogReceipts(): readonly PoslogTruth[] {
  if (!streamsAtHand) return [];
  const text = readFileSync(new URL("poslog/truth.json", shared), "utf8");
  return (JSON.parse(text) as PoslogTruth[]).filter((receipt) => receipt.printed);
}

/** Names of the streams of other encoders. */
export function foreignStreams(): readonly string[] {
  return streamsAtHand ? readdirSync(new URL("third-party/", shared)) : [];
}

/** The bytes of a file below the shared receipts. */
export function streamBytes(path: string): Uint8Array {
  return readFileSync(new URL(path, shared));
}

/** Every slip of a capture, read with the profiles that ship. */
export function slipsOf(bytes: Uint8Array): readonly DecodedSlip[] {
  return decodeCapture(bytes, {
    newDecoder: (startOffset) => createPrintDecoder({ startOffset, charsets }),
    profiles,
    revealMember: true,
  });
}
