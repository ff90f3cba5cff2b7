/** Keyboard layouts that a wedge can be set to. */
export const layoutNames = ["us", "de", "fr", "jp"] as const;

/** See {@link layoutNames}. */
export type LayoutName = (typeof layoutNames)[number];

/** What the keys of a layout type. */
export interface KeyboardLayout {
  /** By usage id: plain, with shift, with AltGr. */
  readonly keys: ReadonlyMap<number, readonly [string, string, string]>;
  /** Characters that wait for the next one: accents. */
  readonly dead: string;
}

/** Usage ids of the digit row and of the keys around the letters, in the order of the strings below. */
const others = [
  0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35,
  0x36, 0x37, 0x38, 0x64, 0x87, 0x89,
];
const firstLetter = 0x04;

interface LayoutRows {
  /** What the 26 keys from usage 0x04 on type. */
  readonly letters: string;
  readonly letterShift?: string;
  /** What the keys in `others` type: plain, with shift, with AltGr. A blank stands for nothing. */
  readonly plain: string;
  readonly shift: string;
  readonly altGr?: string;
  /** AltGr with letters. */
  readonly letterAltGr?: Readonly<Record<number, string>>;
  readonly dead?: string;
}

const latin = "abcdefghijklmnopqrstuvwxyz";

const rows: Readonly<Record<LayoutName, LayoutRows>> = {
  us: {
    letters: latin,
    plain: "1234567890-=[]\\\\;'`,./\\  ",
    shift: '!@#$%^&*()_+{}||:"~<>?|  ',
  },
  de: {
    letters: "abcdefghijklmnopqrstuvwxzy",
    plain: "1234567890ß´ü+##öä^,.-<  ",
    shift: "!\"§$%&/()=?`Ü*''ÖÄ°;:_>  ",
    altGr: " ²³   {[]}\\  ~        |  ",
    letterAltGr: { 0x08: "€", 0x10: "µ", 0x14: "@" },
    dead: "^´`",
  },
  fr: {
    letters: "qbcdefghijkl,noparstuvzxyw",
    letterShift: "QBCDEFGHIJKL?NOPARSTUVZXYW",
    plain: "&é\"'(-è_çà)=^$**mù²;:!<  ",
    shift: "1234567890°+¨£µµM% ./§>  ",
    altGr: " ~#{[|`\\^@]} ¤           ",
    letterAltGr: { 0x08: "€" },
    dead: "^¨",
  },
  jp: {
    letters: latin,
    plain: "1234567890-^@[]];: ,./ \\\\",
    shift: "!\"#$%&'() =~`{}}+* <>? _|",
  },
};

/** Keypad, space: the same in every layout. */
const common: readonly (readonly [number, string])[] = [
  [0x2c, " "],
  ..."/*-+".split("").map((char, index) => [0x54 + index, char] as const),
  ..."1234567890.".split("").map((char, index) => [0x59 + index, char] as const),
  [0x67, "="],
];

/** A layout by its name. */
export const layouts: Readonly<Record<LayoutName, KeyboardLayout>> = {
  us: layoutOf(rows.us),
  de: layoutOf(rows.de),
  fr: layoutOf(rows.fr),
  jp: layoutOf(rows.jp),
};

function layoutOf({ letters, letterShift, plain, shift, altGr, letterAltGr, dead }: LayoutRows): KeyboardLayout {
  const keys = new Map<number, readonly [string, string, string]>();
  const shifted = letterShift ?? letters.toUpperCase();
  letters.split("").forEach((char, index) => {
    const key = firstLetter + index;
    keys.set(key, [char, shifted[index] ?? "", letterAltGr?.[key] ?? ""]);
  });
  const typed = (row: string | undefined, index: number): string => (row?.[index] ?? " ").trim();
  others.forEach((key, index) => keys.set(key, [typed(plain, index), typed(shift, index), typed(altGr, index)]));
  for (const [key, char] of common) keys.set(key, [char, char, char]);
  return { keys, dead: dead ?? "" };
}
