/** The lines, as they are laid out. */
function slipLines(number: string): readonly string[] {
  return [
    `ST# 0117 OP# 001 TE# 05 TR# ${number}`,
    "BREAD 00000074785 2.50 N",
    "SUBTOTAL 2.50",
    "TOTAL 2.50",
    "CASH TEND 3.00",
    "CHANGE DUE 0.50",
    "03/14/26 16:42:10",
  ];
}

/** A receipt as short as the layout `us-grocery` allows, with a number of digits; 2.50 dollars. */
export function slip(number: string): Buffer {
  return Buffer.from(`\x1b@${slipLines(number).join("\n")}\n\x1dV\x01`, "latin1");
}
