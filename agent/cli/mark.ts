import type { Terminal } from "./terminal.ts";

const marks = { ok: ["✓", 32], warn: ["!", 33], fail: ["✗", 31] } as const;

/** A sign that says at a glance how something stands: ✓, ! or ✗, coloured where that is possible. */
export function mark(state: keyof typeof marks, { colour }: Pick<Terminal, "colour">): string {
  const [sign, code] = marks[state];
  return colour ? `\u001B[${code}m${sign}\u001B[0m` : sign;
}
