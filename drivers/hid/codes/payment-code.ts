/** Wallets whose payment codes are known. */
export type PaymentScheme = "wechat" | "alipay" | "unionpay";

/**
 * One-time codes that a shopper's wallet shows, by first digits and length, as their acquirers document them: WeChat Pay 18 digits from
 * 10 to 15; Alipay 16 to 24 digits from 25 to 30; UnionPay 19 digits from 62.
 */
const forms: readonly (readonly [PaymentScheme, RegExp])[] = [
  ["wechat", /^1[0-5]\d{16}$/],
  ["alipay", /^(?:2[5-9]|30)\d{14,22}$/],
  ["unionpay", /^62\d{17}$/],
];

/** The wallet whose payment code this is, if it is one. Whoever asks must drop the code: it is money. */
export function paymentScheme(text: string): PaymentScheme | undefined {
  return forms.find(([, form]) => form.test(text))?.[0];
}
