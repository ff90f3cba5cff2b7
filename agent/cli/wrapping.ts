import { columnsOf, printable } from "./columns.ts";

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

/** A sentence behind a mark of its own, e.g. `    → `: broken to the terminal's width, each further line under the first word. */
export function hanging(first: string, sentence: string, columns: number): readonly string[] {
  const indent = columnsOf(first);
  return wrapped(printable(sentence), columns - indent).map(
    (line, index) => (index === 0 ? first : " ".repeat(indent)) + line,
  );
}
