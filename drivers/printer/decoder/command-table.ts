import { barcode } from "./barcode-frame.ts";
import { by, count16, count32, fixed, type Frame } from "./frame.ts";
import {
  bitmapFile,
  columnImage,
  counter,
  cut,
  downloadedImage,
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

/** What a command does to what is printed, as far as the decoder cares. */
export type Effect =
  | "none"
  | "reset"
  | "feed"
  | "cut"
  | "drawer"
  | "peripheral"
  | "code-page"
  | "international"
  | "double-byte-on"
  | "double-byte-off"
  | "double-byte-system"
  | "encoding"
  | "print-mode"
  | "character-size"
  | "tab-stops"
  | "absolute-position"
  | "relative-position"
  | "barcode"
  | "symbol"
  | "qr-inline"
  | "image";

/** One command: its two leading bytes, how long it is and what it does. */
export interface CommandRow {
  readonly lead: number;
  readonly code: number;
  readonly frame: Frame;
  readonly effect: Effect;
  /** Whether its whole data is needed. If not, only the first bytes are kept and the rest is skipped unseen. */
  readonly held: boolean;
}

const DLE = 0x10;
const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const US = 0x1f;

function row(lead: number, code: string | number, frame: Frame, effect: Effect = "none", held = false): CommandRow {
  return { lead, code: typeof code === "string" ? code.charCodeAt(0) : code, frame, effect, held };
}

/** The same frame for several codes of one lead byte. */
function rows(lead: number, codes: string, frame: Frame, effect: Effect = "none"): readonly CommandRow[] {
  return [...codes].map((code) => row(lead, code, frame, effect));
}

/**
 * Every command of ESC/POS that is known here, one line each. Lengths are from the Epson ESC/POS command reference as tabulated by
 * kunif/EscPosUtils (zlib licence) and from what common encoders really send;
 */
export const commandTable: readonly CommandRow[] = [
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
  ...rows(ESC, " %-3?CEFGMTUVaru{", fixed(3)),
  row(ESC, "$", fixed(4), "absolute-position"),
  row(ESC, "\\", fixed(4), "relative-position"),
  row(ESC, "f", fixed(4)),
  row(ESC, "B", fixed(4)),
  row(
    ESC,
    "c",
    by(2, () => fixed(4)),
  ),
  row(ESC, "p", fixed(5), "drawer"),
  row(ESC, "W", fixed(10)),
  row(ESC, "*", columnImage, "image"),
  row(ESC, "&", userCharacters),
  row(ESC, "D", tabStops, "tab-stops", true),
  row(ESC, "(", count16(5)),
  row(ESC, "Z", count16(7), "qr-inline", true),

  row(FS, "&", fixed(2), "double-byte-on"),
  row(FS, ".", fixed(2), "double-byte-off"),
  ...rows(FS, "Lb", fixed(2)),
  row(FS, "c", fixed(2)),
  row(FS, "C", fixed(3), "double-byte-system"),
  ...rows(FS, "!-W", fixed(3)),
  ...rows(FS, "?S", fixed(4)),
  row(FS, "p", fixed(4), "image"),
  row(FS, "(", count16(5), "encoding", true),
  row(FS, "2", fixed(76)),
  row(FS, "q", storedImages),
  row(FS, "g", userMemory),
  row(
    FS,
    "a",
    by(2, (n) => fixed(n === 0 || n === 0x30 ? 4 : 3)),
  ),
  row(FS, "}", pyramidSymbol),

  row(GS, 0x0c, fixed(2)),
  ...rows(GS, ":cS", fixed(2)),
  row(GS, "!", fixed(3), "character-size"),
  row(GS, "/", fixed(3), "image"),
  ...rows(GS, "BEHITabfhjrw", fixed(3)),
  ...rows(GS, "$LPW\\", fixed(4)),
  ...rows(GS, "^z", fixed(5)),
  row(GS, "(", count16(5), "symbol", true),
  row(GS, "8", count32(7)),
  row(GS, "*", downloadedImage),
  row(GS, "v", raster, "image"),
  row(GS, "Q", raster, "image"),
  row(GS, "k", barcode, "barcode", true),
  row(GS, "V", cut, "cut"),
  row(GS, "C", counter),
  row(GS, "D", bitmapFile),
  row(GS, "g", fixed(6)),
  ...rows(GS, "Z#", fixed(3)),
];

/**
 * The commands of a line display on the same line (`ESC =`), which mean something only while the display is selected. What is not
 * here is text for the display.
 */
export const displayCommandTable: readonly CommandRow[] = [
  row(ESC, "=", fixed(3), "peripheral"),
  row(ESC, "@", fixed(2)),
  ...rows(ESC, "t%R?", fixed(3)),
  row(ESC, "&", userCharacters),
  row(
    ESC,
    "W",
    by(3, (n) => fixed(n === 1 || n === 0x31 ? 8 : 4)),
  ),
  ...[0x01, 0x02, 0x03, 0x0a, 0x0d, 0x3a, 0x40, 0x42, 0x55].map((code) => row(US, code, fixed(2))),
  ...rows(US, ",.;CEXrv", fixed(3)),
  ...rows(US, "#$T^=", fixed(4)),
  row(US, "(", count16(5)),
];

/** Rows by lead byte (all are control bytes) and second byte. */
export type CommandIndex = readonly (readonly (CommandRow | undefined)[] | undefined)[];

/** Indexes a table for looking up by the first two bytes. */
export function indexCommands(table: readonly CommandRow[]): CommandIndex {
  return Array.from({ length: 32 }, (_, lead) => {
    const rows = table.filter((entry) => entry.lead === lead);
    if (rows.length === 0) return undefined;
    return Array.from({ length: 256 }, (_unused, code) => rows.find((entry) => entry.code === code));
  });
}
