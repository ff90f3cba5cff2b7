import iconv from "iconv-lite";

/** Bytes of a print job in GB18030: `ESC @`, `FS &`, the lines, and a cut unless told otherwise. */
export function jobInGb18030(lines: readonly string[], cut = true): Uint8Array {
  const text = iconv.encode(`${lines.join("\n")}\n`, "gb18030");
  return Buffer.concat([Buffer.of(0x1b, 0x40, 0x1c, 0x26), text, cut ? Buffer.of(0x1d, 0x56, 0x01) : Buffer.alloc(0)]);
}

/** What differs between the slips of {@link chineseSale}. */
export interface ChineseSale {
  readonly number?: string;
  readonly time?: string;
  readonly total?: string;
  readonly change?: string;
  readonly heading?: readonly string[];
}

/** The lines of a small sale in the layout of `cn-supermarket-80mm`. */
export function chineseSale(sale: ChineseSale = {}): readonly string[] {
  const { number = "0000042", time = "2026-05-01 09:30:00", total = "14.00", change = "6.00", heading = [] } = sale;
  return [
    "测试超市",
    ...heading,
    "门店:0001 收银机:02 收银员:7",
    `流水号:${number}  ${time}`,
    "品名/编码                 单价    数量      金额",
    "1 测试可乐",
    "6900000000014             3.50       4     14.00",
    "件数: 1   小计                             14.00",
    `应收                                       ${total}`,
    "现金                                       20.00",
    `找零                                        ${change}`,
    "谢谢惠顾",
  ];
}
