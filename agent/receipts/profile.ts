import { compilePattern, type LinePattern } from "./pattern.ts";
import type { ProfileSource } from "./profile-schema.ts";

/** A profile ready for use. */
export interface Profile {
  readonly name: string;
  readonly source: ProfileSource;
  /** It was asked for by name and reads every slip, whatever its `match` says. */
  readonly forced?: boolean;
  /** Compiles one of its patterns; the same source gives the same compiled pattern. */
  pattern(source: string): LinePattern;
}

/** A profile from its source, which the schema has accepted. Patterns are compiled when they are first asked for. */
export function compileProfile(source: ProfileSource): Profile {
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

/** The same profile, made to read every slip. */
export function forced(profile: Profile): Profile {
  return { ...profile, forced: true };
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
  if (profile.forced === true) return true;
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
