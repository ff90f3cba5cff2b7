import { printable } from "./columns.ts";
import type { Finding } from "./doctor-finding.ts";
import { mark } from "./mark.ts";
import type { Terminal } from "./terminal.ts";
import type { Text } from "./text.ts";
import { hanging } from "./wrapping.ts";

/**
 * A finding as lines of a terminal: its sentences broken to its width, its commands as they are, so that they can be copied.
 */
export function findingLines(
  { state, what, remedy, commands = [] }: Finding,
  terminal: Pick<Terminal, "columns" | "colour">,
  say: (text: Text) => string,
): readonly string[] {
  const [head = "", ...others] = hanging("  ", say(what), terminal.columns);
  return [
    `${mark(state, terminal)} ${head.slice(2)}`,
    ...others,
    ...(remedy === undefined ? [] : hanging("    → ", say(remedy), terminal.columns)),
    ...commands.map((line) => `      ${printable(line)}`),
  ];
}
