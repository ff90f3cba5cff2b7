import type { PlantedCard } from "./planted-cards.ts";

/** Full-width digits of GB 18030, Shift_JIS, Big5 and UTF-8: the bytes before the digit's own, and the byte of zero. */
const wideForms: readonly (readonly [string, number])[] = [
  ["\xa3", 0xb0],
  ["\x82", 0x4f],
  ["\xa2", 0xaf],
  ["\xef\xbc", 0x90],
];

/**
 * The cards of which bytes show more than a receipt may: the number with anything between its digits, as it was printed, in wide
 * digits, in digit pairs, in hexadecimal or in base64.
 */
export function cardsIn(bytes: Uint8Array, cards: readonly PlantedCard[]): readonly PlantedCard[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const narrowed = narrow(text);
  const digits = narrowed.replace(/[^0-9]/g, "");
  return cards.filter((card) => {
    const secret = card.pan.slice(0, -4).slice(0, 12);
    const inner = secret.slice(-10);
    const printed = Buffer.from(card.bytes).toString("latin1");
    const needles = [printed, inner, ...pairsOf(secret), ...base64Of(secret), Buffer.from(secret).toString("hex")];
    return digits.includes(secret) || narrowed.includes(inner) || needles.some((needle) => text.includes(needle));
  });
}

/** Wide digits as ASCII. */
function narrow(text: string): string {
  const [gb = "", sjis = "", big5 = "", utf8 = ""] = wideForms.map(([lead, zero]) => `${lead}[${range(zero)}]`);
  const wide = new RegExp(`(?:${gb}|${sjis}|${big5}|${utf8})`, "g");
  return text.replace(wide, (digit) => {
    const zero = wideForms.find(([lead]) => digit.startsWith(lead))?.[1] ?? 0;
    return String(digit.charCodeAt(digit.length - 1) - zero);
  });
}

function range(zero: number): string {
  return `${String.fromCharCode(zero)}-${String.fromCharCode(zero + 9)}`;
}

/** The digits two in a byte, from the first and from the second. */
function pairsOf(secret: string): readonly string[] {
  return [secret, secret.slice(1)].map((digits) =>
    (digits.match(/../g) ?? []).map((pair) => String.fromCharCode(Number(pair))).join(""),
  );
}

/** What base64 makes of the digits wherever they stand in the coded bytes, without the characters its neighbours have a say in. */
function base64Of(secret: string): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const coded = Buffer.from(`${"\0".repeat(shift)}${secret}`)
      .toString("base64")
      .replaceAll("=", "");
    return coded.slice(shift === 0 ? 0 : 4, -2);
  });
}
