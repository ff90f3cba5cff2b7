import { barcode } from "./barcode-frame.ts";
import { row, rows, type CommandRow } from "./command-row.ts";
import { count16, count32, fixed, flag } from "./frame.ts";
import {
  bitmapFile,
  checkPaper,
  columnImage,
  counter,
  cut,
  downloadedImage,
  inlineSymbol,
  italics,
  pyramidSymbol,
  raster,
  realTimeRequest,
  realTimeStatus,
  storedImages,
  tabStops,
  userCharacters,
  userMemory,
} from "./special-frames.ts";

const DLE = 0x10;
const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;

/**
 * Every command of ESC/POS that is known here, one line each; to add one, add its line. Lengths are from the Epson ESC/POS command
 * reference as tabulated by kunif/EscPosUtils (zlib licence), and from what printers of other makers and common encoders really use.
 */
export const escposCommands: readonly CommandRow[] = [
  row(DLE, 0x04, realTimeStatus),
  row(DLE, 0x05, fixed(3)),
  row(DLE, 0x14, realTimeRequest),

  row(ESC, 0x0c, fixed(2), "feed"),
  row(ESC, "2", fixed(2)),
  row(ESC, "<", fixed(2)),
  row(ESC, "@", fixed(2), "reset"),
  ...rows(ESC, "LSvq", fixed(2)),
  ...rows(ESC, "45", italics),
  ...rows(ESC, "im", fixed(2), "cut"),
  row(ESC, "!", fixed(3), "print-mode"),
  row(ESC, "=", fixed(3), "peripheral"),
  row(ESC, "R", fixed(3), "international"),
  row(ESC, "t", fixed(3), "code-page"),
  ...rows(ESC, "JKde", fixed(3), "feed"),
  row(ESC, "M", fixed(3), "font"),
  row(ESC, " ", fixed(3), "character-space"),
  ...rows(ESC, "-EG", flag),
  ...rows(ESC, "%3?CFTUVaru{", fixed(3)),
  // Chinese makers: the encoding of two-byte text.
  row(ESC, "9", fixed(3), "double-byte-code"),
  row(ESC, "$", fixed(4), "absolute-position"),
  row(ESC, "\\", fixed(4), "relative-position"),
  row(ESC, "f", fixed(4)),
  row(ESC, "B", fixed(4)),
  row(ESC, "c", fixed(4)),
  row(ESC, "p", fixed(5), "drawer"),
  row(ESC, "W", fixed(10)),
  row(ESC, "*", columnImage, "image"),
  row(ESC, "&", userCharacters),
  row(ESC, "D", tabStops, "tab-stops", true),
  row(ESC, "(", count16(5, 1, 1024)),
  row(ESC, "Z", inlineSymbol, "qr-inline", true),

  row(FS, "&", fixed(2), "double-byte-on"),
  row(FS, ".", fixed(2), "double-byte-off"),
  ...rows(FS, "Lbc", fixed(2)),
  row(FS, "C", fixed(3), "double-byte-system"),
  ...rows(FS, "!-W", fixed(3)),
  ...rows(FS, "?S", fixed(4)),
  row(FS, "p", fixed(4), "image"),
  row(FS, "(", count16(5, 1, 4096), "encoding", true),
  row(FS, "2", fixed(76)),
  row(FS, "q", storedImages),
  row(FS, "g", userMemory),
  row(FS, "a", checkPaper),
  row(FS, "}", pyramidSymbol),

  row(GS, 0x0c, fixed(2)),
  ...rows(GS, ":cS", fixed(2)),
  row(GS, "!", fixed(3), "character-size"),
  row(GS, "/", fixed(3), "image-print"),
  ...rows(GS, "BEHITabfhjrw", fixed(3)),
  ...rows(GS, "$\\", fixed(4), "vertical-position"),
  ...rows(GS, "LPW", fixed(4)),
  ...rows(GS, "^z", fixed(5)),
  row(GS, "(L", count16(5), "graphics", true),
  // A QR code has room for 7089 digits; nobody sends more than twice that.
  row(GS, "(k", count16(5, 1, 14_000), "symbol", true),
  row(GS, "(", count16(5, 1, 1024)),
  row(GS, "8L", count32(7), "image-store"),
  row(GS, "*", downloadedImage, "image-store"),
  row(GS, "v0", raster, "image"),
  row(GS, "Q0", raster, "image"),
  row(GS, ["k", 97], inlineSymbol, "qr-inline", true),
  row(GS, "k", barcode, "barcode", true),
  row(GS, "V", cut, "cut"),
  row(GS, "C", counter),
  row(GS, "D", bitmapFile),
  row(GS, "g", fixed(6)),
  ...rows(GS, "Z#", fixed(3)),
];
