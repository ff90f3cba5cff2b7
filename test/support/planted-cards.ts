import iconv from "iconv-lite";
import { withGtinCheck, withLuhn } from "./card-numbers.ts";

/** A card number and the bytes that print it. */
export interface PlantedCard {
  /** The form, in words. */
  readonly form: string;
  readonly pan: string;
  readonly bytes: Uint8Array;
}

/** How a number is printed: the bytes, given the digits. */
type Print = (pan: string) => Uint8Array;

const raw = (text: string): Buffer => Buffer.from(text, "latin1");
const utf8 = (text: string): Buffer => Buffer.concat([raw("\x1c(C\x02\x000\x02"), Buffer.from(text, "utf8")]);
const fours = (pan: string, separator: string): string => (pan.match(/.{1,4}/g) ?? []).join(separator);
const inTwo = (pan: string, between: string): string => pan.slice(0, 7) + between + pan.slice(7);
const wide = (pan: string): string => [...pan].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join("");
const pairs = (digits: string): string =>
  (digits.match(/../g) ?? []).map((pair) => String.fromCharCode(Number(pair))).join("");
const barcode = (m: number, data: string): Buffer => raw(`\x1dk${String.fromCharCode(m, data.length)}${data}\n`);

function symbol(cn: number, data: string): Buffer {
  const kind = String.fromCharCode(cn);
  const length = data.length + 3;
  const count = String.fromCharCode(length % 256, Math.floor(length / 256));
  return raw(`\x1d(k\x03\x00${kind}E0\x1d(k${count}${kind}P0${data}\x1d(k\x03\x00${kind}Q0\n`);
}

/** Numbers of issuers, bare. */
const issuers: readonly (readonly [string, string, number])[] = [
  ["Visa of 13", "4", 13],
  ["Visa", "4", 16],
  ["Visa of 19", "4", 19],
  ["Mastercard", "52", 16],
  ["Mastercard 2-series", "2345", 16],
  ["American Express", "34", 15],
  ["Diners Club", "36", 14],
  ["Discover", "6011", 16],
  ["UnionPay", "6228", 16],
  ["UnionPay of 19", "6217", 19],
  ["JCB", "3566", 16],
  ["Maestro", "6759", 18],
];

const inText: Readonly<Record<string, Print>> = {
  blanks: (pan) => raw(fours(pan, " ")),
  hyphens: (pan) => raw(fours(pan, "-")),
  points: (pan) => raw(fours(pan, ".")),
  "middle dots": (pan) => raw(fours(pan, "\xb7")),
  underscores: (pan) => raw(fours(pan, "_")),
  strokes: (pan) => raw(fours(pan, "/")),
  "two blanks": (pan) => raw(fours(pan, "  ")),
  "blank, hyphen, blank": (pan) => raw(fours(pan, " - ")),
  tabs: (pan) => raw(fours(pan, "\t")),
  "no-break blanks in Latin 1": (pan) => raw(fours(pan, "\xa0")),
  "no-break blanks in code page 437": (pan) => raw(fours(pan, "\xff")),
  "no-break blanks in UTF-8": (pan) => utf8(fours(pan, "\u00a0")),
  "thin blanks in UTF-8": (pan) => utf8(fours(pan, "\u2009")),
  "no-break hyphens in UTF-8": (pan) => utf8(fours(pan, "\u2011")),
  "dashes of Windows-1252": (pan) => raw(fours(pan, "\x96")),
  "wide blanks of GB 18030": (pan) => iconv.encode(fours(pan, "\u3000"), "gb18030"),
  "a blank after each digit": (pan) => raw(fours(pan, "").split("").join(" ")),
  "two blanks after each digit": (pan) => raw(pan.split("").join("  ")),
  "a line end": (pan) => raw(inTwo(pan, "\n")),
  "a padded line end and an indent": (pan) => raw(inTwo(pan, "     \r\n  ")),
  "groups over a line end": (pan) => raw(`${fours(pan.slice(0, 8), "-")}-\n${fours(pan.slice(8), "-")}`),
  "bold in the middle": (pan) => raw(inTwo(pan, "\x1bE\x01")),
  "bold with a digit as its switch": (pan) => raw(inTwo(pan, "\x1bE1")),
  "a mode with a digit as its value": (pan) => raw(`\x1b!0${inTwo(pan, "\x1b!0")}`),
  "a position in the middle": (pan) => raw(inTwo(pan, "\x1b$0\x01")),
  "a relative position in the middle": (pan) => raw(inTwo(pan, "\x1b\\2\x00")),
  "double width": (pan) => raw(`\x1d!\x11${inTwo(pan, "\x1d!\x00")}`),
  "a status request in the middle": (pan) => raw(inTwo(pan, "\x10\x04\x01")),
  "letters around it": (pan) => raw(`X${pan}Y`),
  "zeros before it": (pan) => raw(`000${pan}`),
  "a feed before it": (pan) => raw(`\x1bd3${pan}`),
  "an expiry after a stroke": (pan) => raw(`${fours(pan, " ")}/1229`),
  "a NUL-terminated field": (pan) => raw(`\x00${pan}\x00`),
  "a line display": (pan) => raw(`\x1b=\x02\x0c${fours(pan, " ")}\x1b=\x01`),
  "two rows of a line display": (pan) => raw(`\x1b=\x02\x0c${inTwo(pan, "\r\n")}\x1b=\x01`),
  "wide digits of GB 18030": (pan) => Buffer.concat([raw("\x1c&"), iconv.encode(wide(pan), "gb18030")]),
  "wide digits of Shift_JIS": (pan) => Buffer.concat([raw("\x1cC\x01\x1c&"), iconv.encode(wide(pan), "shift_jis")]),
  "wide digits of Big5": (pan) => Buffer.concat([raw("\x1c&"), iconv.encode(wide(pan), "big5")]),
  "wide digits of UTF-8": (pan) => utf8(wide(pan)),
  "after a character of four bytes": (pan) => Buffer.concat([raw("\x1c&\x81\x39\xef\x35"), raw(pan)]),
  "wide digits in groups": (pan) => iconv.encode(fours(wide(pan), "\u3000"), "gb18030"),
  "track 1": (pan) => raw(`%B${pan}^DOE/JANE^29121010000000000000?`),
  "track 2": (pan) => raw(`;${pan}=29121010000000000?`),
  "track 2 as a chip has it": (pan) => raw(`57 13 ${pan}D29121010000000000F`),
};

