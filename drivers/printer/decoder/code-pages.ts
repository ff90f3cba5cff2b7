/** Charsets by the number that selects them. */
export type CodePages = ReadonlyMap<number, string>;

/** Runs of pages: the number of the first one, and the names of it and those after it. */
type Run = readonly [first: number, names: string];

/**
 * Charset of each `ESC t n` page by maker; the same number is another page on another maker's printer. Names are those of
 * @point-of-sale/codepage-encoder. The facts are from the makers' manuals as tabulated in @point-of-sale/receipt-printer-encoder 3.0.3
 * (MIT), where `cp885`, which does not exist, stands for Bixolon's cp855.
 */
const makers = {
  epson: table(
    [0, "cp437 epson/katakana cp850 cp860 cp863 cp865"],
    [11, "cp851 cp853 cp857 cp737 iso8859-7 windows1252 cp866 cp852 cp858 thai42 thai11"],
    [26, "thai13"],
    [
      30,
      "tcvn3 tcvn3capitals cp720 cp775 cp855 cp861 cp862 cp864 cp869 epson/iso8859-2 iso8859-15 cp1098 cp774 cp772 cp1125 windows1250 windows1251 windows1253 windows1254 windows1255 windows1256 windows1257 windows1258 rk1048",
    ],
  ),
  bixolon: table(
    [0, "cp437 epson/katakana cp850 cp860 cp863 cp865"],
    [16, "windows1252 cp866 cp852 cp858"],
    [21, "cp862 cp864 thai42 windows1253 windows1254 windows1257"],
    [
      28,
      "windows1251 cp737 cp775 thai14 bixolon/hebrew windows1255 thai11 thai18 cp855 cp857 iso8859-7 thai16 windows1256 windows1258 khmer",
    ],
    [46, "bixolon/cp866 windows1250"],
    [49, "tcvn3 tcvn3capitals viscii"],
  ),
  citizen: table(
    [0, "cp437 epson/katakana cp858 cp860 cp863 cp865 cp852 cp866 cp857"],
    [16, "windows1252"],
    [21, "thai11"],
    [26, "thai13"],
    [30, "tcvn3 tcvn3capitals windows1258"],
    [40, "cp864"],
  ),
  fujitsu: table(
    [0, "cp437 epson/katakana cp850 cp860 cp863 cp865"],
    [8, "cp857"],
    [16, "windows1252 cp866 cp852 cp858"],
    [26, "thai13"],
    [40, "cp864"],
  ),
  hp: table([
    0,
    "cp437 cp850 cp852 cp860 cp863 cp865 cp858 cp866 windows1252 cp862 cp737 cp874 cp857 windows1251 windows1255 rk1048",
  ]),
  metapace: table([0, "cp437 epson/katakana cp850 cp860 cp863 cp865"], [19, "cp858"]),
  mpt: table([0, "cp437"], [2, "cp850 cp860 cp863 cp865 windows1251 cp866 cp3021 cp3012"]),
  "pos-5890": table(
    [0, "cp437 epson/katakana cp850 cp860 cp863 cp865 iso8859-1"],
    [8, "cp862"],
    [16, "windows1252 cp866 cp852 cp858"],
    [23, "windows1251 cp737 windows1257"],
    [27, "windows1258 cp864"],
    [32, "windows1255"],
    [56, "cp861"],
    [60, "cp855 cp857"],
    [65, "cp851 cp869"],
    [68, "cp772 cp774"],
    [72, "windows1250"],
    [74, "cp3840"],
    [76, "cp3843 cp3844 cp3845 cp3846 cp3847 cp3848"],
    [83, "cp771 cp3001 cp3002 cp3011 cp3012"],
    [89, "cp3041 windows1253 windows1254 windows1256 cp720"],
    [95, "cp775"],
  ),
  "pos-8360": table(
    [0, "cp437 epson/katakana cp850 cp860 cp863 cp865 iso8859-1 windows1253 cp862"],
    [16, "windows1252 cp866 cp852 cp858"],
    [21, "latvian"],
    [23, "windows1251 cp737 windows1257"],
    [27, "windows1258 cp864"],
    [31, "pos8360/hebrew windows1255"],
    [56, "cp861"],
    [60, "cp855 cp857"],
    [65, "cp851 cp869"],
    [68, "cp772 cp774"],
    [72, "windows1250"],
    [74, "cp3840"],
    [76, "cp3843 cp3844 cp3845 cp3846 cp3847 cp3848"],
    [83, "cp771 cp3001 cp3002 cp3011 cp3012"],
    [91, "windows1254 windows1256 cp720"],
    [95, "cp775"],
  ),
  star: table(
    [0, "cp437 star/katakana cp850 cp860 cp863 cp865"],
    [16, "windows1252 cp866 cp852 cp858 thai42 thai11 thai13 thai14 thai16"],
    [26, "thai18"],
  ),
  xprinter: table(
    [0, "cp437 epson/katakana cp850 cp860 cp863 cp865 iso8859-1 windows1253 xprinter/hebrew cp3012"],
    [11, "windows1255"],
    [16, "windows1252 cp866 cp852 cp858"],
    [21, "latvian cp864 windows1251 cp737 windows1257"],
    [33, "windows1256"],
  ),
  youku: table(
    [0, "cp437 epson/katakana cp850 cp860 cp863 cp865 windows1251 cp866 cp3021 cp3012"],
    [15, "cp862 windows1252"],
    [18, "cp852 cp858"],
    [22, "cp864 iso8859-1 cp737 windows1257"],
    [28, "cp855 cp857 windows1250 cp775 windows1254 windows1255 windows1256 windows1258"],
    [38, "iso8859-1"],
    [44, "iso8859-15"],
    [47, "cp874"],
  ),
} as const satisfies Readonly<Record<string, CodePages>>;

/** Makers whose numbering of code pages is known. */
export type CodePageMaker = keyof typeof makers;

/** All of them, in the order of the table. */
export const codePageMakers = Object.keys(makers) as readonly CodePageMaker[];

/** Charset of each `ESC GS t n` page in Star's own command languages; pages 96 to 102 from Star's command specifications. */
const starPages = table(
  [0, "star/standard cp437 star/katakana"],
  [
    4,
    "cp858 cp852 cp860 cp861 cp863 cp865 cp866 cp855 cp857 cp862 cp864 cp737 cp851 cp869 star/cp928 cp772 cp774 star/cp874",
  ],
  [32, "windows1252 windows1250 windows1251"],
  [
    64,
    "cp3840 cp3841 cp3843 cp3844 cp3845 cp3846 cp3847 cp3848 cp1001 cp771 cp3001 cp3002 cp3011 cp3012 cp3021 cp3041",
  ],
  [96, "thai42 thai11 thai13 thai14 thai16"],
  [102, "thai18"],
);

/** The charset of `ESC t n` on printers of a maker; page 0 where the number means nothing. */
export function codePage(maker: CodePageMaker, n: number): string {
  return makers[maker].get(n) ?? "cp437";
}

/** The charset of `ESC GS t n`. */
export function starCodePage(n: number): string {
  return starPages.get(n) ?? "star/standard";
}

function table(...runs: readonly Run[]): CodePages {
  return new Map(runs.flatMap(([first, names]) => names.split(" ").map((name, i) => [first + i, name] as const)));
}
