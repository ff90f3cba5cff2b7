import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReportDescriptor } from "../../../../drivers/hid/report-descriptor.ts";
import { scannerLayout } from "../../../../drivers/hid/scanner-layout.ts";
import { ScannerReports, type ScannerReading } from "../../../../drivers/hid/scanner-reports.ts";
import { scannerDescriptor, scannerReports } from "../../../../drivers/hid/virtual/scanner-writer.ts";
import { keyboardDescriptor } from "../../../support/hid-devices.ts";

const honeywell = 0x0c2e;
const datalogic = 0x05f9;

function reader(descriptor: Uint8Array = scannerDescriptor, vendorId = honeywell): ScannerReports {
  const result = parseReportDescriptor(descriptor);
  if (result.status !== "parsed") throw new Error(result.reason);
  const layout = scannerLayout(result.descriptor, vendorId);
  if (!layout) throw new Error("not a scanner");
  return new ScannerReports(layout, result.descriptor.isNumbered);
}

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");
const textOf = (reading: ScannerReading): string =>
  reading.status === "code" ? Buffer.from(reading.bytes).toString("utf8") : reading.status;

/** A scanner without byte count and identifier, as some send it: 8 bytes of data and a flag. */
const bareDescriptor = hex(
  "05 8c 09 02 a1 01 15 00 26 ff 00 75 08 95 08 09 fe 82 02 01 25 01 75 01 95 01 09 ff 81 02 75 07 81 03 c0",
);

describe("reports of HID-POS scanners", () => {
  it("reads an EAN-13 with its symbology identifier", () => {
    const report = hex(`02 0d 5d 45 30 34 30 30 36 33 38 31 33 33 33 39 33 31 ${"00".repeat(43)} 64 00 00`);
    const reading = reader().take(report, 0);
    expect(reading).toMatchObject({ status: "code", symbology: "]E0" });
    expect(textOf(reading)).toBe("4006381333931");
  });

  it("takes the maker's letter for the symbology where there is no identifier", () => {
    const report = hex(`02 02 00 00 00 31 32 ${"00".repeat(54)} 49 00 00`);
    expect(reader().take(report, 0)).toMatchObject({ status: "code", symbology: "]C1" });
    expect(reader(scannerDescriptor, datalogic).take(report, 0)).not.toHaveProperty("symbology");
  });

  it("joins a code of any length from its reports", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 2000 }), (text) => {
        const scanner = reader();
        const readings = scannerReports(text, "]Q1").map((report, index) => scanner.take(report, index * 5));
        expect(readings.slice(0, -1).every(({ status }) => status === "more")).toBe(true);
        expect(readings.at(-1)).toMatchObject({ status: "code", symbology: "]Q1" });
        expect(textOf(readings.at(-1)!)).toBe(Buffer.from(text, "utf8").toString("utf8"));
      }),
    );
  });

  it("drops a code whose rest does not come in time, and reads the next one whole", () => {
    const scanner = reader();
    const [first] = scannerReports("x".repeat(100), "]Q1");
    expect(scanner.take(first!, 0)).toEqual({ status: "more" });
    expect(textOf(scanner.take(scannerReports("4006381333931", "]Q1")[0]!, 2_001))).toBe("4006381333931");
    expect(scanner.cutOff).toBe(1);
  });

  it("drops a code that is interrupted by one of another symbology", () => {
    const scanner = reader();
    scanner.take(scannerReports("x".repeat(100), "]Q1")[0]!, 0);
    expect(textOf(scanner.take(scannerReports("4006381333931", "]E0")[0]!, 5))).toBe("4006381333931");
    expect(scanner.cutOff).toBe(1);
  });

  it("gives up a code that never ends", () => {
    const scanner = reader();
    const endless = scannerReports("x".repeat(100), "]Q1")[0]!;
    const readings = Array.from({ length: 147 }, (_, index) => scanner.take(endless, index).status);
    expect(readings.filter((status) => status === "malformed")).toHaveLength(1);
    expect(scanner.cutOff).toBe(1);
  });

  it("gives up a code that goes on without data", () => {
    const scanner = reader();
    const empty = hex(`02 00 5d 51 31 ${"00".repeat(58)} 01`);
    const statuses = Array.from({ length: 10_000 }, (_, index) => scanner.take(empty, index).status);
    expect(statuses.filter((status) => status === "malformed")).toHaveLength(1);
    expect(statuses.filter((status) => status === "more")).toHaveLength(9_999);
    expect(scanner.cutOff).toBe(1);
  });

  it("leaves the padding off where there is no byte count", () => {
    const scanner = reader(bareDescriptor);
    expect(scanner.take(hex("31 32 33 34 35 36 37 38 01"), 0)).toEqual({ status: "more" });
    expect(textOf(scanner.take(hex("39 30 00 00 00 00 00 00 00"), 1))).toBe("1234567890");
  });

  it("takes the common form of a report for a scanner that names no fields", () => {
    const unnamed = hex("05 8c 09 02 a1 01 85 02 15 00 26 ff 00 75 08 95 3f 09 12 81 02 c0");
    expect(textOf(reader(unnamed, datalogic).take(scannerReports("4006381333931", "]E0")[0]!, 0))).toBe(
      "4006381333931",
    );
  });

  it("is silent on other reports of the device", () => {
    expect(reader().take(hex("04 01"), 0)).toEqual({ status: "none" });
    expect(reader().take(new Uint8Array(), 0)).toEqual({ status: "none" });
    expect(reader().take(hex(`02 00 ${"00".repeat(62)}`), 0)).toEqual({ status: "none" });
  });

  it("refuses a report that is too short or counts more bytes than it has", () => {
    expect(reader().take(hex("02 0d 5d 45 30 34"), 0)).toEqual({ status: "malformed" });
    expect(reader().take(hex(`02 39 ${"30".repeat(62)}`), 0)).toEqual({ status: "malformed" });
  });

  it("takes any reports without throwing", () => {
    const reports = fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 20 });
    fc.assert(
      fc.property(reports, (all) => {
        const scanner = reader();
        for (const [index, report] of all.entries()) scanner.take(Uint8Array.of(2, ...report), index);
      }),
    );
  });

  it("is no scanner without the page of scanners", () => {
    const result = parseReportDescriptor(keyboardDescriptor);
    expect(result.status === "parsed" && scannerLayout(result.descriptor, 0)).toBeUndefined();
  });
});
