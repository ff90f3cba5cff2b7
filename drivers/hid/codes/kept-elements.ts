import { holdsCardNumber } from "./card-number.ts";
import type { Gs1Elements } from "./gs1-elements.ts";

/**
 * Application identifiers that speak of an article, a package or a place of business (GS1 General Specifications, 3). Not among them, and so
 * never kept: whom something is delivered to (420, 4300 to 4326), who is served (8017, 8018), accounts (8007), and what companies agree
 * among themselves (90 to 99).
 */
const ofArticles: readonly RegExp[] = [
  /^(?:00|01|02|1[0-7]|2[0-2]|30|37)$/,
  /^(?:235|24[0-3]|25[0135]|254|41[4-7]|42[2-6])$/,
  /^(?:3[1-6]\d\d|39[0-5]\d)$/,
  /^(?:70[0-4]\d|71\d)$/,
  /^(?:800[1-689]|80[1-3]\d|8200)$/,
];

const ofPeople: ReadonlySet<string> = new Set(["8017", "8018", "8019", "8020", "8030"]);

/** Identifiers whose values are digits of their own making, a check digit among them: none is ever a card number. */
const checked: ReadonlySet<string> = new Set(["00", "01", "02", "414", "415", "416", "417", "8006"]);

/** The elements that are nobody's and may be kept as they are. */
export function keptElements(elements: Gs1Elements): Gs1Elements {
  return Object.fromEntries(
    Object.entries(elements).filter(
      ([identifier, value]) =>
        !ofPeople.has(identifier) &&
        ofArticles.some((form) => form.test(identifier)) &&
        (checked.has(identifier) || !holdsCardNumber(value)),
    ),
  );
}
