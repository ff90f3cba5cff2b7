import { hasCheckDigit } from "../../../agent/core/gs1-check-digit.ts";
import { identifierAt, identifierFormat, type Component } from "./gs1-identifiers.ts";

/** Element strings by application identifier. */
export type Gs1Elements = Readonly<Record<string, string>>;

/** What FNC1 becomes in transmitted data (General Specifications 7.8.3): the ASCII group separator. */
export const separator = "\u001D";

/** Symbology identifiers that vouch for element strings (General Specifications, figure 5.1.2-1). */
const carriers: ReadonlySet<string> = new Set(["]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"]);

/** More text or elements are no symbol of an article (GS1 DataMatrix holds 3116 digits). */
const maxLength = 3200;
const maxElements = 64;

/** Whether a symbology identifier says that the symbol holds element strings. */
export function isGs1Carrier(symbology: string | undefined): boolean {
  return symbology !== undefined && carriers.has(symbology);
}

/**
 * Reads element strings as a scanner transmits them (General Specifications 7.8): identifiers with their data, one after the other, a
 * separator after data of no predefined length. Formats, check digits and dates must hold, or it is `undefined`.
 */
export function readElements(text: string): Gs1Elements | undefined {
  if (text.length > maxLength) return undefined;
  const elements: Record<string, string> = {};
  let at = text.startsWith(separator) ? 1 : 0;
  if (at >= text.length) return undefined;
  for (let count = 0; at < text.length; count += 1) {
    const identifier = identifierAt(text, at);
    const format = identifier === undefined ? undefined : identifierFormat(identifier);
    if (identifier === undefined || format === undefined || count >= maxElements) return undefined;
    const from = at + identifier.length;
    const end = text.indexOf(separator, from);
    const limit = end === -1 ? text.length : end;
    const to = format.isPredefined ? Math.min(from + format.maxLength, limit) : limit;
    const value = text.slice(from, to);
    if (!isElement(identifier, value) || (elements[identifier] ?? value) !== value) return undefined;
    elements[identifier] = value;
    at = text[to] === separator ? to + 1 : to;
  }
  return elements;
}

/** Whether a value fits an application identifier: length, characters, check digits, dates. */
export function isElement(identifier: string, value: string): boolean {
  const format = identifierFormat(identifier);
  if (!format || value === "" || value.length > format.maxLength) return false;
  let at = 0;
  for (const component of format.components) {
    const part = value.slice(at, at + component.maxLength);
    if (!fits(component, part)) return false;
    at += part.length;
  }
  return at === value.length;
}

function fits({ characters, minLength, isChecked, isDate }: Component, part: string): boolean {
  if (part.length < minLength || !characters.test(part)) return false;
  if (isChecked && !hasCheckDigit(part)) return false;
  return !isDate || /^\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$/.test(part);
}
