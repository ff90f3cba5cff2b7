/**
 * A test for file names by a pattern as shells have it: `*` stands for any characters, `?` for one, everything else for itself, in capital
 * or small letters. Names that begin with a dot only fit a pattern that does: half-written files often have such names.
 */
export function namePattern(pattern: string): (name: string) => boolean {
  return (name) =>
    (!name.startsWith(".") || pattern.startsWith(".")) && fits(name.toLowerCase(), pattern.toLowerCase());
}

/** Linear but for going back to the last star, so that no pattern takes long. */
function fits(name: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let i = 0; i < name.length;) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at;
      starAt = i;
      at += 1;
    } else if (wanted === "?" || wanted === name[i]) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      at = star + 1;
      starAt += 1;
      i = starAt;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
