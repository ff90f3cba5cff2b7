import { withGtinCheck, withLuhn } from "./card-numbers.ts";

/** Numbers of one kind that a receipt prints and that are no card numbers. */
export interface HarmlessKind {
  readonly kind: string;
  /** The next number, as a receipt prints it, in Latin 1. */
  readonly next: () => string;
}

/** Numbers that must survive, always the same ones for a seed. */
export function harmlessKinds(seed: number): readonly HarmlessKind[] {
  const random = mulberry32(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join("");
  const pick = (from: readonly string[]): string => from[below(from.length)] ?? "";
  const two = (from: number, to: number): string => String(from + below(to - from + 1)).padStart(2, "0");
  const date = (): string => `20${two(20, 35)}${two(1, 12)}${two(1, 28)}`;
  const time = (): string => `${two(0, 23)}${two(0, 59)}${two(0, 59)}`;
  const gtin = (length: number): string => withGtinCheck(digits(length - 1));
  const fours = (number: string, by: string): string => (number.match(/.{1,4}/g) ?? []).join(by);
  const pairs = (number: string): string =>
    String.fromCharCode(...(number.match(/../g) ?? []).map((pair) => Number(pair)));
  const wechat = (): string => `4200${digits(24)}`;
  const alipay = (): string => `${date()}${digits(20)}`;
  const line = (code: string): string => `${code} 500 ml    ${1 + below(9)}    ${below(99)}.${two(0, 99)}`;
  const barcode = (m: number, data: string): string => `\x1dk${String.fromCharCode(m, data.length)}${data}`;
  return [
    { kind: "GTIN-8, 12, 13 and 14 on a line with amounts", next: () => line(gtin(8 + pickOf([0, 4, 5, 6]))) },
    { kind: "GTIN-13 alone on a line after a quantity", next: () => `${below(99)} x 1.99\n${gtin(13)}` },
    { kind: "GTIN-13 as EAN-13, form A", next: () => `\x1dk\x02${gtin(13)}\x00` },
    { kind: "GTIN-13 as EAN-13, form B", next: () => barcode(67, gtin(13)) },
    { kind: "GTIN-12 as UPC-A", next: () => barcode(65, gtin(12)) },
    { kind: "GTIN-14 as ITF", next: () => barcode(70, gtin(14)) },
    { kind: "GTIN-14 as GS1-128 in digit pairs", next: () => barcode(73, `{C{1${pairs(`01${gtin(14)}`)}`) },
    { kind: "GTIN-14 bare in digit pairs", next: () => barcode(73, `{C${pairs(gtin(14))}`) },
    { kind: "location as GS1-128", next: () => barcode(73, `{B{141${below(8)}${gtin(13)}`) },
    { kind: "shipping container code", next: () => barcode(73, `{B{100${withGtinCheck(digits(17))}`) },
    { kind: "WeChat trade number", next: () => `ref ${wechat()}` },
    { kind: "Alipay trade number", next: () => `ref ${alipay()}` },
    { kind: "trade number in fours", next: () => fours(pick([wechat(), alipay()]), " ") },
    { kind: "trade number in digit pairs", next: () => barcode(73, `{C${pairs(pick([wechat(), alipay()]))}`) },
    { kind: "trade number over a line end", next: () => splitAt(pick([wechat(), alipay()]), 20, "\n") },
    { kind: "member number of 8 to 12 digits", next: () => `member:${digits(8 + below(5))} ${date()} ${time()}` },
    {
      kind: "member number of 16 digits, no issuer",
      next: () => `VIP ${withLuhn(`${pick(["1", "7", "9"])}${digits(14)}`)}`,
    },
    {
      kind: "telephone numbers",
      next: () => `Tel 1${digits(10)} / 400-${digits(3)}-${digits(4)} / +49 30 ${digits(8)}`,
    },
    { kind: "date, time and receipt number", next: () => `${date()} ${time()} ${digits(4)} ${digits(7)}` },
    { kind: "date and time in one", next: () => `${date()}${time()}` },
    {
      kind: "invoice of China in a QR code",
      next: () => `01,10,${digits(12)},${digits(8)},${below(999)}.00,${date()},${digits(20)},`,
    },
    { kind: "invoice number of 20 digits", next: () => `${two(23, 35)}${digits(18)}` },
    {
      kind: "columns of amounts",
      next: () => Array.from({ length: 5 }, () => `${below(9999)}.${two(0, 99)}`).join("  "),
    },
    { kind: "masked card", next: () => `${digits(6)}******${digits(4)} ****-****-****-${digits(4)}` },
    { kind: "signature in base64", next: () => base64(below) },
  ];

  function pickOf(from: readonly number[]): number {
    return from[below(from.length)] ?? 0;
  }
}

/** Numbers that are told from a card number by chance alone: how many are masked is counted, not forbidden. */
export function doubtfulKinds(seed: number): readonly HarmlessKind[] {
  const random = mulberry32(seed);
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 10)).join("");
  const hex = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join("");
  return [
    ...[13, 14, 15, 16, 17, 18, 19].map((length) => ({ kind: `any ${length} digits`, next: () => digits(length) })),
    { kind: "any 16 digits with a Luhn check digit", next: () => withLuhn(digits(15)) },
    { kind: "signature of 64 hexadecimal digits", next: () => hex(64) },
    { kind: "five groups of four digits", next: () => Array.from({ length: 5 }, () => digits(4)).join(" ") },
  ];
}

function splitAt(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at);
}

function base64(below: (limit: number) => number): string {
  return Buffer.from(Array.from({ length: 66 }, () => below(256))).toString("base64");
}

/** A small generator of numbers from 0 to 1, the same for a seed everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
