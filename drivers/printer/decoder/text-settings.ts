import { charsetNamed } from "./charset-names.ts";
import { isDoubleByte, undeclared } from "./charset-cache.ts";
import { codePage, starCodePage, type CodePageMaker } from "./code-pages.ts";

/** What the printer is set to out of the box, as the configuration of a device says. */
export interface PrinterDefaults {
  /** Charset of text when the stream selects none, e.g. `gb18030` for a printer sold in China. Guessed from the bytes if not given. */
  readonly defaultCharset?: string;
  /** Charset of the two-byte mode that `FS &` turns on. `gb18030` if not given. */
  readonly doubleByteCharset?: string;
  /** Whose numbering of code pages `ESC t n` follows. `epson` if not given. */
  readonly codePages?: CodePageMaker;
  /** Dots a column in font A, for `ESC $` and `ESC \`. 12 if not given. */
  readonly dotsPerColumn?: number;
}

const japan = 8;
const korea = 13;
const china = 15;
const dotsOfFontA = 12;
/** Fonts B, C and on are narrower, 8 to 10 dots; 9 is the most common. */
const dotsOfOtherFonts = 9;
const defaultTab = 8;

/** Two-byte charsets by the `n` of `FS C n`: 0 is the printer's own, 1 and 2 Shift_JIS (Epson), 255 UTF-8 (Sunmi). */
const doubleByteSystems: Readonly<Record<number, string>> = { 1: "shiftjis", 2: "shiftjis", 255: "utf8" };

/** Encodings by the `n` of `ESC 9 n` on Chinese printers. */
const doubleByteCodes: Readonly<Record<number, string>> = { 0: "gb18030", 1: "utf8", 3: "big5" };

/** Two-byte charsets of the countries of `ESC R n`. */
const countryCharsets: Readonly<Record<number, string>> = { [korea]: "euckr", [china]: "gb18030" };

/** The settings of the printer that decide how text reads: charset, character width, tab stops. */
export class TextSettings {
  readonly #defaults: PrinterDefaults;
  /** Charset of the code page that the stream selected. */
  #page: string | undefined;
  /** It is page 0, which encoders select out of habit: on a printer with a charset of its own that is no choice. */
  #byHabit = false;
  #country = 0;
  #doubleByteOn = false;
  /** The stream turned the two-byte mode off, so high bytes are no pairs. */
  #doubleByteOff = false;
  #doubleByteSystem: string | undefined;
  #utf8 = false;
  #tabs: readonly number[] | undefined;
  #fontA = true;
  #space = 0;
  /** Width multiplier of characters, 1 to 8. */
  scale = 1;

  constructor(defaults: PrinterDefaults) {
    const { defaultCharset } = defaults;
    // A name that means no charset is read as Latin 1; configurations and commands are refused before.
    const named = defaultCharset === undefined ? undefined : charsetNamed(defaultCharset);
    this.#defaults = named === undefined ? defaults : { ...defaults, defaultCharset: named };
    this.reset();
  }

  /** Back to the defaults, as at power-on and `ESC @`. */
  reset(): void {
    this.#page = undefined;
    this.#country = 0;
    this.#doubleByteOn = isDoubleByte(this.#defaults.defaultCharset ?? "");
    this.#doubleByteOff = false;
    this.#doubleByteSystem = undefined;
    this.#utf8 = false;
    this.#tabs = undefined;
    this.#fontA = true;
    this.#space = 0;
    this.scale = 1;
  }

