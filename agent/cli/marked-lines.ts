import type { LineMark, TrialLine } from "../core/profile-trial.ts";
import { columnsOf, pad, printable } from "./columns.ts";
import type { Terminal } from "./terminal.ts";

/** How marked lines are drawn. */
export interface MarkedLinesOptions extends Pick<Terminal, "columns" | "colour"> {
  /** What stands beside a line among the items that no row explains. */
  readonly unreadLabel: string;
}

/** Narrower than this, labels stand under their line. */
const narrowest = 22;

/**
 * A receipt with line numbers. What was read is underlined, and beside it stands as what, in the order of the line; wide characters keep
 * their columns.
 */
export function markedLines(lines: readonly TrialLine[], options: MarkedLinesOptions): readonly string[] {
  const texts = lines.map(({ text }) => printable(text));
  const width = Math.max(20, ...texts.map(columnsOf));
  const gutter = String(lines.length).length;
  const beside = options.columns - gutter - width - 6;
  const room = beside >= narrowest ? beside : options.columns - gutter - 6;
  return lines.flatMap((line, index) => {
    const labels = wrap(labelsOf(line, options.unreadLabel), room);
    const rows = paperRows(line, texts[index] ?? "", options.colour);
    const number = String(index + 1).padStart(gutter);
    const blank = " ".repeat(gutter);
    const sign = line.unread ? "✗" : "│";
    if (beside < narrowest)
      return [
        ...rows.map((row, at) => `${at === 0 ? number : blank} ${sign} ${row.text}`),
        ...labels.map((label) => `${blank} ${sign}   → ${label}`),
      ].map((row) => row.trimEnd());
    const height = Math.max(rows.length, labels.length);
    return Array.from({ length: height }, (_, at) => {
      const row = rows[at] ?? { text: "", columns: 0 };
      const filled = row.text + " ".repeat(width - row.columns);
      return `${at === 0 ? number : blank} ${sign} ${filled}  ${labels[at] ?? ""}`.trimEnd();
    });
  });
}

function labelsOf({ marks, unread }: TrialLine, unreadLabel: string): readonly string[] {
  return unread ? [unreadLabel] : [...new Set(marks.map(({ field }) => field))];
}

/** Labels with blanks between them, on as many lines as they need. */
function wrap(labels: readonly string[], room: number): readonly string[] {
  const rows: string[] = [];
  for (const label of labels) {
    const last = rows.at(-1);
    if (last !== undefined && columnsOf(last) + 2 + columnsOf(label) <= room)
      rows[rows.length - 1] = `${last}, ${label}`;
    else rows.push(label);
  }
  return rows;
}

interface Row {
  readonly text: string;
  readonly columns: number;
}

/** The line itself, its marks underlined: by the terminal where it has colours, by a row of signs below where it has not. */
function paperRows({ text, marks }: TrialLine, shown: string, colour: boolean): readonly Row[] {
  const columns = columnsOf(shown);
  if (marks.length === 0) return [{ text: shown, columns }];
  if (colour) return [{ text: underlined(text, marks), columns }];
  const signs = underline(text, marks);
  return [
    { text: shown, columns },
    { text: signs, columns: signs.length },
  ];
}

const isMarked = (marks: readonly LineMark[], at: number): boolean =>
  marks.some(({ from, to }) => at >= from && at < to);

function underline(text: string, marks: readonly LineMark[]): string {
  let at = 0;
  let signs = "";
  for (const character of text) {
    signs += (isMarked(marks, at) ? "~" : " ").repeat(columnsOf(printable(character)));
    at += character.length;
  }
  return signs.trimEnd();
}

function underlined(text: string, marks: readonly LineMark[]): string {
  let at = 0;
  let open = false;
  let shown = "";
  for (const character of text) {
    const marked = isMarked(marks, at);
    if (marked !== open) shown += marked ? "\u001B[4;36m" : "\u001B[0m";
    open = marked;
    shown += pad(printable(character), 0);
    at += character.length;
  }
  return open ? `${shown}\u001B[0m` : shown;
}
