import { columnsOf, pad, printable } from "./columns.ts";

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly align?: "left" | "right";
}

/** Lines of an aligned table, wide characters taken into account, two blanks between columns, nothing after the last. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => columnsOf(row[index] ?? ""))));
  return cells.map((row) =>
    columns
      .map(({ align }, index) => pad(row[index] ?? "", widths[index] ?? 0, align === "right" ? "right" : "left"))
      .join("  ")
      .trimEnd(),
  );
}
