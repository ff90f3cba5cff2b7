import type { Paper } from "../core/paper.ts";
import { columnsOf, pad, printable } from "./columns.ts";
import type { Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import { paperRows, type Row } from "./paper-rows.ts";
import { paperWords } from "./paper-words.ts";
import { receiptFacts, type ShownSlip } from "./receipt-facts.ts";

/** The narrowest frame. */
const minColumns = 24;

/** A receipt in a frame, drawn as it was printed, and below it what was read from it. */
export function receiptFrame<C extends CliConfig>(
  slip: ShownSlip,
  paper: Paper,
  { say, terminal }: Pick<Invocation<C>, "say" | "terminal">,
): readonly string[] {
  const columns = Math.max(minColumns, terminal.columns - 4);
  const rows = paperRows(paper, { columns, colour: terminal.colour, words: paperWords(say) });
  const width = rows.reduce((most, row) => Math.max(most, row.columns), minColumns);
  const facts = receiptFacts(slip, paper, say);
  const labelWidth = Math.max(...facts.map(({ label }) => columnsOf(label)));
  return [
    `┌${"─".repeat(width + 2)}┐`,
    ...rows.map((row) => `│ ${placed(row, width)} │`),
    `└${"─".repeat(width + 2)}┘`,
    ...facts.map(({ label, value }) => `${pad(label, labelWidth)}  ${printable(value)}`),
  ];
}

function placed({ text, columns, align }: Row, width: number): string {
  const free = Math.max(0, width - columns);
  const left = align === "left" ? 0 : align === "right" ? free : Math.floor(free / 2);
  return " ".repeat(left) + text + " ".repeat(free - left);
}
