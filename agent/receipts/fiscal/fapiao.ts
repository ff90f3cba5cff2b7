import type { FapiaoAnchor, FiscalSource } from "../../core/fiscal.ts";
import { amountOf, dateOf } from "./members.ts";

const form =
  /^01,(?<type>\d{2}),(?<code>\d{10,12}|),(?<number>\d{8}|\d{20}),(?<amount>-?\d{1,12}(?:\.\d{1,2})?|),(?<date>\d{8}),(?<check>[^,]{0,64})(?:,[^,]{0,64})*$/;

/** Fully digital invoices state the amount with tax. */
const withTax: ReadonlySet<string> = new Set(["31", "32"]);

/**
 * Reads the QR code of a Chinese tax invoice: `01`, type, code, number, amount, date, check code. `undefined` when it is none: a link to
 * an invoicing service is none.
 */
export function readFapiao(text: string, source: FiscalSource): FapiaoAnchor | undefined {
  const groups = text.length < 500 ? form.exec(text)?.groups : undefined;
  const date = dateOf(groups?.["date"] ?? "");
  if (groups === undefined || date === undefined) return undefined;
  const { type = "", code = "", number = "", check = "", amount = "" } = groups;
  const amountMinor = amountOf(amount, ".");
  return {
    kind: "fapiao",
    source,
    invoiceType: type,
    ...(code !== "" && { code }),
    number,
    ...(amountMinor !== undefined && { amountMinor }),
    ...(amountMinor !== undefined && withTax.has(type) && { totalMinor: amountMinor }),
    date,
    ...(check !== "" && { check }),
  };
}
