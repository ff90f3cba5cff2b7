import { isDigit } from "./digit-forms.ts";

/** How many bytes before a number are kept for its context. */
export const lookBack = 40;

const words =
  /(?:(?<!gift|geschenk|\bgc) ?(?:card|karte)|carte|carta|tarjeta|acc(?:oun)?t|\bpan\b|kredit|visa|amex|diners|maestro)[^\n\r]{0,12}$/i;

/** What the character for "card" becomes in decoded text. */
export const cardSign = 0x19;

/** "Card" as it stands in bytes: GB 18030, UTF-8 and Big5 of the character, Shift_JIS, half-width and UTF-8 of the katakana. */
const cards: readonly string[] = [
  String.fromCharCode(cardSign),
  "\xbf\xa8",
  "\xe5\x8d\xa1",
  "\xa5\x64",
  "\x83\x4a\x81\x5b\x83\x68",
  "\xb6\xb0\xc4\xde",
  "\xe3\x82\xab\xe3\x83\xbc\xe3\x83\x89",
];

/** Whether the line says, shortly before `at`, that a card number follows. */
export function hasCardWords(bytes: Uint8Array, at: number): boolean {
  const before = latin1(bytes, Math.max(0, at - lookBack), at);
  const line = before.slice(Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1);
  return words.test(line) || cards.some((card) => line.slice(-16).includes(card));
}

/**
 * Whether the digits from `start` on stand where a magnetic stripe has its number: after `%B` or `;` (ISO/IEC 7813, 5 and 6). With
 * the field separator after it, such a number is masked whatever its issuer and check digit.
 */
export function isTrackStart(bytes: Uint8Array, start: number): boolean {
  const before = bytes[start - 1];
  return before === 0x3b || ((before === 0x42 || before === 0x62) && bytes[start - 2] === 0x25);
}

/** Whether the byte is the separator after the number on a track. */
export function endsTrackNumber(byte: number | undefined): boolean {
  return byte === 0x3d || byte === 0x5e;
}

/** Whether the digits at `at` stand in a longer hexadecimal number, as a signature or a serial number is. */
export function isInsideHex(bytes: Uint8Array, at: number): boolean {
  return at >= 12 && /^(?=(?:.*[a-f]){2})[0-9a-f]{12}$/i.test(latin1(bytes, at - 12, at));
}

/**
 * Whether the digit at `at` is the last byte of a character of four, as GB 18030 has them: high byte, digit, high byte, digit. No
 * number begins with it.
 */
export function endsLongCharacter(bytes: Uint8Array, at: number): boolean {
  const [first = 0, second, third = 0] = [bytes[at - 3], bytes[at - 2], bytes[at - 1]];
  return third > 0x80 && isDigit(second) && first > 0x80;
}

/** Longest rest of a track: 79 characters less the number on track 1, 40 on track 2, and 107 on track 3. */
const trackRest = 107;

/** What follows a card number on its track: expiry, service code, discretionary data and on track 1 the name. It is masked too. */
export class TrackRest {
  #left = 0;
  #names = false;

  /** Whether bytes are to be masked. */
  get open(): boolean {
    return this.#left > 0;
  }

  /** The byte after a masked number: the rest of a track follows when it separates fields. */
  begin(byte: number): void {
    const separates = byte === 0x3d || byte === 0x5e || byte === 0x44 || byte === 0x64;
    this.#left = separates ? trackRest : 0;
    this.#names = byte === 0x5e;
  }

  /** The next byte: what stands in its place, or -1 when the track is over and the byte is not part of it. */
  take(byte: number): number {
    const inside = this.#names
      ? byte >= 0x20 && byte < 0x7f && byte !== 0x3f
      : (byte >= 0x30 && byte <= 0x39) || byte === 0x3d;
    this.#left -= 1;
    if (inside && this.#left >= 0) return byte === 0x5e || byte === 0x3d ? byte : 0x2a;
    this.#left = 0;
    return -1;
  }

  /** Nothing is masked any more. */
  end(): void {
    this.#left = 0;
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}
