import type { DecodedText } from "./charset.ts";

/** The characters that countries put in place of ASCII ones, in this order. */
const replaced = "#$@[\\]^`{|}~";

/**
 * What `ESC R n` prints in place of {@link replaced}, by n (ESC/POS and Star command references, "international character set"; the
 * national versions of ISO 646). Not here: the USA, and Japan, China and Korea beyond their currency sign.
 */
const variants: Readonly<Record<number, string>> = {
  1: "#$à°ç§^`éùè¨",
  2: "#$§ÄÖÜ^`äöüß",
  3: "£$@[\\]^`{|}~",
  4: "#$@ÆØÅ^`æøå~",
  5: "#¤ÉÄÖÅÜéäöåü",
  6: "#$@°\\é^ùàòèì",
  7: "₧$@¡Ñ¿^`¨ñ}~",
  8: "#$@[¥]^`{|}~",
  9: "#¤ÉÆØÅÜéæøåü",
  10: "#$ÉÆØÅÜéæøåü",
  11: "#$á¡Ñ¿é`íñóú",
  12: "#$á¡Ñ¿éüíñóú",
  13: "#$@[₩]^`{|}~",
  15: "#¥@[\\]^`{|}~",
};

/** The characters that a country replaces, as a pattern. */
const patterns = new Map(
  Object.entries(variants).map(([country, variant]) => {
    const changed = Array.from(replaced).filter((character, i) => variant[i] !== character);
    return [Number(country), new RegExp(`[${changed.map((character) => `\\${character}`).join("")}]`, "g")] as const;
  }),
);

/** The text as a printer set to the character set of a country prints it. */
export function internationalText(decoded: DecodedText, country: number): DecodedText {
  const variant = variants[country];
  const pattern = patterns.get(country);
  if (variant === undefined || pattern === undefined || decoded.text.search(pattern) < 0) return decoded;
  const text = decoded.text.replaceAll(pattern, (character) => variant[replaced.indexOf(character)] ?? character);
  return { text, columns: decoded.columns };
}
