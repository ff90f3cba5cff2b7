/** Blocks of East Asian Wide and Fullwidth characters (Unicode Standard Annex #11), which take two columns of a terminal. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;

/** Marks that sit on the character before them. */
const zero = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += zero.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

/** A text made exactly `columns` wide by blanks; longer ones stay as they are. */
export function pad(text: string, columns: number, side: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, columns - columnsOf(text)));
  return side === "left" ? text + blanks : blanks + text;
}

/**
 * A text that does nothing to a terminal but show: what a POS printed, a card held or a broker said could carry escape sequences or
 * turn the writing direction. Control and format characters become `\uFFFD`.
 */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cs}|[\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu, "\uFFFD");
}
