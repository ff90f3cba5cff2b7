import type { Transaction } from "../core/transaction.ts";

/** A member number as it is given out: the last four characters at most, and never more than half. What the POS masked stays. */
function maskedMember(member: string): string {
  if (/\*{2,}|[•●]{2,}/.test(member)) return member;
  const kept = Math.min(4, Math.floor(member.length / 2));
  return "*".repeat(member.length - kept) + member.slice(member.length - kept);
}

/** What of a slip can name its member. */
export type Named = Pick<Transaction, "memberId" | "lines" | "barcodes" | "qrCodes">;

/**
 * The same slip with its member number masked wherever it stands: in the field, on the line it was read from, and in a symbol that holds
 * nothing else. Columns keep their places. `isMemberLine` tells the lines it was read from.
 */
export function withoutMember<T extends Named>(slip: T, isMemberLine: (line: string) => boolean): T {
  const { memberId } = slip;
  if (memberId === undefined) return slip;
  const mask = maskedMember(memberId);
  const symbol = (data: string): string => (data === memberId ? mask : data);
  return {
    ...slip,
    memberId: mask,
    lines: slip.lines.map((line) => (isMemberLine(line) ? line.replace(memberId, mask) : line)),
    barcodes: slip.barcodes.map(symbol),
    qrCodes: slip.qrCodes.map(symbol),
  };
}
