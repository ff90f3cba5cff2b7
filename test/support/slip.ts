/**
 * A receipt as short as the layout `us-grocery` allows: a number of digits, and loaves at 2.50 dollars each. `text` is what is on its
 * paper.
 */
export function slip(number: string, loaves = 1): Buffer {
  return Buffer.from(`\x1b@${slipText(number, loaves)}\n\x1dV\x01`, "latin1");
}

/** What {@link slip} prints. */
export function slipText(number: string, loaves = 1): string {
  const total = (loaves * 2.5).toFixed(2);
  return [
    `ST# 0117 OP# 001 TE# 05 TR# ${number}`,
    ...Array.from({ length: loaves }, () => "BREAD 00000074785 2.50 N"),
    `SUBTOTAL ${total}`,
    `TOTAL ${total}`,
    `CASH TEND ${total}`,
    "CHANGE DUE 0.00",
    "03/14/26 16:42:10",
  ].join("\n");
}
