/** A printed line in the form words and numbers are looked for in. */
export interface Folded {
  /** The line as printed. */
  readonly raw: string;
  /** Capitals without accents, half-width digits and signs, every minus and blank of one kind. */
  readonly text: string;
  /** Where each character of `text` stands in `raw`; absent when they stand at the same place. */
  readonly at?: readonly number[];
}

/** Signs that Unicode does not decompose to what they mean on a receipt. */
const sameAs: Readonly<Record<string, string>> = {
  "\u2212": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2010": "-",
  "\u2011": "-",
  "\u25B2": "-",
  "\u25B3": "-",
  "\u00D7": "X",
  "\u2715": "X",
  "\u2018": "'",
  "\u2019": "'",
  "\u00B4": "'",
  "`": "'",
  "\u3010": "[",
  "\u3011": "]",
  ß: "SS",
  "\t": " ",
};

/** Folds a line: what differs only in case, width or accents becomes the same. */
export function foldLine(raw: string): Folded {
  // The plain case, and the usual one: nothing moves.
  if (/^[ -_a-z{-~]*$/.test(raw) && !/[a-z][A-Z]/.test(raw)) return { raw, text: raw.toUpperCase() };
  const at: number[] = [];
  let text = "";
  let index = 0;
  let lower = false;
  for (const char of raw) {
    // Names run together, `GrandAmount`, are read as words.
    const piece = lower && char >= "A" && char <= "Z" ? ` ${char}` : foldChar(char);
    for (let i = 0; i < piece.length; i += 1) at.push(index);
    text += piece;
    index += char.length;
    lower = char >= "a" && char <= "z";
  }
  at.push(raw.length);
  return { raw, text, at };
}

function foldChar(char: string): string {
  const code = char.charCodeAt(0);
  // Ideographs stay as they are.
  if (code >= 0x4e00 && code <= 0x9fff) return char;
  return latin[code] ?? decomposed(char);
}

function decomposed(char: string): string {
  const same = sameAs[char];
  if (same !== undefined) return same;
  return char
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036F]/g, "")
    .toUpperCase();
}

/** What the characters of the Latin blocks fold to: most of what is printed. */
const latin: readonly string[] = Array.from({ length: 0x250 }, (_, code) => decomposed(String.fromCharCode(code)));

/** The printed characters behind a stretch of the folded text. */
export function printedPart({ raw, at }: Folded, start: number, end: number): string {
  return at === undefined ? raw.slice(start, end) : raw.slice(at[start] ?? raw.length, at[end] ?? raw.length);
}
