import { halfWidth, starred } from "../core/half-width.ts";
import type { Transaction } from "../core/transaction.ts";

/** A member number as it is given out: the last four characters at most, and never more than half. What the POS masked stays. */
function maskedMember(member: string): string {
  if (/\*{2,}|[•●]{2,}/.test(member)) return member;
  const kept = Math.min(4, Math.floor(member.length / 2));
  return "*".repeat(member.length - kept) + member.slice(member.length - kept);
}

/** What of a slip can name its member. */
export type Named = Pick<Transaction, "memberId" | "lines" | "barcodes" | "qrCodes">;

/** A shorter number may be any figure of a slip. */
const tellingLength = 6;

/**
 * The same slip with its member number masked wherever it stands: in the field, on the lines it was read from, on others when it is long
 * enough to be no other figure, and in a symbol that holds nothing else. Columns keep their places. `isMemberLine` tells the lines it was
 * read from.
 */
export function withoutMember<T extends Named>(slip: T, isMemberLine: (line: string) => boolean): T {
  const { memberId } = slip;
  if (memberId === undefined) return slip;
  const mask = maskedMember(memberId);
  const number = halfWidth(memberId);
  const line = (text: string): string => {
    const plain = halfWidth(text);
    const names = isMemberLine(text) || (number.length >= tellingLength && standsAlone(number, plain));
    return names
      ? starred(
          text,
          plain.replaceAll(number, () => maskedMember(number)),
        )
      : text;
  };
  const symbol = (data: string): string => (data === memberId ? mask : data);
  return {
    ...slip,
    memberId: mask,
    lines: slip.lines.map(line),
    barcodes: slip.barcodes.map(symbol),
    qrCodes: slip.qrCodes.map(symbol),
  };
}

/** Whether a number stands in a text and is no part of a longer one. */
function standsAlone(number: string, text: string): boolean {
  const around = text.split(number);
  return around.slice(1).some((after, index) => !/\d$/.test(around[index] ?? "") && !/^\d/.test(after));
}
