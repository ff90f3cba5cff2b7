/** How a charset writes the digits: the bytes before the digit's own, the byte of zero, and the star that masks one. */
export interface DigitForm {
  readonly lead: readonly number[];
  readonly zero: number;
  /** As many bytes as a digit has. */
  readonly star: readonly number[];
}

const ascii: DigitForm = { lead: [], zero: 0x30, star: [0x2a] };

/** Full-width digits of GB 2312 (and so GBK, GB18030, EUC-KR, EUC-JP), Shift_JIS, Big5 and UTF-8. */
const wideForms: readonly DigitForm[] = [
  { lead: [0xa3], zero: 0xb0, star: [0xa3, 0xaa] },
  { lead: [0x82], zero: 0x4f, star: [0x81, 0x96] },
  { lead: [0xa2], zero: 0xaf, star: [0xa1, 0xaf] },
  { lead: [0xef, 0xbc], zero: 0x90, star: [0xef, 0xbc, 0x8a] },
];

const asciiOnly: readonly DigitForm[] = [ascii];
const nothing: readonly DigitForm[] = [];
const formsByByte: readonly (readonly DigitForm[])[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x30 && byte <= 0x39) return asciiOnly;
  const wide = wideForms.filter((form) => form.lead[0] === byte);
  return wide.length > 0 ? wide : nothing;
});

/** Whether the byte is an ASCII digit. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Whether a digit of some form begins with the byte. */
export function mayBeginDigit(byte: number): boolean {
  return (formsByByte[byte] ?? nothing).length > 0;
}

/** The form of the digit at `at`, `undefined` when there is none, `"cut"` when the bytes end before that is known. */
export function digitForm(bytes: Uint8Array, at: number): DigitForm | "cut" | undefined {
  const forms = formsByByte[bytes[at] ?? 0] ?? nothing;
  for (const form of forms) {
    if (digitValue(form, bytes, at) >= 0) return form;
    const missing = at + form.star.length - bytes.length;
    if (missing > 0 && form.lead.every((byte, i) => at + i >= bytes.length || bytes[at + i] === byte)) return "cut";
  }
  return undefined;
}

/** Value of the digit of this form at `at`, or -1 when there is none. */
export function digitValue(form: DigitForm, bytes: Uint8Array, at: number): number {
  const last = form.lead.length;
  for (let i = 0; i < last; i += 1) if (bytes[at + i] !== form.lead[i]) return -1;
  const value = (bytes[at + last] ?? 0) - form.zero;
  return value >= 0 && value <= 9 ? value : -1;
}

/** What may stand between the groups of a number: the sort, and how many bytes it takes. */
export interface Separator {
  /** 0x20 for blanks of any kind, 0x2D for any dash, else the byte of the mark. */
  readonly sort: number;
  readonly length: number;
}

const blank = 0x20;
const dash = 0x2d;

/** Blanks, dashes and points that take several bytes, by charset: UTF-8, GB 2312, Shift_JIS, Big5, and blanks in an address. */
const longSeparators: readonly { readonly bytes: readonly number[]; readonly sort: number }[] = [
  ...["\u00a0", "\u3000", "\u202f", ...range(0x2000, 0x200b)].map((text) => ({ bytes: utf8(text), sort: blank })),
  ...["\u00ad", "\u2212", "\uff0d", ...range(0x2010, 0x2015)].map((text) => ({ bytes: utf8(text), sort: dash })),
  ...["\u00b7", "\uff0e", "\u30fb"].map((text) => ({ bytes: utf8(text), sort: 0x2e })),
  { bytes: [0xa1, 0xa1], sort: blank },
  { bytes: [0x81, 0x40], sort: blank },
  { bytes: [0xa1, 0x40], sort: blank },
  { bytes: [0xa3, 0xad], sort: dash },
  { bytes: [0x81, 0x7c], sort: dash },
  { bytes: [0xa3, 0xae], sort: 0x2e },
  { bytes: [0xa1, 0xa4], sort: 0x2e },
  { bytes: [0x25, 0x32, 0x30], sort: blank },
  { bytes: [0x25, 0x32, 0x44], sort: dash },
];

/** Marks of ASCII that stand between groups; each is a sort of its own. */
const marks = ".,:/_+*|#~'\\";

/** One-byte separators: blanks and dashes of ASCII and of the code pages in use, and points in the middle of the line. */
const shortSeparators: ReadonlyMap<number, number> = new Map([
  ...[0x20, 0x09, 0xa0, 0xff].map((byte) => [byte, blank] as const),
  ...[0x2d, 0x96, 0x97, 0xad].map((byte) => [byte, dash] as const),
  ...[0xb7, 0xfa].map((byte) => [byte, 0x2e] as const),
  ...Array.from(marks, (mark) => [mark.charCodeAt(0), mark.charCodeAt(0)] as const),
]);

const longByByte: readonly (typeof longSeparators)[] = Array.from({ length: 256 }, (_, byte) =>
  longSeparators.filter(({ bytes }) => bytes[0] === byte),
);
const shortByByte: readonly (Separator | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const sort = shortSeparators.get(byte);
  return sort === undefined ? undefined : { sort, length: 1 };
});

/** The separator at `at`, `undefined` when there is none, `"cut"` when the bytes end before that is known. */
export function separatorAt(bytes: Uint8Array, at: number): Separator | "cut" | undefined {
  const byte = bytes[at] ?? 0;
  for (const long of longByByte[byte] ?? []) {
    let same = 1;
    while (same < long.bytes.length && bytes[at + same] === long.bytes[same]) same += 1;
    if (same === long.bytes.length) return { sort: long.sort, length: same };
    if (at + same >= bytes.length) return "cut";
  }
  return shortByByte[byte];
}

function range(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i));
}

function utf8(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}
