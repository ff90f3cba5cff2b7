import { row, rows, singles, type CommandRow } from "./command-row.ts";
import { count16, fixed, terminated } from "./frame.ts";
import { tabStops } from "./special-frames.ts";
import { kanjiMode, starLogos, starPages, starRaster } from "./star-frames.ts";

const BEL = 0x07;
const FF = 0x0c;
const SO = 0x0e;
const SI = 0x0f;
const DC2 = 0x12;
const DC4 = 0x14;
const EM = 0x19;
const SUB = 0x1a;
const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const RS = 0x1e;

/**
 * Every command of Star Line Mode and StarPRNT that is known here, one line each; to add one, add its line. Lengths are from Star's
 * command specifications and from what the encoders receiptline 4.0.4 and receipt-printer-encoder 3.0.3 really send.
 */
export const starCommands: readonly CommandRow[] = [
  ...singles([BEL, FS, EM, SUB], fixed(1), "drawer"),
  ...singles([SO], fixed(1), "wide-on"),
  ...singles([DC4], fixed(1), "wide-off"),
  ...singles([SI, DC2], fixed(1)),

  row(ESC, "@", fixed(2), "reset"),
  ...rows(ESC, "EF45MP:g012Oq", fixed(2)),
  ...rows(ESC, [SO, DC4], fixed(2)),
  row(ESC, "p", kanjiMode),
  ...rows(ESC, "-_wNQlzyACI3/%", fixed(3)),
  row(ESC, " ", fixed(3), "character-space"),
  row(ESC, "R", fixed(3), "international"),
  row(ESC, "W", fixed(3), "width"),
  row(ESC, "$", fixed(3), "star-kanji"),
  row(ESC, "h", fixed(3)),
  ...rows(ESC, "aJ", fixed(3), "feed"),
  row(ESC, "d", fixed(3), "cut"),
  ...rows(ESC, [0x06, SI, EM], fixed(3)),
  row(ESC, FF, fixed(3), "cut"),
  ...rows(ESC, "st", fixed(4)),
  row(ESC, "i", fixed(4), "star-size"),
  row(ESC, BEL, fixed(4)),
  row(ESC, 0x0b, fixed(4)),
  row(ESC, "D", tabStops, "tab-stops", true),
  row(ESC, "B", tabStops),
  row(ESC, "#", terminated(3)),
  row(ESC, "b", terminated(6, RS), "star-barcode", true),
  ...rows(ESC, "KL", count16(4), "image"),
  row(ESC, "X", count16(4, 3), "image"),
  row(ESC, "k", count16(4, 24), "image"),
  row(ESC, [FS, "p"], fixed(5), "image"),
  row(ESC, [FS, "q"], starLogos),

  row(ESC, "*rA", fixed(4), "raster-begin"),
  row(ESC, "*rB", fixed(4), "raster-end"),
  row(ESC, "*rC", fixed(4)),
  row(ESC, "*rR", fixed(4)),
  row(ESC, "*r", terminated(4)),

  row(ESC, [RS, "F"], fixed(4), "font"),
  ...rows([ESC, RS], "aAcCdEilLmNnRrst", fixed(4)),

  row(ESC, [GS, "t"], fixed(4), "star-code-page"),
  row(ESC, [GS, "A"], fixed(5), "absolute-position"),
  row(ESC, [GS, "R"], fixed(5), "relative-position"),
  ...rows([ESC, GS], "ab", fixed(4)),
  row(ESC, [GS, 0x03], fixed(6)),
  row(ESC, [GS, BEL], fixed(6)),
  ...rows([ESC, GS, EM], [0x11, DC2], fixed(7)),
  ...rows([ESC, GS, SUB], [0x11, DC2], fixed(7)),
  row(ESC, [GS, "#"], terminated(4)),
  row(ESC, [GS, "("], count16(6)),
  row(ESC, [GS, ")U"], count16(6), "star-encoding", true),
  row(ESC, [GS, ")"], count16(6)),
  row(ESC, [GS, "P"], starPages),
  row(ESC, [GS, "S"], starRaster, "image"),
  row(ESC, [GS, "yS"], fixed(6)),
  row(ESC, [GS, "yD"], count16(8), "symbol-data", true),
  row(ESC, [GS, "yP"], fixed(4), "symbol-print"),
  row(ESC, [GS, "yI"], fixed(4)),
  row(ESC, [GS, "xS0"], fixed(8)),
  row(ESC, [GS, "xS"], fixed(6)),
  row(ESC, [GS, "xD"], count16(6), "symbol-data", true),
  row(ESC, [GS, "xP"], fixed(4), "symbol-print"),
  row(ESC, [GS, "xI"], fixed(4)),
];

/** What Star printers know while `ESC * r A` holds: rows of dots, and the commands of that mode. Text is no part of it. */
export const starRasterCommands: readonly CommandRow[] = [
  row(0x62, [], count16(3), "raster-row"),
  row(0x6b, [], count16(3), "raster-row"),
  row(ESC, "*rA", fixed(4)),
  row(ESC, "*rB", fixed(4), "raster-end"),
  row(ESC, "*rC", fixed(4)),
  row(ESC, "*rR", fixed(4)),
  row(ESC, "*r", terminated(4)),
  row(ESC, FF, fixed(3), "cut"),
  row(ESC, 0x06, fixed(3)),
  row(ESC, BEL, fixed(4)),
  row(ESC, "@", fixed(2), "reset"),
  ...singles([BEL, FS, EM, SUB], fixed(1), "drawer"),
];
