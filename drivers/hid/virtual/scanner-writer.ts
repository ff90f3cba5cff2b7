/** Bytes of data in one report. */
const dataBytes = 56;

/**
 * Report descriptor of a scanner in HID-POS mode as Honeywell's firmware has it, the scanned data report alone (HID Point of Sale Usage
 * Tables 1.02, usage 0x12 of page 0x8C): report 2 with byte count, symbology identifier, 56 bytes of data, two bytes of the maker's, flags.
 */
export const scannerDescriptor = Uint8Array.from(
  Buffer.from(
    "058c0902a1010912a1028502150026ff007508950105" +
      "01093b81029503058c09fb09fc09fd8102953809fe8202010666ff950209040900810205" +
      "8c25017501950809ff8102c0c0",
    "hex",
  ),
);

/** The input reports in which such a scanner sends a code: 64 bytes each, all but the last with the flag "continued". */
export function scannerReports(text: string, symbology: string): readonly Uint8Array[] {
  const bytes = Buffer.from(text, "utf8");
  const count = Math.max(1, Math.ceil(bytes.length / dataBytes));
  return Array.from({ length: count }, (_, index) => {
    const part = bytes.subarray(index * dataBytes, (index + 1) * dataBytes);
    const report = Buffer.alloc(64);
    report[0] = 2;
    report[1] = part.length;
    report.write(symbology.slice(0, 3), 2, "latin1");
    part.copy(report, 5);
    report[63] = index < count - 1 ? 1 : 0;
    return report;
  });
}
