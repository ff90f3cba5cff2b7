import type { ScannedCode } from "../../../agent/core/scanned-code.ts";
import { holdsCardNumber, isCardNumber, withoutGroups } from "./card-number.ts";
import { findPattern, type CodePattern, type MemberPattern } from "./code-patterns.ts";
import type { CodeText } from "./code-text.ts";
import { readDigitalLink } from "./digital-link.ts";
import { isGs1Carrier, readElements, separator, type Gs1Elements } from "./gs1-elements.ts";
import { readGtin } from "./gtin.ts";
import { readInvoiceCode } from "./invoice-code.ts";
import { keptElements } from "./kept-elements.ts";
import { paymentScheme } from "./payment-code.ts";

/** What a store's own codes look like. */
export interface CodeRules {
  readonly members: readonly MemberPattern[];
  readonly vouchers: readonly CodePattern[];
}

/** Coupons and vouchers by application identifier (GS1 General Specifications 3.5.5, 3.9.10 and 3.9.12), the first that is there. */
const voucherIdentifiers = ["255", "8112", "8110"];

/** Application identifiers for what companies agree among themselves: anything may stand in them. */
const internal = /^9\d$/;

/**
 * What a scanned code is. The order decides where forms overlap: element strings that FNC1 vouches for; then card numbers and payment
 * codes, which nothing may pass for; then the store's own members and vouchers, because the store says so; then element strings and
 * article numbers by their check digits; then invoices. Payment codes and card numbers come back without their value.
 */
export function classify({ text, symbology }: CodeText, rules: CodeRules): ScannedCode {
  if (isGs1Carrier(symbology) || text.startsWith(separator)) {
    const elements = readElements(text);
    if (elements) return gs1(elements, false);
  }
  const link = readDigitalLink(text);
  if (link) return gs1(link, true);
  const gtin = readGtin(text, symbology);
  const scheme = gtin === undefined ? paymentScheme(withoutGroups(text)) : undefined;
  if (gtin === undefined && isCardNumber(withoutGroups(text))) {
    // Of the two that are dropped in any case, a wallet's code whose check digit holds by chance is a wallet's code.
    return scheme === undefined ? { kind: "payment-card" } : { kind: "payment", scheme };
  }
  if (scheme !== undefined) return { kind: "payment", scheme };
  return ownCode(text, rules) ?? publicCode(text, gtin) ?? rest(text);
}

function ownCode(text: string, { members, vouchers }: CodeRules): ScannedCode | undefined {
  const isMixed = /\D/.test(text) && holdsCardNumber(text);
  // A prefix with a letter says that the digits after it are the store's; without one they may be anybody's.
  const isOurs = ({ prefix = "" }: CodePattern): boolean => !isMixed || /\D/.test(prefix);
  const member = findPattern(text, members.filter(isOurs));
  if (member) return { kind: "member", programme: member.programme, value: text };
  return findPattern(text, vouchers.filter(isOurs)) ? { kind: "voucher", value: text } : undefined;
}

function publicCode(text: string, gtin: string | undefined): ScannedCode | undefined {
  if (gtin !== undefined) return { kind: "gtin", gtin };
  // Wedges often send neither identifier nor FNC1: a GTIN or SSCC with its check digit, and everything after it, must then fit.
  const elements = /^0[012]\d{14}/.test(text) ? readElements(text) : undefined;
  return elements && gs1(elements, false);
}

function rest(text: string): ScannedCode {
  const invoice = readInvoiceCode(text);
  if (invoice && !holdsCardNumber(invoice.number)) return { kind: "invoice", ...invoice };
  return holdsCardNumber(text) ? { kind: "payment-card" } : { kind: "other", value: text };
}

function gs1(elements: Gs1Elements, isDigitalLink: boolean): ScannedCode {
  const held = Object.entries(elements).some(([name, value]) => internal.test(name) && holdsCardNumber(value));
  if (held) return { kind: "payment-card" };
  const voucher = voucherIdentifiers.map((name) => elements[name]).find((value) => value !== undefined);
  if (voucher !== undefined) return { kind: "voucher", value: voucher };
  return { kind: "gs1", elements: keptElements(elements), isDigitalLink };
}