const inSymbols: Readonly<Record<string, Print>> = {
  "a QR code": (pan) => symbol(0x31, pan),
  "an address in a QR code": (pan) => symbol(0x31, `https://pay.example/?c=${fours(pan, "%20")}&x=1`),
  "track 2 in a QR code": (pan) => symbol(0x31, `;${pan}=29121010000000000?`),
  PDF417: (pan) => symbol(0x30, pan),
  DataMatrix: (pan) => symbol(0x36, `card ${pan}`),
  "a QR code of a Star printer": (pan) =>
    raw(`\x1b\x1dyD1\x00${String.fromCharCode(pan.length)}\x00${pan}\x1b\x1dyP\n`),
  "CODE39 in form A": (pan) => raw(`\x1dk\x04${pan}\x00`),
  "ITF in form A": (pan) => raw(`\x1dk\x05${pan}\x00`),
  CODE39: (pan) => barcode(69, pan),
  "ITF with a zero before it": (pan) => barcode(70, `0${pan}`),
  Codabar: (pan) => barcode(71, `A${pan}B`),
  CODE93: (pan) => barcode(72, pan),
  "CODE128 in set B": (pan) => barcode(73, `{B${pan}`),
  "CODE128 in set C": (pan) => barcode(73, `{C${pairs(pan)}`),
  "CODE128 from set B to C": (pan) => barcode(73, `{B${pan.slice(0, 1)}{C${pairs(pan.slice(1, -1))}{B${pan.slice(-1)}`),
  "CODE128 in set C after a zero": (pan) => barcode(73, `{C${pairs(`0${pan}`)}`),
  "a barcode of a Star printer": (pan) => raw(`\x1bb62150${pan}\x1e`),
};

/** Card numbers in every form that is known to be printed: no two alike, made at run time. */
export function plantedCards(): readonly PlantedCard[] {
  const bare = issuers.map(([form, prefix, length]) => ({ form, prefix, length, print: raw }));
  const forms = Object.entries({ ...inText, ...inSymbols }).map(([form, print]) => ({
    form,
    prefix: "4",
    length: form.endsWith("a zero before it") || form.endsWith("after a zero") ? 19 : 16,
    print,
  }));
  return [...bare, ...forms].map(({ form, prefix, length, print }, index) => {
    const pan = numberOf(prefix, length, index);
    return { form, pan, bytes: print(pan) };
  });
}

/** Digits that no other number begins with, and no article number. */
function numberOf(prefix: string, length: number, index: number): string {
  const filler = String(7_305_193 + index * 1_861_513).padStart(8, "7");
  for (let i = 10; ; i += 1) {
    const digits = (prefix + filler + String(i) + "183572640913").slice(0, length - 1);
    const pan = withLuhn(digits);
    if (length > 14 || pan !== withGtinCheck(digits)) return pan;
  }
}
