import type { FiscalAnchor } from "../../core/fiscal.ts";
import { readAtcud } from "./atcud.ts";
import { readFapiao } from "./fapiao.ts";
import { codesInText } from "./printed-codes.ts";
import { readRksv } from "./rksv.ts";
import { readTse } from "./tse.ts";

/** What a slip carries, decoded. */
export interface CodedSlip {
  readonly lines: readonly string[];
  readonly barcodes: readonly string[];
  readonly qrCodes: readonly string[];
}

const readers = [readTse, readRksv, readAtcud, readFapiao] as const;

/**
 * The fiscal codes of a slip: from its QR codes, its other symbols, and its text where no symbol has a code of that kind. What is not of
 * the form is left out, and stays a plain QR code. Never throws.
 */
export function fiscalAnchors({ lines, barcodes, qrCodes }: CodedSlip): readonly FiscalAnchor[] {
  const symbols = [
    ...qrCodes.map((text) => ({ text, source: "qr" as const })),
    ...barcodes.map((text) => ({ text, source: "barcode" as const })),
  ].flatMap(({ text, source }) => {
    const trimmed = text.trim();
    for (const read of readers) {
      const anchor = read(trimmed, source);
      if (anchor !== undefined) return [anchor];
    }
    return [];
  });
  const kinds = new Set(symbols.map((anchor) => anchor.kind));
  const text = codesInText(lines.map(bounded)).filter((anchor) => !kinds.has(anchor.kind));
  return [...symbols, ...text.filter((anchor, i) => text.findIndex(({ kind }) => kind === anchor.kind) === i)];
}

/** No paper is wider; longer lines are noise. */
function bounded(line: string): string {
  return line.length > 200 ? "" : line;
}
