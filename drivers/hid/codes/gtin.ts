import { hasCheckDigit } from "../../../agent/core/gs1-check-digit.ts";

/** Symbology identifiers whose symbols hold an article number (ISO/IEC 15424): EAN/UPC, and Interleaved 2 of 5 with 14 digits. */
function mayHoldGtin(symbology: string | undefined, length: number): boolean {
  return symbology === undefined || symbology.startsWith("]E") || (symbology.startsWith("]I") && length === 14);
}

/**
 * The article number in a code of 8, 12, 13 or 14 digits, with its check digit, in 14 digits (GS1 General Specifications, 3.3.2 and
 * 7.9). A UPC-E in its short form is expanded. An add-on of 2 or 5 digits (symbology identifier `]E3`) is left off. `undefined` when it
 * is none.
 */
export function readGtin(text: string, symbology?: string): string | undefined {
  const digits = symbology === "]E3" && (text.length === 15 || text.length === 18) ? text.slice(0, 13) : text;
  if (!/^\d+$/.test(digits) || !mayHoldGtin(symbology, digits.length)) return undefined;
  if (digits.length === 8 && symbology !== "]E4") {
    const expanded = expandUpcE(digits);
    if (expanded !== undefined && hasCheckDigit(expanded)) return expanded.padStart(14, "0");
  }
  if (![8, 12, 13, 14].includes(digits.length) || !hasCheckDigit(digits) || /^0+$/.test(digits)) return undefined;
  return digits.padStart(14, "0");
}

/** UPC-E, with number system and check digit, as the UPC-A that it stands for (General Specifications, 5.2.2.4.2). */
export function expandUpcE(digits: string): string | undefined {
  const groups = /^(?<system>[01])(?<head>\d{2})(?<middle>\d)(?<fourth>\d)(?<fifth>\d)(?<last>\d)(?<check>\d)$/.exec(
    digits,
  )?.groups;
  if (!groups) return undefined;
  const { system = "", head = "", middle = "", fourth = "", fifth = "", last = "", check = "" } = groups;
  const body =
    last <= "2"
      ? `${head}${last}0000${middle}${fourth}${fifth}`
      : last === "3"
        ? `${head}${middle}00000${fourth}${fifth}`
        : last === "4"
          ? `${head}${middle}${fourth}00000${fifth}`
          : `${head}${middle}${fourth}${fifth}0000${last}`;
  return `${system}${body}${check}`;
}
