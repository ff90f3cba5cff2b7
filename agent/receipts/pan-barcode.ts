/** One character of a symbol: a byte, or one digit of a pair. */
interface Character {
  readonly code: number;
  readonly at: number;
  /** What the digit counts in its byte: 10 or 1; 0 for a whole byte. */
  readonly weight: 0 | 1 | 10;
}

const star = 0x2a;
const brace = 0x7b;
/** Function character 1, as a GS1 reader hands it out. */
const fnc1 = 0x1d;
const otherCharacter = 0x7f;

/**
 * Masks card numbers in a copy of the data of a CODE128 symbol. In code set C a byte is a pair of digits from 00
 * to 99 (ESC/POS command reference, `GS k`, m = 73), which has no star: a masked digit becomes 0 there. Some makers take digits as
 * they are in that set, so the data is searched as text too. `maskText` masks card numbers in ASCII.
 */
export function maskPairs(data: Uint8Array, maskText: (text: Uint8Array) => Uint8Array): Uint8Array {
  const raw = Array.from(data, (code, at): Character => ({ code, at, weight: 0 }));
  const marks = [...masked(characters(data), maskText), ...masked(raw, maskText)];
  const copy = data.slice();
  for (const { at, weight } of marks) {
    const byte = copy[at] ?? 0;
    if (weight === 0) copy[at] = star;
    else copy[at] = weight === 10 ? byte % 10 : byte - (byte % 10);
  }
  return copy;
}

/** A byte of CODE128 data with no digit or pair of digits in it; letters and braces stay. */
export function withoutDigits(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return star;
  return byte < 0x41 ? 0 : byte;
}

/** Which of the characters a card number loses. */
function masked(all: readonly Character[], maskText: (text: Uint8Array) => Uint8Array): readonly Character[] {
  const codes = Uint8Array.from(all, ({ code }) =>
    code === fnc1 || (code >= 0x20 && code < 0x80) ? code : otherCharacter,
  );
  const text = maskText(codes);
  return all.filter((_, i) => text[i] !== codes[i]);
}

function characters(bytes: Uint8Array): readonly Character[] {
  const all: Character[] = [];
  let pairs = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === brace) {
      at += 1;
      const next = bytes[at];
      if (next === 0x41 || next === 0x42 || next === 0x43) pairs = next === 0x43;
      // Where the code set changes, the data goes on; a function character ends it.
      else all.push({ code: next === 0x31 ? fnc1 : otherCharacter, at, weight: 0 });
    } else if (pairs && byte < 100) {
      all.push({ code: 0x30 + Math.floor(byte / 10), at, weight: 10 }, { code: 0x30 + (byte % 10), at, weight: 1 });
    } else all.push({ code: byte, at, weight: 0 });
  }
  return all;
}
