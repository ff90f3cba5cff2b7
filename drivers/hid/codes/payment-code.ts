/** Wallets whose payment codes are known. */
export type PaymentScheme = "wechat" | "alipay" | "unionpay";

/**
 * One-time codes that a shopper's wallet shows, by first digits and length, as their acquirers document them: WeChat Pay 18 digits from
 * 10 to 15; Alipay 16 to 24 digits from 25 to 30; UnionPay 19 digits from 62.
 */
const forms: readonly PaymentForm[] = [
  { scheme: "wechat", from: 10, to: 15, min: 18, max: 18 },
  { scheme: "alipay", from: 25, to: 30, min: 16, max: 24 },
  { scheme: "unionpay", from: 62, to: 62, min: 19, max: 19 },
];

/** First two digits, and how many there are in all. */
interface PaymentForm {
  readonly scheme: PaymentScheme;
  readonly from: number;
  readonly to: number;
  readonly min: number;
  readonly max: number;
}

/** The wallet whose payment code this is, if it is one. Whoever asks must drop the code: it is money. */
export function paymentScheme(text: string): PaymentScheme | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const first = Number(text.slice(0, 2));
  return forms.find(
    ({ from, to, min, max }) => first >= from && first <= to && text.length >= min && text.length <= max,
  )?.scheme;
}

/** Whether numbers with this beginning and length can be payment codes. */
export function mayBePaymentCode(prefix: string, lengths: { readonly min: number; readonly max: number }): boolean {
  if (!/^\d*$/.test(prefix)) return false;
  const known = prefix.slice(0, 2);
  const low = Number(known.padEnd(2, "0"));
  const high = Number(known.padEnd(2, "9"));
  return forms.some(({ from, to, min, max }) => low <= to && high >= from && lengths.min <= max && lengths.max >= min);
}
