import { isDoubleByte, undeclared } from "./charset-cache.ts";
import { epsonPage } from "./code-pages.ts";

/** What the printer is set to out of the box, as the configuration of a device says. */
export interface PrinterDefaults {
  /** Charset of text when the stream selects none, e.g. `gb18030` for a printer sold in China. Guessed from the bytes if not given. */
  readonly defaultCharset?: string;
  /** Charset of the two-byte mode that `FS &` turns on. `gb18030` if not given. */
  readonly doubleByteCharset?: string;
  /** Dots a column, for `ESC $` and `ESC \`. 12 (font A) if not given. */
  readonly dotsPerColumn?: number;
}

const china = 15;
const dotsOfFontA = 12;
const defaultTab = 8;

/** The settings of the printer that decide how text reads: charset, character width, tab stops. */
export class TextSettings {
  readonly #defaults: PrinterDefaults;
  #page: number | undefined;
  #international = 0;
  #doubleByteOn = false;
  /** The stream turned the two-byte mode off, so high bytes are no pairs. */
  #doubleByteOff = false;
  #doubleByteSystem: string | undefined;
  #utf8 = false;
  #tabs: readonly number[] | undefined;
  /** Width multiplier of characters, 1 to 8. */
  scale = 1;

  constructor(defaults: PrinterDefaults) {
    this.#defaults = defaults;
    this.reset();
  }

  /** Back to the defaults, as at power-on and `ESC @`. */
  reset(): void {
    this.#page = undefined;
    this.#international = 0;
    this.#doubleByteOn = isDoubleByte(this.#defaults.defaultCharset ?? "");
    this.#doubleByteOff = false;
    this.#doubleByteSystem = undefined;
    this.#utf8 = false;
    this.#tabs = undefined;
    this.scale = 1;
  }

  /** Name of the charset in force. */
  get charset(): string {
    const { defaultCharset, doubleByteCharset } = this.#defaults;
    if (this.#utf8) return "utf8";
    if (this.#doubleByteOn) {
      const configured = isDoubleByte(defaultCharset ?? "") ? defaultCharset : undefined;
      return this.#doubleByteSystem ?? doubleByteCharset ?? configured ?? "gb18030";
    }
    if (this.#page !== undefined && this.#page > 0) return epsonPage(this.#page);
    if (defaultCharset !== undefined) return defaultCharset;
    if (this.#international === china) return "gb18030";
    return this.#page === undefined && !this.#doubleByteOff ? undeclared : epsonPage(0);
  }

  /** `ESC t n`. */
  selectPage(n: number): void {
    this.#page = n;
  }

  /** `ESC R n`. Encoders for Chinese printers select China (15) and then send GB18030 without `FS &`. */
  selectInternational(n: number): void {
    this.#international = n;
  }

  /** `FS &` and `FS .`. */
  selectDoubleByte(on: boolean): void {
    this.#doubleByteOn = on;
    this.#doubleByteOff = !on;
  }

  /** `FS C n`: on Japanese printers Shift_JIS (1) needs no `FS &`; JIS (0) does. */
  selectDoubleByteSystem(n: number): void {
    const shiftJis = n === 1 || n === 0x31 || n === 2 || n === 0x32;
    this.#doubleByteSystem = shiftJis ? "shiftjis" : undefined;
    this.#doubleByteOn = shiftJis;
  }

  /** `FS ( C fn=48 m`: 2 is UTF-8, 1 is one byte a character. */
  selectEncoding(m: number): void {
    this.#utf8 = m === 2 || m === 0x32;
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
    return dots / (this.#defaults.dotsPerColumn ?? dotsOfFontA);
  }
}
