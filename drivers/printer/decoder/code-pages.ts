/**
 * Charset of each `ESC t n` page on Epson printers (ESC/POS command reference, "Select character code table"), by the names of
 * iconv-lite. Other makers number their pages otherwise. Pages missing here are decoded as page 0.
 */
const epsonPages: Readonly<Record<number, string>> = {
  0: "cp437",
  1: "katakana",
  2: "cp850",
  3: "cp860",
  4: "cp863",
  5: "cp865",
  13: "cp857",
  14: "cp737",
  15: "iso88597",
  16: "windows1252",
  17: "cp866",
  18: "cp852",
  19: "cp858",
  20: "cp874",
  21: "cp874",
  26: "cp874",
  30: "tcvn",
  32: "cp720",
  33: "cp775",
  34: "cp855",
  35: "cp861",
  36: "cp862",
  37: "cp864",
  38: "cp869",
  39: "iso88592",
  40: "iso885915",
  44: "cp1125",
  45: "windows1250",
  46: "windows1251",
  47: "windows1253",
  48: "windows1254",
  49: "windows1255",
  50: "windows1256",
  51: "windows1257",
  52: "windows1258",
};

/** The charset of `ESC t n`. */
export function epsonPage(n: number): string {
  return epsonPages[n] ?? "cp437";
}
