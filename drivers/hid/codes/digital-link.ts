import { isElement, type Gs1Elements } from "./gs1-elements.ts";
import { identifierFormat } from "./gs1-identifiers.ts";

/**
 * Primary keys with the qualifiers that may follow in the path (GS1 Digital Link Standard: URI Syntax 1.4, 4.9). The keys without a check
 * digit (401, 8004, 8010, 8013) are left out: `/8004/` is in the path of too many other addresses.
 */
const keys: ReadonlyMap<string, readonly string[]> = new Map([
  ["00", []],
  ["01", ["22", "10", "21", "235"]],
  ["253", []],
  ["255", []],
  ["402", []],
  ["414", ["254", "7040"]],
  ["415", ["8020"]],
  ["417", ["7040"]],
  ["8003", []],
  ["8006", ["22", "10", "21"]],
  ["8017", ["8019"]],
  ["8018", ["8019"]],
]);

const maxLength = 2048;

/**
 * The elements that a GS1 Digital Link URI states (URI Syntax 1.4), on any domain: the last primary key of its path with the qualifiers
 * after it, and the attributes of its query. A GTIN of 8, 12 or 13 digits is filled up. `undefined` when it is none, or a value does not fit.
 */
export function readDigitalLink(text: string): Gs1Elements | undefined {
  if (text.length > maxLength || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const uri = new URL(text);
  const segments = uri.pathname.split("/").slice(1).map(decoded);
  const at = segments.findLastIndex((segment, index) => keys.has(segment) && (segments.length - index) % 2 === 0);
  const primary = segments[at];
  if (primary === undefined || !hasOnlyQualifiers(segments.slice(at))) return undefined;
  const pairs: (readonly [string, string])[] = [];
  for (let i = at; i < segments.length; i += 2) pairs.push([segments[i] ?? "", segments[i + 1] ?? ""]);
  for (const [name, value] of uri.searchParams) if (identifierFormat(name)) pairs.push([name, value]);
  const elements: Record<string, string> = {};
  for (const [identifier, value] of pairs) {
    const filled = identifier === "01" && /^(?:\d{8}|\d{12,13})$/.test(value) ? value.padStart(14, "0") : value;
    if (!isElement(identifier, filled) || elements[identifier] !== undefined) return undefined;
    elements[identifier] = filled;
  }
  return elements;
}

/** Key and qualifiers in pairs, the qualifiers in their order. */
function hasOnlyQualifiers([primary = "", , ...rest]: readonly string[]): boolean {
  const allowed = keys.get(primary) ?? [];
  let next = 0;
  for (let i = 0; i < rest.length; i += 2) {
    const place = allowed.indexOf(rest[i] ?? "", next);
    if (place === -1) return false;
    next = place + 1;
  }
  return true;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}
