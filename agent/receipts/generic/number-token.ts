/** A number as it stands on a line, before it is known how this receipt writes numbers. */
export interface NumberToken {
  /** Where it stands in the folded text, with its sign and symbol. */
  readonly start: number;
  readonly end: number;
  /** Digits and what stands between them, e.g. `1,299.00`. */
  readonly digits: string;
  readonly negative: boolean;
  /** Stands beside a sign or name of a currency. */
  readonly symbol: string | undefined;
  readonly percent: boolean;
  /** Part of a word or of a longer code: `T123`, `65-412`, `500ml`. */
  readonly glued: boolean;
  /** Directly followed by a unit or a counting word, e.g. `kg`, `点`; one is never an amount. */
  readonly unit: boolean;
  /** Blanks before it. */
  readonly gap: number;
}

const symbolBefore =
  /(?:(?<=^| )\*|HK\$|NT\$|US\$|CA\$|R\$|[¥$€£\\]|CHF|EUR|USD|GBP|CNY|RMB|JPY|HKD|TWD|(?<![A-Z])FR\.?) ?$/;
const symbolAfter = /^ ?(?:€|£|¥|元|円|圓|圆|EUR(?![A-Z])|CHF(?![A-Z])|USD(?![A-Z]))/;
const unitAfter =
  /^ ?(?:KG|G|GR|LB|LBS|OZ|ML|CL|DL|L|LT|CT|PK|PCS?|STK|STCK|EA|CM|MM|M|GAL|X|DAYS|TAGE|JOURS)(?![A-Z])|^ ?[枚個コ点點件本袋盒份双雙人名杯瓶个支包次號号位桌回年月日時时分秒克斤张張條条台斤組组项項片折粒天%]/;

/** The numbers on a folded line, without those that `taken` says belong to a date. */
export function scanNumbers(text: string, taken: (index: number) => boolean): readonly NumberToken[] {
  const tokens: NumberToken[] = [];
  for (const match of text.matchAll(written)) {
    if (tokens.length > maxNumbers) return [];
    if (!taken(match.index)) tokens.push(tokenAt(text, match.index, match[0]));
  }
  return tokens;
}

/** More numbers on a line are noise, or a picture made of digits. */
const maxNumbers = 12;

/** `1 299,00` apart from what stands before it; digits with points, commas or apostrophes between; `.99`. */
const written =
  /(?<=^| {2}|[:€]\s?|[€-])\d{1,3}(?: \d{3})+,\d\d(?![\d.,])|\d+(?:[.,']\d+)*|(?<![\dA-Z])[.,]\d\d(?!\d)/g;

function tokenAt(text: string, at: number, digits: string): NumberToken {
  const end = at + digits.length;
  const head = text.slice(Math.max(0, at - 6), at);
  const tail = text.slice(end, end + 7);
  const before = symbolBefore.exec(head)?.[0] ?? "";
  const after = before === "" ? (symbolAfter.exec(tail)?.[0] ?? "") : "";
  const signed = signBefore(head.slice(0, head.length - before.length));
  const minusAfter = /^ ?(?:€|EUR)?-(?![\dA-Z]{2}|\d)/.exec(tail)?.[0] ?? "";
  const enclosed = text.charAt(at - before.length - 1) === "(" && tail.startsWith(")");
  const start = at - before.length - signed;
  return {
    start,
    end: end + Math.max(after.length, minusAfter.length),
    digits: digits.replaceAll(" ", ""),
    negative: signed > 0 || minusAfter !== "" || (enclosed && /[.,]\d\d$/.test(digits)),
    symbol: before.trim() || after.trim() || undefined,
    percent: /^ ?%/.test(tail),
    glued: isGlued(text.charAt(start - 1), before + "-".repeat(signed), digits, tail),
    unit: unitAfter.test(tail) && after === "",
    gap: gapBefore(text, start),
  };
}

/** Length of a minus that belongs to the number: one that does not join it to something before. */
function signBefore(head: string): number {
  return /(?:^|[ :(*¥$€£=])(- ?)$/.exec(head)?.[1]?.length ?? 0;
}

function isGlued(previous: string, own: string, digits: string, tail: string): boolean {
  // `2x1,19` is two numbers; other letters and signs make one code of both.
  const joined = own === "" && /[A-WYZ\d#.,'\-/_*°+]/.test(previous);
  return (
    joined || /^(?:[-/:_*]\d|[A-Z]{4}|[A-WYZ]+\d|[.,']?\*)/.test(tail) || (digits.length > 12 && !/[.,']/.test(digits))
  );
}

function gapBefore(text: string, start: number): number {
  let gap = 0;
  while (text.charAt(start - 1 - gap) === " ") gap += 1;
  return gap;
}
