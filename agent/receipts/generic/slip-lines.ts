import { amountsOf, carriedRole, type AmountFact } from "./amount-fact.ts";
import { localeOf, numbersOf, type Locale } from "./locale.ts";
import { numberStyle, withDecimals, type NumberStyle } from "./number-style.ts";
import { toRow, type Row } from "./row.ts";

/** A slip taken apart: its lines, where it was printed, how it writes numbers, and its amounts. */
export interface SlipLines {
  readonly rows: readonly Row[];
  readonly locale: Locale;
  readonly style: NumberStyle;
  /** The amounts of a row. */
  readonly factsOf: (row: Row) => readonly AmountFact[];
}

/** Takes the lines of a slip apart, each once. */
export function readLines(lines: readonly string[]): SlipLines {
  const rows = lines.map(toRow);
  const numbers = numbersOf(rows);
  const locale = localeOf(rows, withDecimals(numbers));
  const style = numberStyle(numbers, locale.exponent);
  let above: Row | undefined;
  const facts = rows.map((row) => {
    const found = amountsOf(row, style, above === undefined ? undefined : carriedRole(above));
    if (!row.blank) above = row;
    return found;
  });
  return { rows, locale, style, factsOf: (row) => facts[row.index] ?? [] };
}
