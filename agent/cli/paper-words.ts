import type { PaperWords } from "../core/paper.ts";
import { text, type Text } from "./text.ts";

/** The words on a drawn receipt that the POS did not print. */
export function paperWords(say: (words: Text) => string): PaperWords {
  return {
    cut: say(text("切纸", "cut")),
    broken: say(text("打印数据在此中断", "the print data broke off here")),
    unknown: (count) =>
      say(text(`${count} 个字节无法识别`, `${count} ${count === 1 ? "byte" : "bytes"} not understood`)),
    storedImage: (name) => say(text(`打印机内存中的图片 ${name}`, `picture in the printer's memory: ${name}`)),
  };
}
