import { LineCounter, parseDocument, type Document } from "yaml";
import { StoreloopError } from "../core/errors.ts";
import { compilePattern, type LinePattern } from "./pattern.ts";
import { profileSchema, type ProfileSource } from "./profile-schema.ts";

/** A profile ready for use. */
export interface Profile {
  readonly name: string;
  readonly source: ProfileSource;
  /** Compiles one of its patterns; the same source gives the same compiled pattern. */
  pattern(source: string): LinePattern;
}

/** A profile file: its name for messages, and its text. */
export interface ProfileText {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads profiles from YAML. Throws `PROFILE_INVALID` that names every fault of every file with its line: unknown keys, wrong values,
 * patterns that do not compile, two profiles of one name.
 */
export function loadProfiles(texts: readonly ProfileText[]): readonly Profile[] {
  const faults: string[] = [];
  const profiles: Profile[] = [];
  for (const file of texts) {
    const source = parse(file, faults);
    if (source === undefined) continue;
    if (profiles.some((profile) => profile.name === source.profile)) {
      faults.push(`${file.name}: there is another profile named ${source.profile}`);
    }
    profiles.push(compile(source));
  }
  if (faults.length > 0) throw new StoreloopError("PROFILE_INVALID", faults.join("\n"));
  return profiles;
}

function parse(file: ProfileText, faults: string[]): ProfileSource | undefined {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines });
  for (const error of document.errors) {
    faults.push(`${file.name}:${lines.linePos(error.pos[0]).line}: ${error.message.split("\n")[0] ?? ""}`);
  }
  if (document.errors.length > 0) return undefined;
  const result = profileSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const path = issue.path.map(String);
    faults.push(
      `${file.name}:${lineOf(document, lines, issue.path)}: ${path.join(".") || "profile"}: ${issue.message}`,
    );
  }
  return undefined;
}

/** The line of the deepest node that exists on a path. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    const offset = startOf(node);
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  const [start] = node.range as readonly unknown[];
  return typeof start === "number" ? start : undefined;
}

function compile(source: ProfileSource): Profile {
  const compiled = new Map<string, LinePattern>();
  return {
    name: source.profile,
    source,
    pattern(text) {
      const known = compiled.get(text);
      if (known !== undefined) return known;
      const made = compilePattern(text, source.locale);
      compiled.set(text, made);
      return made;
    },
  };
}

/**
 * No paper is wider. The time a pattern takes can grow with a power of the length of the line, so longer ones, which are noise, are
 * taken for blank.
 */
const maxLineLength = 200;

/** A line as patterns may be tried on it. */
export function readable(line: string): string {
  return line.length > maxLineLength ? "" : line;
}

/** The profile that reads these lines, or `undefined` when no one does. Of several, the one whose `match` asks for more. */
export function selectProfile(profiles: readonly Profile[], lines: readonly string[]): Profile | undefined {
  const tried = lines.map(readable);
  let best: Profile | undefined;
  for (const profile of profiles) {
    if (!matches(profile, tried)) continue;
    if (best === undefined || asks(profile) > asks(best)) best = profile;
  }
  return best;
}

function asks({ source: { match } }: Profile): number {
  return match.all.length + match.none.length;
}

function matches(profile: Profile, lines: readonly string[]): boolean {
  const { any, all, none } = profile.source.match;
  const found = (text: string): boolean => lines.some((line) => profile.pattern(text)(line) !== undefined);
  return any.some(found) && all.every(found) && !none.some(found);
}

/** Tells a line that only the heading of a slip has, by any of the profiles. */
export function headerTest(profiles: readonly Profile[]): (line: string) => boolean {
  const headers = profiles.flatMap((profile) => {
    const { header } = profile.source.split;
    return header === undefined ? [] : [profile.pattern(header)];
  });
  return (line) => headers.some((header) => header(readable(line)) !== undefined);
}
