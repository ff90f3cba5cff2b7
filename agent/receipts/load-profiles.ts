import { LineCounter, parseDocument, type Document } from "yaml";
import { StoreloopError } from "../core/errors.ts";
import { compileProfile, type Profile } from "./profile.ts";
import { profileSchema, type ProfileSource } from "./profile-schema.ts";

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
    profiles.push(compileProfile(source));
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
