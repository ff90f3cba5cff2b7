/** Text of a receipt as a regular expression: blanks may be more or fewer, digits others; everything else stands as it is. */
export function literal(text: string): string {
  return text
    .split(/(\s+)/)
    .map((part) => (/^\s+$/.test(part) ? String.raw`\s+` : literalWord(part)))
    .join("");
}

function literalWord(word: string): string {
  // `07712B`: which characters are digits is chance.
  if (/^(?=.*\d)(?=.*[A-Za-z])[A-Za-z\d]+$/.test(word)) return String.raw`\S+`;
  // How many stars mask a card number is chance too.
  const signs = escaped(word).replaceAll(/(?:\\\*){2,}/g, String.raw`\*+`);
  return signs.replace(/\d+(?:(?:\\\.|,)\d+)*/g, (number) =>
    /\D/.test(number) ? String.raw`[\d.,]+` : String.raw`\d+`,
  );
}

/** Text as a regular expression that matches nothing else. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, (sign) => (sign === "/" ? "/" : `\\${sign}`));
}

/** A label in front of a figure, as the beginning of a line. */
export function atLineStart(label: string): string {
  const bare = label.trimStart();
  return `^${bare === label ? "" : String.raw`\s*`}${literal(bare)}`;
}
