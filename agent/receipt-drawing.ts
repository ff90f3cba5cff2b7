import { carriesPrint, type Config } from "../config/config.ts";
import { readPapers, type PaperOptions } from "../drivers/printer/paper/read-paper.ts";
import { readCapture, type ReadFileOptions } from "./capture-reading.ts";
import type { Receipt } from "./control/control-source.ts";
import type { Paper } from "./core/paper.ts";
import { drawSymbols } from "./paper/draw-symbols.ts";
import { maskedPaper } from "./paper/masked-paper.ts";
import { plainPaper } from "./paper/plain-paper.ts";
import type { DecodedSlip } from "./receipts/decode.ts";
import { maskPans, PanRedactor } from "./receipts/pan.ts";

/** A slip of a capture and what it looks like. */
export interface DrawnSlip {
  readonly slip: DecodedSlip;
  readonly paper: Paper;
}

/** Draws every slip of a capture. Card numbers and member numbers are masked. Throws what {@link readCapture} throws. */
export function drawCapture(bytes: Uint8Array, options: ReadFileOptions): readonly DrawnSlip[] {
  const redactor = new PanRedactor();
  const redacted = Buffer.concat([redactor.push(bytes), redactor.flush()]);
  const slips = readCapture(redacted, { ...options, reveal: false });
  const { charset } = options;
  const papers = readPapers(
    redacted,
    slips.map(({ endOffset }) => endOffset),
    { startOffset: 0, ...(charset !== undefined && { defaultCharset: charset }) },
  );
  return slips.flatMap((slip, index) => {
    const paper = papers[index];
    return paper === undefined ? [] : [{ slip, paper: finished(paper, slip.memberId) }];
  });
}

/**
 * Draws a recorded receipt from the bytes that were kept of it, or from its lines when there are none. Card numbers and member numbers
 * are masked.
 */
export function drawReceipt(receipt: Receipt, bytes: Uint8Array, config: Config): Paper {
  const paper = bytes.length === 0 ? plainPaper(receipt) : bestPaper(receipt, bytes, printerOf(receipt, config));
  return finished(paper, receipt.memberId);
}

function finished(paper: Paper, memberId: string | undefined): Paper {
  return drawSymbols(maskedPaper(paper, { maskPans, memberId }));
}

/** How the printer was configured, where it still is. */
function printerOf({ deviceId, startOffset }: Receipt, { lanes }: Config): PaperOptions {
  const device = lanes.flatMap((lane) => lane.devices).find(({ id }) => id === deviceId);
  if (device === undefined || !carriesPrint(device)) return { startOffset };
  const { charset, codePages, dialect } = device;
  return {
    startOffset,
    codePages,
    dialect: dialect === "auto" ? undefined : dialect,
    ...(charset !== undefined && { defaultCharset: charset }),
  };
}

/** What a printer may have been set to earlier in the stream, before the bytes of the receipt. */
const otherCharsets = ["gb18030", "big5", "shiftjis", "utf8", "cp437"] as const;

/** The charset may have been selected before this receipt began: of the likely ones, the one that reads what was recorded. */
function bestPaper(receipt: Receipt, bytes: Uint8Array, printer: PaperOptions): Paper {
  const recorded = new Set(receipt.lines.map((line) => line.trim()));
  let best: { readonly paper: Paper; readonly agreeing: number } | undefined;
  for (const options of [printer, ...otherCharsets.map((defaultCharset) => ({ ...printer, defaultCharset }))]) {
    const [paper] = readPapers(bytes, [receipt.startOffset + bytes.length], options);
    if (paper === undefined) continue;
    const texts = paper.items.flatMap((item) => (item.type === "line" && item.text !== "" ? [item.text.trim()] : []));
    const agreeing = texts.filter((text) => recorded.has(text)).length;
    if (best === undefined || agreeing > best.agreeing) best = { paper, agreeing };
    if (agreeing === texts.length) break;
  }
  return best?.paper ?? plainPaper(receipt);
}
