import { expect, test } from "vitest";
import { columnsOf } from "../../../agent/cli/columns.ts";
import { table } from "../../../agent/cli/table.ts";
import { hanging } from "../../../agent/cli/wrapping.ts";

const columns = [
  { title: "收银台", spare: 1 },
  { title: "小票号" },
  { title: "合计", align: "right" },
  { title: "版式", spare: 2 },
] as const;
const rows = [
  ["05", "0003364", "92.01 CNY", "cn-supermarket-80mm"],
  ["07", "12", "-1.00 CNY", "generic"],
];

test.each([
  [80, "收银台  小票号        合计  版式"],
  [45, "收银台  小票号        合计"],
  [20, "小票号        合计"],
  [5, "小票号        合计"],
])("a table for %d columns leaves out what can be spared first, and nothing else", (width, heading) => {
  expect(table(columns, rows, width)[0]).toBe(heading);
});

test("a table of which everything is wanted is never cut", () => {
  expect(table(columns, rows)[1]).toContain("cn-supermarket-80mm");
});

test("a remedy hangs below its arrow at any width, and a path in it stays whole", () => {
  const hint = "检查 /dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0 是否插好,插回后自动恢复。";
  const lines = hanging("    → ", hint, 60);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.slice(1).every((line) => /^ {6}\S/.test(line))).toBe(true);
  expect(lines.some((line) => line.includes("/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0"))).toBe(
    true,
  );
  expect(lines.filter((line) => columnsOf(line) > 60 && !line.includes("/dev/"))).toEqual([]);
});
