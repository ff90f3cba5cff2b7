import type { Tender } from "../core/transaction.ts";

type TenderType = Tender["tenderType"];

/** A WeChat Pay transaction_id: 28 digits from 4200 (WeChat Pay merchant API, query by transaction id). */
const wechat = /(?<!\d)4200\d{24}(?!\d)/;

/** An Alipay trade_no: 28 digits, the first eight the day (Alipay open platform, alipay.trade.query). */
const alipay = /(?<!\d)20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{20}(?!\d)/;

/** The authorisation code of a card payment (ISO 8583, field 38): six letters and digits behind a word that says so. */
const authorisation =
  /(?:\bAUTH(?:ORI[SZ]ATION)?(?:[ ._-]*(?:CODE|NO|NR|ID))?|\bAPPR(?:OVAL)?(?:[ ._-]*(?:CODE|NO))?|授权[号码]+|承認番号|Genehmigungs-?(?:nr|nummer)|Autorisierung(?:snummer)?|Code autorisation|N[°o]?\s*autorisation|Cod(?:ice)?\.?\s*aut(?:orizzazione)?)[.:#\s№番号]*(?<code>(?=[A-Z0-9]*\d)[A-Z0-9]{6})(?![A-Z0-9])/iu;

/**
 * The reference of a tender on a line under it, where the profile names none: the trade number of a wallet, or the authorisation code of
 * a card. A shop's own payment number of the same length is not taken for a trade number.
 */
export function referenceOn(line: string, type: TenderType): string | undefined {
  const digits = line.replace(/(?<=\d) (?=\d)/g, "");
  if (type === "wechat") return wechat.exec(digits)?.[0];
  if (type === "alipay") return alipay.exec(digits)?.[0];
  if (type === "card") return authorisation.exec(line)?.groups?.["code"];
  return type === "other" ? wechat.exec(digits)?.[0] : undefined;
}

/** The wallet a reference proves, where the line only says that some wallet paid (聚合支付, scan pay). */
export function walletOf(reference: string | undefined, type: TenderType): TenderType {
  return type === "other" && reference !== undefined && wechat.test(reference) ? "wechat" : type;
}
