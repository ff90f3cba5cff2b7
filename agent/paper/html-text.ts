/** Text as HTML text or as the value of a quoted attribute: nothing in it is markup, and no control character is left. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll(unseen, "\uFFFD");
}

/** Control characters, lone surrogates, and what turns the direction of writing. */
const unseen = /\p{Cc}|\p{Cs}|[\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;

/** East Asian Wide and Fullwidth characters (Unicode Standard Annex 11), as printers of East Asia have them in two columns. */
const wide =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

/**
 * Text on a grid, for the `columns` it took on paper. Fonts disagree on how wide anything but ASCII is, so every other character gets a
 * cell of its own of one or two columns. Which it is depends on the printer too: signs such as `※` take one column in a Western charset
 * and two in an East Asian one, so that they are all taken for wide where that is what makes the columns come out.
 */
export function gridText(text: string, columns: number): string {
  const characters = [...text];
  const asEastAsian = characters.reduce((sum, character) => sum + (isHalfWidth(character) ? 1 : 2), 0);
  const isWide = asEastAsian === columns ? (character: string) => !isHalfWidth(character) : isAlwaysWide;
  let html = "";
  for (const [piece] of text.matchAll(/[\u0020-\u007E]+|[^]/gu)) {
    const code = piece.charCodeAt(0);
    if (code >= 0x20 && code < 0x7f) html += escaped(piece);
    else html += `<i class="${isWide(piece) ? "w" : "n"}">${escaped(piece)}</i>`;
  }
  return html;
}

/** Columns that a text takes where the printer did not say. */
export function gridColumns(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (isAlwaysWide(character) ? 2 : 1), 0);
}

const isAlwaysWide = (character: string): boolean => wide.test(character);

/** ASCII, the yen sign that Shift_JIS has in its place, and half-width katakana. */
const isHalfWidth = (character: string): boolean => /^[\u0020-\u007E\u00A5\uFF61-\uFF9F]/.test(character);
