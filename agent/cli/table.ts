import { columnsOf, pad, printable } from "./columns.ts";

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly align?: "left" | "right";
  /** The column may be left out where the terminal is too narrow for all: those of the highest number first. */
  readonly spare?: number;
}

/**
 * Lines of an aligned table, wide characters taken into account, two blanks between columns, nothing after the last. Spare columns are left
 * out until it fits.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  mostColumns = Infinity,
): readonly string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => columnsOf(row[index] ?? ""))));
  const kept = fitting(columns, widths, mostColumns);
  return cells.map((row) =>
    kept
      .map((index) => pad(row[index] ?? "", widths[index] ?? 0, columns[index]?.align ?? "left"))
      .join("  ")
      .trimEnd(),
  );
}

function fitting(columns: readonly Column[], widths: readonly number[], mostColumns: number): readonly number[] {
  let kept = [...columns.keys()];
  const width = (): number => kept.reduce((sum, index) => sum + (widths[index] ?? 0) + 2, -2);
  const spares = kept.filter((index) => columns[index]?.spare !== undefined);
  for (const spare of spares.toSorted((a, b) => (columns[b]?.spare ?? 0) - (columns[a]?.spare ?? 0))) {
    if (width() <= mostColumns) break;
    kept = kept.filter((index) => index !== spare);
  }
  return kept;
}
