import type { ReportDescriptor } from "./report-descriptor.ts";
import { findField, type FieldPlace } from "./report-fields.ts";
import { pageOf, pages, usages } from "./usages.ts";
import { vendorLayout, type VendorLayout } from "./vendor-layouts.ts";

/** Where a scanner's input report has what. */
export interface ScannerLayout {
  readonly reportId: number;
  readonly data: FieldPlace;
  /** How many bytes of the data count; without it trailing zeros are padding. */
  readonly byteCount?: FieldPlace;
  /** The three characters of the symbology identifier. */
  readonly identifier: readonly FieldPlace[];
  /** Set when the next report goes on with the same code. */
  readonly continued?: FieldPlace;
  readonly vendor?: { readonly symbology: FieldPlace; readonly identifiers: Readonly<Record<string, string>> };
}

/**
 * Where a bar code scanner's reports have what (HID Point of Sale Usage Tables 1.02, scanned data report, usage 0x12 of page 0x8C).
 * `undefined` when the device is no scanner, or does not say where its data is and does not send the common form either.
 */
export function scannerLayout(descriptor: ReportDescriptor, vendorId: number): ScannerLayout | undefined {
  if (!descriptor.applications.some((application) => pageOf(application) === pages.scanner)) return undefined;
  const { fields } = descriptor;
  const data = findField(fields, usages.decodedData, { isRun: true });
  if (data === undefined) return plainLayout(descriptor);
  if (data.bitOffset % 8 !== 0 || data.bitSize % 8 !== 0) return undefined;
  const { reportId } = data;
  const within = (wanted: number): FieldPlace | undefined => findField(fields, wanted, { reportId });
  const byteCount = within(usages.byteCount);
  const continued = within(usages.decodedDataContinued);
  const vendor = vendorSymbology(vendorLayout(vendorId), within);
  return {
    reportId,
    data,
    identifier: usages.symbologyIdentifier.map(within).filter((place) => place !== undefined),
    ...(byteCount && { byteCount }),
    ...(continued && { continued }),
    ...(vendor && { vendor }),
  };
}

function vendorSymbology(
  layout: VendorLayout | undefined,
  within: (wanted: number) => FieldPlace | undefined,
): ScannerLayout["vendor"] {
  const symbology = layout?.symbology && within(layout.symbology.field);
  return symbology && layout?.symbology && { symbology, identifiers: layout.symbology.identifiers };
}

/**
 * The common form, as Honeywell, Zebra and Datalogic send it, for a scanner whose descriptor names no fields: in a report of 63 bytes,
 * the number of bytes, three characters of the identifier, 56 bytes of data, two of the maker's, and bit 0 of the last for "continued".
 */
function plainLayout({ fields }: ReportDescriptor): ScannerLayout | undefined {
  const commonBits = 63 * 8;
  const ends = new Map<number, number>();
  for (const { kind, reportId, bitOffset, bitSize, count } of fields) {
    if (kind === "input") ends.set(reportId, Math.max(ends.get(reportId) ?? 0, bitOffset + bitSize * count));
  }
  const reportId = [...ends].find(([, bits]) => bits === commonBits)?.[0];
  if (reportId === undefined) return undefined;
  const byte = (at: number): FieldPlace => ({ reportId, bitOffset: at * 8, bitSize: 8 });
  return {
    reportId,
    byteCount: byte(0),
    identifier: [byte(1), byte(2), byte(3)],
    data: { reportId, bitOffset: 32, bitSize: 56 * 8 },
    continued: { reportId, bitOffset: 62 * 8, bitSize: 1 },
  };
}
