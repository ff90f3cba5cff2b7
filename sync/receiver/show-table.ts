import type { Table } from "./database.ts";

/** A query's answer as aligned text, one row a line. */
export function showTable({ columns, rows }: Table): string {
  const cells = rows.map((row) => row.map(showCell));
  const widths = columns.map((name, index) => Math.max(name.length, ...cells.map((row) => (row[index] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(columns), rule, ...cells.map(line)].join("\n");
}

/** A query's answer as objects by column name. */
export function asObjects({ columns, rows }: Table): readonly Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
}

function showCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replaceAll(/[\n\r]/g, "⏎");
}
