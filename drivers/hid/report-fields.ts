import type { ReportDescriptor, ReportField } from "./report-descriptor.ts";

/** A report as the device sent it, apart from its id. */
export interface Report {
  /** 0 where the device does not number its reports. */
  readonly id: number;
  readonly payload: Uint8Array;
}

/** Takes the report id off; an empty report has id 0. Linux hands numbered reports out with their id in front (hidraw.rst). */
export function openReport(bytes: Uint8Array, { isNumbered }: Pick<ReportDescriptor, "isNumbered">): Report {
  return isNumbered ? { id: bytes[0] ?? 0, payload: bytes.subarray(1) } : { id: 0, payload: bytes };
}

/** Where one field of an input report lies. */
export interface FieldPlace {
  readonly reportId: number;
  readonly bitOffset: number;
  readonly bitSize: number;
}

/**
 * The place of an input field by its extended usage, with the whole run when `isRun` (data of many bytes under one usage). The last
 * usage of a run holds for the fields that are left over (HID 1.11, 6.2.2.8); the first of these is meant. `undefined` when there is none.
 */
export function findField(
  fields: readonly ReportField[],
  wanted: number,
  { isRun = false, reportId }: { readonly isRun?: boolean; readonly reportId?: number } = {},
): FieldPlace | undefined {
  for (const field of fields) {
    if (field.kind !== "input" || field.isConstant || !field.isVariable) continue;
    if (reportId !== undefined && field.reportId !== reportId) continue;
    const index = usageIndex(field, wanted);
    if (index === undefined) continue;
    const bitOffset = field.bitOffset + index * field.bitSize;
    const bitSize = isRun ? (field.count - index) * field.bitSize : field.bitSize;
    return { reportId: field.reportId, bitOffset, bitSize };
  }
  return undefined;
}

function usageIndex({ usages, count }: ReportField, wanted: number): number | undefined {
  let index = 0;
  for (const { from, to } of usages) {
    if (wanted >= from && wanted <= to) return index + (wanted - from) < count ? index + (wanted - from) : undefined;
    index += to - from + 1;
  }
  return undefined;
}

/** An unsigned number of at most 32 bits, little-endian as all of HID; `undefined` where the report is too short. */
export function readNumber(
  payload: Uint8Array,
  { bitOffset, bitSize }: Omit<FieldPlace, "reportId">,
): number | undefined {
  if (bitSize > 32 || bitOffset + bitSize > payload.length * 8) return undefined;
  let value = 0;
  for (let bit = 0; bit < bitSize; bit += 1) {
    const at = bitOffset + bit;
    if ((((payload[at >>> 3] ?? 0) >>> (at & 7)) & 1) === 1) value += 2 ** bit;
  }
  return value;
}

/** Whole bytes at a place that begins on one, as many as the report has of them. */
export function readBytes(payload: Uint8Array, { bitOffset, bitSize }: Omit<FieldPlace, "reportId">): Uint8Array {
  return payload.subarray(bitOffset >>> 3, (bitOffset + bitSize) >>> 3);
}
