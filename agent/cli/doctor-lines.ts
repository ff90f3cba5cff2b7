import { columnsOf, printable } from "./columns.ts";
import type { Finding } from "./doctor-finding.ts";
import { mark } from "./mark.ts";
import type { Terminal } from "./terminal.ts";
import type { Text } from "./text.ts";

/**
 * A finding as lines of a terminal: its sentences broken to its width, its commands as they are, so that they can be copied.
 */
export function findingLines(
  { state, what, remedy, commands = [] }: Finding,
  terminal: Pick<Terminal, "columns" | "colour">,
  say: (text: Text) => string,
): readonly string[] {
  const lines = (text: Text, first: string, indent: number): readonly string[] =>
    wrapped(printable(say(text)), terminal.columns - indent).map(
      (line, index) => (index === 0 ? first : " ".repeat(indent)) + line,
    );
  return [
    ...lines(what, `${mark(state, terminal)} `, 2),
    ...(remedy === undefined ? [] : lines(remedy, "    → ", 6)),
    ...commands.map((line) => `      ${printable(line)}`),
  ];
}

/**
 * What stays on one line. Narrow characters are parted at blanks only, wide ones anywhere, but closing marks never begin a line and
 * opening ones never end it (W3C, Requirements for Chinese Text Layout, 3.1.10).
 */
const piece = /[(《「]*(?:[^\s\u2E80-\u9FFF\uFF00-\uFFEF]+|[\u2E80-\u9FFF\uFF00-\uFFEF])[、。》」!),:;?]*|\s+/gu;

/** Breaks a sentence into lines of at most `columns`; a word longer than that, a path mostly, keeps its line to itself. */
export function wrapped(sentence: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of sentence.match(piece) ?? []) {
    if (line === "" || columnsOf(line) + columnsOf(part) <= columns) line += part;
    else {
      lines.push(line.trimEnd());
      line = part.trimStart();
    }
  }
  return [...lines, line.trimEnd()];
}
