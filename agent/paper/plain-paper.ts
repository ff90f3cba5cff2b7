import type { Paper, PaperItem, PaperSymbol, TextRun } from "../core/paper.ts";
import type { Transaction } from "../core/transaction.ts";
import { gridColumns } from "./html-text.ts";

const plain: Omit<TextRun, "text" | "columns"> = {
  column: 0,
  scaleX: 1,
  scaleY: 1,
  bold: false,
  underline: false,
  inverse: false,
  small: false,
  red: false,
};

/** The paper of a slip whose bytes are no longer kept: its lines, then its codes, without styles and pictures. */
export function plainPaper({ lines, barcodes, qrCodes }: Pick<Transaction, "lines" | "barcodes" | "qrCodes">): Paper {
  const widths = lines.map(gridColumns);
  const items: readonly PaperItem[] = [
    ...lines.map((text, at): PaperItem => {
      const runs = [{ ...plain, text, columns: widths[at] ?? 0 }];
      return { type: "line", align: "left", text, runs };
    }),
    ...barcodes.map((data) => symbol("barcode", data)),
    ...qrCodes.map((data) => symbol("qr", data)),
  ];
  return { columns: Math.max(32, ...widths), dotsPerColumn: 12, items };
}

function symbol(symbology: string, data: string): PaperSymbol {
  return {
    type: "symbol",
    align: "center",
    symbology,
    data,
    moduleDots: 4,
    heightDots: 80,
    letters: "below",
    level: "L",
  };
}
