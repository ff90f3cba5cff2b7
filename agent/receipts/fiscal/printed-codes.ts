import type { FiscalAnchor } from "../../core/fiscal.ts";
import { readAtcud } from "./atcud.ts";
import { readFapiao } from "./fapiao.ts";
import { readRksv } from "./rksv.ts";
import { readTse } from "./tse.ts";

/** A machine-readable code that is printed as text is spread over at most so many lines. */
const mostLines = 24;

/** Reads fiscal codes from the text of a slip: numbers behind their labels, and machine-readable codes written out. */
export function codesInText(lines: readonly string[]): readonly FiscalAnchor[] {
  return [...writtenOut(lines), ...tseNumbers(lines), ...atcudCodes(lines), ...fapiaoNumbers(lines)];
}

/** Codes whose characters stand on one line or go on, without a blank, on the next. The longest that can be read is taken. */
function writtenOut(lines: readonly string[]): readonly FiscalAnchor[] {
  return lines.flatMap((line, index) => {
    if (!/^\s*(?:_R\d+-[A-Z]{2}|V0;|A:\d{9}\*|01,\d\d,)/.test(line)) return [];
    let text = "";
    let longest: FiscalAnchor | undefined;
    for (const next of lines.slice(index, index + mostLines)) {
      const part = next.trim();
      if (part === "" || /\s\s/.test(part)) break;
      text += part;
      longest =
        readTse(text, "text") ??
        readRksv(text, "text") ??
        readAtcud(text, "text") ??
        readFapiao(text, "text") ??
        longest;
    }
    return longest === undefined ? [] : [longest];
  });
}

/** KassenSichV section 6 lets a slip print the members of the code as text instead. */
function tseNumbers(lines: readonly string[]): readonly FiscalAnchor[] {
  const transaction = valueOf(
    lines,
    /\bTSE[-\s]*(?:Transaktion|Trans\.?|TA)(?:s?[-\s]*(?:nummer|nr\.?))?[:\s]+(\d{1,15})\s*$/i,
  );
  const counter = valueOf(lines, /\bTSE[-\s]*(?:Signatur[-\s]*z(?:ä|ae)hler|Sig\S*)[:\s]+(\d{1,15})\s*$/i);
  if (transaction === undefined || counter === undefined) return [];
  const clientId = valueOf(lines, /\bSeriennummer[-\s]+Kasse[:\s]+(\S+)\s*$/i);
  const numbers = { transactionNumber: Number(transaction), signatureCounter: Number(counter) };
  return [{ kind: "tse", source: "text", ...numbers, ...(clientId !== undefined && { clientId }) }];
}

function atcudCodes(lines: readonly string[]): readonly FiscalAnchor[] {
  const atcud = valueOf(lines, /\bATCUD\s*:?\s*([A-Z0-9]{8,20}-\d{1,15})\b/);
  return atcud === undefined ? [] : [{ kind: "atcud", source: "text", atcud }];
}

function fapiaoNumbers(lines: readonly string[]): readonly FiscalAnchor[] {
  const number = valueOf(lines, /发票号码?\s*[::]?\s*(\d{20}|\d{8})(?!\d)/);
  const code = valueOf(lines, /发票代码\s*[::]?\s*(\d{10,12})(?!\d)/);
  if (number === undefined) return [];
  return [{ kind: "fapiao", source: "text", ...(code !== undefined && { code }), number }];
}

function valueOf(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const value = pattern.exec(line)?.[1];
    if (value !== undefined) return value;
  }
  return undefined;
}
