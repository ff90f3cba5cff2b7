import type { KeyChange } from "./keyboard-reports.ts";
import type { KeyboardLayout } from "./layouts.ts";

/** Usage ids of keys with a meaning of their own (HID Usage Tables 1.5, section 10). */
const special = { enter: 0x28, tab: 0x2b, capsLock: 0x39, keypadEnter: 0x58 } as const;

/** Modifier bits of both hands. */
const control = 0x11;
const shift = 0x22;
const leftAlt = 0x04;
const altGr = 0x40;

/** What accents do to the letter after them, as combining characters. */
const combining: Readonly<Record<string, string>> = { "^": "\u0302", "´": "\u0301", "`": "\u0300", "¨": "\u0308" };

/** Characters 128 to 255 of code page 437: what Alt with a number of the keypad types when the number has no leading zero. */
const codePage437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";

const windows1252 = new TextDecoder("windows-1252");

/** The digits of the keypad, usage ids 0x59 (1) to 0x62 (0). */
function keypadDigit(key: number): string | undefined {
  return key >= 0x59 && key <= 0x62 ? String((key - 0x58) % 10) : undefined;
}

/**
 * What keys type in one layout: shift, caps lock, AltGr, control characters (a scanner sends FNC1 as control and `]`), accents, and
 * numbers on the keypad while Alt is held. Enter comes as `\r`, tab as `\t`; keys that type nothing give nothing.
 */
export class KeyText {
  readonly #layout: KeyboardLayout;
  #isCapsLocked = false;
  #accent = "";
  #altDigits = "";

  constructor(layout: KeyboardLayout) {
    this.#layout = layout;
  }

  /** The characters that a change typed, in order. */
  take({ pressed, modifiers }: KeyChange): string {
    const isAltDown = (modifiers & leftAlt) !== 0;
    let text = isAltDown ? "" : this.#endOfAlt();
    for (const key of pressed) {
      const digit = isAltDown ? keypadDigit(key) : undefined;
      if (digit !== undefined) this.#altDigits = (this.#altDigits + digit).slice(0, 6);
      else text += this.#typed(key, modifiers);
    }
    return text;
  }

  /** Forgets what waits for the next key. Scanners put caps lock right at the beginning of a code. */
  reset(): void {
    this.#isCapsLocked = false;
    this.#accent = "";
    this.#altDigits = "";
  }

  #typed(key: number, modifiers: number): string {
    if (key === special.enter || key === special.keypadEnter) return "\r";
    if (key === special.tab) return "\t";
    if (key === special.capsLock) {
      this.#isCapsLocked = !this.#isCapsLocked;
      return "";
    }
    const row = this.#layout.keys.get(key);
    if (row === undefined) return "";
    const [plain, shifted, third] = row;
    if ((modifiers & altGr) !== 0) return third;
    if ((modifiers & control) !== 0) return controlCharacter(plain);
    const isLetter = plain.toUpperCase() === shifted && plain !== shifted;
    const isShifted = ((modifiers & shift) !== 0) !== (this.#isCapsLocked && isLetter);
    return this.#withAccent(isShifted ? shifted : plain);
  }

  #withAccent(char: string): string {
    const accent = this.#accent;
    this.#accent = "";
    if (accent !== "") {
      if (char === " ") return accent;
      const joined = `${char}${combining[accent] ?? ""}`.normalize("NFC");
      return [...joined].length === 1 ? joined : accent + char;
    }
    if (char === "" || !this.#layout.dead.includes(char)) return char;
    this.#accent = char;
    return "";
  }

  #endOfAlt(): string {
    const digits = this.#altDigits;
    this.#altDigits = "";
    const code = Number(digits);
    if (digits === "" || code === 0 || code > 0xffff) return "";
    if (code < 128 || code > 255) return String.fromCharCode(code);
    return digits.startsWith("0") ? windows1252.decode(Uint8Array.of(code)) : (codePage437[code - 128] ?? "");
  }
}

/** Control with a key of the columns 4 and 5 of ASCII types the character 64 places before it. */
function controlCharacter(plain: string): string {
  const code = plain.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : "";
}
