/**
 * Which configured reader a PC/SC reader is: the one that names it exactly, else the one with the longest beginning of its name.
 * `free` are the configured names that no reader serves yet. Answers an index into `free`, or -1.
 */
export function matchReader(pcscName: string, free: readonly string[]): number {
  const fits = free.map((name) => (pcscName.startsWith(name) ? name.length : -1));
  const longest = Math.max(-1, ...fits);
  return longest < 0 ? -1 : fits.indexOf(longest);
}