  /** Name of the charset in force. */
  get charset(): string {
    const { defaultCharset, doubleByteCharset } = this.#defaults;
    if (this.#utf8) return "utf8";
    if (this.#doubleByteOn) {
      const configured = isDoubleByte(defaultCharset ?? "") ? defaultCharset : undefined;
      const declared = this.#doubleByteSystem ?? doubleByteCharset ?? configured;
      return declared ?? countryCharsets[this.#country] ?? "gb18030";
    }
    if (this.#page !== undefined && !this.#byHabit) return this.#page;
    if (defaultCharset !== undefined) return defaultCharset;
    const country = countryCharsets[this.#country];
    if (country !== undefined) return country;
    return this.#page === undefined && !this.#doubleByteOff ? undeclared : this.#firstPage;
  }

  /** The `n` of `ESC R n` as far as it changes characters: never in UTF-8. */
  get international(): number {
    return this.#utf8 ? 0 : this.#country;
  }

  /** `ESC t n`. */
  selectPage(n: number): void {
    this.#page = codePage(this.#maker, n);
    this.#byHabit = n === 0;
  }

  /** `ESC GS t n` of Star. */
  selectStarPage(n: number): void {
    this.#page = starCodePage(n);
    this.#byHabit = false;
    this.#doubleByteOn = isDoubleByte(this.#defaults.defaultCharset ?? "");
  }

  /** `ESC R n`, n also as a digit of base 16. Encoders for Chinese printers select China (15) and then send GB18030 without `FS &`. */
  selectInternational(n: number): void {
    const digit = n < 0x30 ? n : Number.parseInt(String.fromCharCode(n), 16);
    this.#country = Number.isNaN(digit) ? 0 : digit;
  }

  /** `FS &` and `FS .`. */
  selectDoubleByte(on: boolean): void {
    this.#doubleByteOn = on;
    this.#doubleByteOff = !on;
  }

  /** `FS C n`: on Japanese printers Shift_JIS (1) needs no `FS &`; JIS (0) does. */
  selectDoubleByteSystem(n: number): void {
    const name = doubleByteSystems[n >= 0x30 && n <= 0x39 ? n - 0x30 : n];
    this.#utf8 = name === "utf8";
    this.#doubleByteSystem = this.#utf8 ? undefined : name;
    this.#doubleByteOn = this.#doubleByteSystem !== undefined;
  }

  /** `ESC 9 n`. */
  selectDoubleByteCode(n: number): void {
    const name = doubleByteCodes[n >= 0x30 && n <= 0x39 ? n - 0x30 : n];
    if (name === undefined) return;
    this.#utf8 = name === "utf8";
    if (!this.#utf8) this.#doubleByteSystem = name;
  }

  /** `ESC $ n` of Star: 1 is Shift_JIS, 0 is one byte a character, with katakana above ASCII. */
  selectStarKanji(n: number): void {
    const on = n === 1 || n === 0x31;
    this.#doubleByteSystem = on ? "shiftjis" : undefined;
    this.#doubleByteOn = on;
    if (!on) {
      this.#page = "epson/katakana";
      this.#byHabit = false;
    }
    if (on) this.#country = japan;
  }

  /** UTF-8 or one byte a character: `FS ( C` of Epson, `ESC GS ) U` of Star. */
  selectUtf8(on: boolean): void {
    this.#utf8 = on;
  }

  /** `ESC M n`: font A is 0, its digit, or the `a` of extended sets. */
  selectFont(n: number): void {
    this.#fontA = n === 0 || n === 0x30 || n === 0x61;
  }

  /** `ESC SP n`: dots between characters; Star takes a digit too. */
  setSpace(n: number): void {
    this.#space = n >= 0x30 && n <= 0x39 ? n - 0x30 : n;
  }

  /** `ESC D`: columns of the tab stops; none given clears them. */
  setTabs(stops: readonly number[]): void {
    this.#tabs = stops;
  }

  /** Column where HT goes from `column`, or the same column when no stop is left. */
  nextTab(column: number): number {
    if (this.#tabs === undefined) return (Math.floor(column / defaultTab) + 1) * defaultTab;
    return this.#tabs.find((stop) => stop > column) ?? column;
  }

  /** Columns of a distance in dots. */
  columns(dots: number): number {
    const fontA = this.#defaults.dotsPerColumn ?? dotsOfFontA;
    const font = this.#fontA ? fontA : Math.round((fontA * dotsOfOtherFonts) / dotsOfFontA);
    return dots / (font + this.#space);
  }

  get #maker(): CodePageMaker {
    return this.#defaults.codePages ?? "epson";
  }

  get #firstPage(): string {
    return codePage(this.#maker, 0);
  }
}
