import type { Alignment, Paper, PaperImage, PaperItem, PaperSymbol } from "../../../agent/core/paper.ts";
import type { PrintEvent } from "../../../agent/core/print.ts";
import { createPrintDecoder, type PrintDecoderOptions } from "../decoder/print-decoder.ts";
import { joinBands, type Band } from "./join-bands.ts";
import { PaperLog } from "./paper-log.ts";
import type { Style } from "./style.ts";

/** How to read the bytes: as for decoding them. */
export type PaperOptions = Omit<PrintDecoderOptions, "tap">;

/** An item and the stream position where it was printed. */
interface Placed {
  readonly offset: number;
  readonly item: PaperItem | Band;
}

const dotsOfFontA = 12;

/** Widths of usual paper in columns of the standard font; a layout fits the first that holds it. */
const usualColumns = [32, 42, 48] as const;

/**
 * Draws what the bytes of a print stream put on the paper, in printed order: a paper for each of the stream positions `ends`, where
 * slips end, ascending; what was printed after the last one is left out, and so are the feeds before and after a slip. Any bytes do;
 * never throws. The time and memory it takes are in proportion to the bytes.
 */
export function readPapers(bytes: Uint8Array, ends: readonly number[], options: PaperOptions): readonly Paper[] {
  const dotsPerColumn = options.dotsPerColumn ?? dotsOfFontA;
  const log = new PaperLog(bytes, options.startOffset, dotsPerColumn);
  const decoder = createPrintDecoder({ ...options, tap: log });
  const events = [...decoder.feed(bytes), ...decoder.end()];
  const placed = [...log.images.map(imageItem), ...eventItems(events, log)];
  const inOrder = placed.toSorted((a, b) => a.offset - b.offset);
  let at = 0;
  return ends.map((end) => {
    const printed: Placed["item"][] = [];
    for (let next = inOrder[at]; next !== undefined && next.offset < end; next = inOrder[at]) {
      printed.push(next.item);
      at += 1;
    }
    return paperOf(withoutFeeds(joinBands(printed)), dotsPerColumn, log.areaDots);
  });
}

/** An area that the stream sets tells the width of the paper, up to the widest usual one: software sets far too wide ones to mean all of it. */
function paperOf(items: readonly PaperItem[], dotsPerColumn: number, areaDots: number): Paper {
  const area = Math.floor(areaDots / dotsPerColumn);
  return { columns: Math.max(columnsOf(items, dotsPerColumn), area <= 48 ? area : 0), dotsPerColumn, items };
}

/** Without the blank lines at either end, and without a cut that nothing comes before. */
function withoutFeeds(items: readonly PaperItem[]): readonly PaperItem[] {
  const isFeed = (item: PaperItem | undefined): boolean => item?.type === "line" && item.text === "";
  const from = items.findIndex((item) => !isFeed(item) && item.type !== "cut");
  if (from < 0) return [];
  const cut = items.findLastIndex((item) => item.type !== "cut");
  const to = items.findLastIndex((item, index) => index <= cut && !isFeed(item));
  return [...items.slice(from, to + 1), ...items.slice(cut + 1, cut + 2)];
}

function imageItem({ offset, image, style, band }: PaperLog["images"][number]): Placed {
  const { align } = style;
  if ("name" in image) return { offset, item: { type: "stored-image", align, name: image.name } };
  return { offset, item: { type: band ? "band" : "image", align, ...image } };
}

function eventItems(events: readonly PrintEvent[], log: PaperLog): readonly Placed[] {
  let line = 0;
  return events.flatMap((event): readonly Placed[] => {
    if (event.type !== "line") return otherItem(event, log);
    const runs = log.lines[line] ?? { runs: [], align: "left" as const, banded: false };
    line += 1;
    // The feed after a band of a picture is part of the picture.
    if (runs.banded && event.text === "") return [];
    const { align, runs: printed } = runs;
    return [{ offset: event.endOffset - 0.5, item: { type: "line", align, runs: printed, text: event.text } }];
  });
}

function otherItem(event: Exclude<PrintEvent, { type: "line" }>, log: PaperLog): readonly Placed[] {
  const { startOffset, endOffset } = event;
  const style = (): Style => log.styleAt(startOffset);
  if (event.type === "cut") return [{ offset: startOffset, item: { type: "cut" } }];
  if (event.type === "qr") return [{ offset: startOffset, item: symbol("qr", event.data, style()) }];
  if (event.type === "barcode") return [{ offset: startOffset, item: symbol(event.symbology, event.data, style()) }];
  if (event.type === "broken") return broken(startOffset, endOffset, log);
  return event.type === "unknown" ? [{ offset: startOffset, item: { type: "unknown", startOffset, endOffset } }] : [];
}

/** The part of a picture that came before its command stopped is shown, as it was on the paper. */
function broken(startOffset: number, endOffset: number, log: PaperLog): readonly Placed[] {
  const image = log.partialImage(startOffset, endOffset);
  const align: Alignment = log.styleAt(startOffset).align;
  return [
    ...(image === undefined ? [] : [{ offset: startOffset, item: { type: "image", align, ...image } as const }]),
    { offset: startOffset, item: { type: "broken", startOffset, endOffset } },
  ];
}

const isTwoDimensional = (symbology: string): boolean =>
  !/^(upc|ean|code|itf|codabar|gs1|databar|msi|nw)/.test(symbology);

function symbol(symbology: string, data: string, style: Style): PaperSymbol {
  const { align, letters, level, barHeightDots: heightDots } = style;
  const moduleDots = isTwoDimensional(symbology) ? style.qrModuleDots : style.barModuleDots;
  return { type: "symbol", align, symbology, data, moduleDots, heightDots, letters, level };
}

function columnsOf(items: readonly PaperItem[], dotsPerColumn: number): number {
  const widest = items.reduce((most, item) => Math.max(most, widthOf(item, dotsPerColumn)), 0);
  return usualColumns.find((columns) => columns >= widest) ?? Math.ceil(widest);
}

function widthOf(item: PaperItem, dotsPerColumn: number): number {
  if (item.type === "line") return item.runs.reduce((most, run) => Math.max(most, run.column + visible(run)), 0);
  // A picture wider than the widest paper was cut off by the printer.
  return item.type === "image" ? Math.min(48, imageDots(item) / dotsPerColumn) : 0;
}

/** Columns without the blanks at the end, which nobody sees. */
function visible({ text, columns, scaleX }: { text: string; columns: number; scaleX: number }): number {
  return columns - (text.length - text.trimEnd().length) * scaleX;
}

function imageDots({ bitmap, scaleX }: PaperImage): number {
  return bitmap.width * scaleX;
}
