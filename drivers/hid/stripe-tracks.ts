/** One track of a magnetic stripe, read and checked, without sentinels and check character. */
export interface Track {
  readonly track: 1 | 2 | 3;
  /** The format code of track 1, e.g. `B` for bank cards (ISO/IEC 7813); empty on the others. */
  readonly format: string;
  readonly content: string;
}

interface TrackRules {
  readonly start: readonly string[];
  /** Characters at most, with sentinels and check character (ISO/IEC 7811-2 and -6). */
  readonly maxLength: number;
  readonly characters: RegExp;
  /** The character with the code 0, and the bits of a code without its parity bit. */
  readonly zero: number;
  readonly bits: number;
}

const alphanumeric = { characters: /^[ -_]*$/, zero: 0x20, bits: 6 };
const numeric = { characters: /^[0-?]*$/, zero: 0x30, bits: 4 };

/** Track 3 also begins with `+` or `!` where readers tell it from track 2 or find the coding of AAMVA on it. */
const rules: Readonly<Record<Track["track"], TrackRules>> = {
  1: { start: ["%"], maxLength: 79, ...alphanumeric },
  2: { start: [";"], maxLength: 40, ...numeric },
  3: { start: [";", "+", "!"], maxLength: 107, ...numeric },
};

/**
 * Reads one track as text: start sentinel, content, end sentinel `?`, and the check character where the reader passes it on (ISO/IEC
 * 7811-2 and 7811-6, LRC: even parity over each bit of all characters before it). `undefined` when anything is wrong.
 */
export function readTrack(track: Track["track"], text: string): Track | undefined {
  const rule = rules[track];
  const end = text.indexOf("?");
  if (text.length > rule.maxLength || end < 1 || !rule.start.includes(text[0] ?? "")) return undefined;
  const content = text.slice(1, end);
  const after = text.slice(end + 1);
  if (!rule.characters.test(text.slice(1)) || content === "" || after.length > 1) return undefined;
  if (after !== "" && after !== checkCharacter(track, text.slice(0, end + 1))) return undefined;
  if (track !== 1) return { track, format: "", content };
  return { track, format: content[0] ?? "", content: content.slice(1) };
}

/** The check character of a track, whose text goes from start to end sentinel. */
export function checkCharacter(track: Track["track"], text: string): string {
  const { zero, bits } = rules[track];
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) {
    // On track 3 `+` and `!` stand for the sentinel that `;` is on the card.
    const code = i === 0 && track !== 1 ? 0x3b : text.charCodeAt(i);
    sum ^= (code - zero) & ((1 << bits) - 1);
  }
  return String.fromCharCode(zero + sum);
}

/** The tracks in text that a stripe reader typed, one after the other, e.g. `%B...?;...?`; empty when it is none. */
export function splitTracks(text: string): readonly string[] {
  if (!/^[%;+]/.test(text) || text.length > 256) return [];
  const pieces = text.match(/[%;+][^?]*\?[^%;+?]?/g) ?? [];
  return pieces.join("") === text ? pieces : [];
}

/** What a track begins with as a number: up to the field separator (`^` on track 1, `=` on the others). */
export function numberOn({ track, content }: Track): string {
  return (content.split(track === 1 ? "^" : "=", 1)[0] ?? "").trim();
}

/**
 * Whether a track has the form of a bank card's (ISO/IEC 7813): on track 1 format B with number, name, expiry and service code, on
 * track 2 number, separator, expiry and service code.
 */
export function isBankForm({ track, format, content }: Track): boolean {
  if (track === 1) return format === "B" && /^\d[\d ]{11,22}\^[^^]{2,26}\^(?:\d{4}|\^)/.test(content);
  return /^\d{12,19}=(?:\d{4}|=)/.test(content) || (track === 3 && /^\d{14,21}=/.test(content));
}
