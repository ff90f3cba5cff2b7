/** Digits of a trade number of WeChat Pay or Alipay. */
export const tradeNumberDigits = 28;

/**
 * Whether the first `count` digits begin such a number, or are one when there are 28: WeChat Pay's transaction_id begins with 4200
 * (and 1000 or 4000 in older ones), Alipay's trade_no with a date written yyyyMMdd.
 */
export function mayBeTradeNumber(digits: Uint8Array, count: number): boolean {
  const known = Math.min(count, 8);
  let text = "";
  for (let i = 0; i < known; i += 1) text += digits[i] ?? 0;
  if (["4200", "1000", "4000"].some((prefix) => prefix.startsWith(text.slice(0, 4)))) return true;
  if (!"20".startsWith(text.slice(0, 2))) return false;
  const [month, day] = [text.slice(4, 6), text.slice(6, 8)];
  return month <= "12" && day <= "31" && month !== "00" && day !== "00";
}
