import type { Ms } from "../../agent/core/time.ts";
import { openReport, readBytes, readNumber, type FieldPlace, type Report } from "./report-fields.ts";
import type { ScannerLayout } from "./scanner-layout.ts";

/** What a report came to. */
export type ScannerReading =
  | { readonly status: "code"; readonly bytes: Uint8Array; readonly symbology?: string }
  /** The code goes on in the next report. */
  | { readonly status: "more" }
  /** Another report of the device (status, settings), or nothing in it. */
  | { readonly status: "none" }
  /** The report contradicts the descriptor, or the code is too long or never ends. */
  | { readonly status: "malformed" };

/** Beyond what any symbol holds (QR Code 40-L: 7089 digits, ISO/IEC 18004). */
const maxCodeBytes = 8192;

/** Reports of one code follow each other within milliseconds. */
const continuedWithinMs: Ms = 2_000;

interface Part {
  readonly bytes: readonly Uint8Array[];
  readonly length: number;
  readonly symbology: string | undefined;
  readonly lastMs: Ms;
}

/**
 * Joins the input reports of one HID-POS scanner to codes (HID Point of Sale Usage Tables 1.02, "Decode Data Continued"). A code whose
 * rest does not come is dropped: a piece of a code is another code.
 */
export class ScannerReports {
  readonly #layout: ScannerLayout;
  readonly #isNumbered: boolean;
  #part: Part | undefined;
  #cutOff = 0;

  constructor(layout: ScannerLayout, isNumbered: boolean) {
    this.#layout = layout;
    this.#isNumbered = isNumbered;
  }

  /** Codes dropped so far because their rest never came. */
  get cutOff(): number {
    return this.#cutOff;
  }

  /** Takes one report as Linux hands it out, at a reading of the monotonic clock. Never throws. */
  take(bytes: Uint8Array, nowMs: Ms): ScannerReading {
    const report = openReport(bytes, { isNumbered: this.#isNumbered });
    if (report.id !== this.#layout.reportId) return { status: "none" };
    const data = this.#dataOf(report);
    const continues = this.#layout.continued ? readNumber(report.payload, this.#layout.continued) : 0;
    if (data === undefined || continues === undefined) return this.#drop("malformed");
    const symbology = this.#symbologyOf(report);
    this.#expire(nowMs, symbology);
    const before = this.#part;
    const part: Part = {
      bytes: [...(before?.bytes ?? []), data],
      length: (before?.length ?? 0) + data.length,
      symbology: before?.symbology ?? symbology,
      lastMs: nowMs,
    };
    // Each report of a code brings a byte of it: as many empty ones are none.
    if (part.length > maxCodeBytes || part.bytes.length > maxCodeBytes) return this.#drop("malformed");
    this.#part = continues === 1 ? part : undefined;
    if (continues === 1) return { status: "more" };
    if (part.length === 0) return { status: "none" };
    return { status: "code", bytes: Buffer.concat(part.bytes), ...(part.symbology && { symbology: part.symbology }) };
  }

  /** What began too long ago, or with another identifier than goes on now, will not be finished. */
  #expire(nowMs: Ms, symbology: string | undefined): void {
    if (!this.#part) return;
    const isLate = nowMs - this.#part.lastMs > continuedWithinMs;
    const isOther = symbology !== undefined && this.#part.symbology !== symbology;
    if (isLate || isOther) this.#drop("none");
  }

  #drop<S extends "none" | "malformed">(status: S): { readonly status: S } {
    if (this.#part) this.#cutOff += 1;
    this.#part = undefined;
    return { status };
  }

  #dataOf({ payload }: Report): Uint8Array | undefined {
    const { data, byteCount } = this.#layout;
    const bytes = readBytes(payload, data);
    if (byteCount === undefined) return withoutPadding(bytes);
    const count = readNumber(payload, byteCount);
    return count === undefined || count > bytes.length ? undefined : bytes.slice(0, count);
  }

  #symbologyOf({ payload }: Report): string | undefined {
    const { identifier, vendor } = this.#layout;
    const at = (place: FieldPlace): string => String.fromCharCode(readNumber(payload, place) ?? 0);
    const aim = identifier.map(at).join("");
    if (/^\][A-Za-z][0-9A-Za-z]$/.test(aim)) return aim;
    return vendor?.identifiers[at(vendor.symbology)];
  }
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.slice(0, end);
}
