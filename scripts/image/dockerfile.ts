/** One instruction of a Dockerfile, its continuation lines joined. */
export interface Instruction {
  /** Line of its first word, from 1. */
  readonly line: number;
  /** In upper case, e.g. `RUN`. */
  readonly keyword: string;
  readonly text: string;
}

/** Reads a Dockerfile (Dockerfile reference, "Format"): comments and blank lines dropped, `\` at a line's end joins the next. */
export function parseDockerfile(source: string): readonly Instruction[] {
  const instructions: Instruction[] = [];
  let open: { line: number; text: string } | undefined;
  for (const [index, raw] of source.split("\n").entries()) {
    const text = raw.trim();
    if (text === "" || text.startsWith("#")) continue;
    open = { line: open?.line ?? index + 1, text: `${open?.text ?? ""} ${text.replace(/\\$/, "")}`.trim() };
    if (text.endsWith("\\")) continue;
    const [, keyword = "", rest = ""] = /^(\S+)\s+(.*)$/.exec(open.text) ?? [];
    instructions.push({ line: open.line, keyword: keyword.toUpperCase(), text: rest });
    open = undefined;
  }
  return instructions;
}

/** Top-level names of the build context: what `.dockerignore`, written as `*` and exceptions, lets through. */
export function contextNames(dockerignore: string): ReadonlySet<string> {
  const lines = dockerignore.split("\n").map((line) => line.trim());
  if (!lines.includes("*")) throw new Error(".dockerignore must begin with `*`: what goes into the image is named");
  return new Set(lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1)));
}
