/** A line of the table: what was measured, against what. */
export interface Row {
  /** Its name in the JSON line. */
  readonly name: string;
  readonly unit: string;
  readonly subject: number;
  readonly baseline: number;
  readonly baselineName: string;
  readonly note: string;
  /** What the ratio is to reach; without one the line is there to compare. */
  readonly target?: number;
  /** The ratio is to stay below the target. */
  readonly lowIsGood?: boolean;
  /** What storeloop itself is to stay below, in the unit of the line. */
  readonly limit?: number;
}

/** The rows as text, in columns. */
export function table(rows: readonly Row[]): string {
  const lines = [
    ["", "unit", "storeloop", "baseline", "ratio", "target", "", "baseline is; note"],
    ...rows.map(columns),
  ];
  const widths = (lines[0] ?? []).map((_, index) => Math.max(...lines.map((line) => (line[index] ?? "").length)));
  const isNumber = (index: number): boolean => index >= 2 && index <= 5;
  return lines
    .map((line) =>
      line.map((cell, index) =>
        isNumber(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      ),
    )
    .map((line) => line.join("  ").trimEnd())
    .join("\n");
}

function columns(row: Row): string[] {
  const { name, unit, subject, baseline, baselineName, note } = row;
  const ratio = subject / baseline;
  const { goal, isReached } = goalOf(row, ratio);
  const reached = goal === "" ? "" : isReached ? "ok" : "missed";
  return [name, unit, whole(subject), whole(baseline), ratio.toFixed(2), goal, reached, `${baselineName}; ${note}`];
}

/** What is to be reached, in words, and whether it is. */
function goalOf({ subject, target, limit, lowIsGood = false }: Row, ratio: number) {
  if (limit !== undefined) return { goal: `<= ${whole(limit)}`, isReached: subject <= limit };
  if (target === undefined) return { goal: "", isReached: true };
  return lowIsGood
    ? { goal: `<= ${target.toFixed(2)}`, isReached: ratio <= target }
    : { goal: `>= ${target.toFixed(2)}`, isReached: ratio >= target };
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
