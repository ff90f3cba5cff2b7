import { effectNames, type Effect } from "./command-row.ts";
import { word } from "./frame.ts";
import type { Command, Paper } from "./paper.ts";
import { readBarcode, readStarBarcode, symbolText } from "./symbols.ts";

type Handler = (paper: Paper, command: Command) => void;

const handlers: Readonly<Record<Effect, Handler>> = {
  none: () => undefined,
  peripheral: () => undefined,
  reset: (paper, command) => paper.reset(command),
  feed: (paper, { endOffset }) => paper.line.end(endOffset),
  cut: (paper, command) => {
    paper.line.endIfAny(command.startOffset);
    paper.push("cut", command);
    paper.line.beginAt(command.endOffset);
  },
  drawer: (paper, command) => paper.push("drawer", command),
  image: (paper, command) => paper.push("image", command),
  "image-store": (paper, { startOffset }) => paper.storeImage(startOffset),
  "image-print": (paper, command) => paper.printImage(command),
  "raster-begin": (paper, { startOffset }) => paper.line.endIfAny(startOffset),
  "raster-row": (paper, { startOffset, endOffset }) => paper.addRow(startOffset, endOffset),
  "raster-end": (paper, { endOffset }) => paper.line.beginAt(endOffset),
  barcode: (paper, { bytes, at, length, startOffset, endOffset }) =>
    paper.add({ type: "barcode", ...readBarcode(bytes, at, length), startOffset, endOffset }),
  "star-barcode": (paper, { bytes, at, length, startOffset, endOffset }) =>
    paper.add({ type: "barcode", ...readStarBarcode(bytes, at, length), startOffset, endOffset }),
  symbol: (paper, command) => {
    const { bytes, at, length } = command;
    paper.pushSymbol(paper.symbols.take(bytes, at, length), command);
  },
  graphics: (paper, command) => {
    // GS ( L pL pH m fn: 2 and 50 print, 112 and 113 send the picture.
    const fn = command.bytes[command.from + 3];
    if (fn === 2 || fn === 50) paper.printImage(command);
    else if (fn === 112 || fn === 113) paper.storeImage(command.startOffset);
  },
  "symbol-data": (paper, { bytes, at, from, length }) => {
    // ESC GS y D 1 m nL nH data, or ESC GS x D nL nH data.
    const name = starSymbol(bytes, at);
    const data = from + (name === "qr" ? 4 : 2);
    paper.symbols.store(name, bytes.subarray(data, at + length), at + length - data);
  },
  "symbol-print": (paper, command) =>
    paper.pushSymbol(paper.symbols.printed(starSymbol(command.bytes, command.at)), command),
  "qr-inline": (paper, command) => {
    const { bytes, at, length } = command;
    if (bytes.length - at < length) return; // too long to be held: no QR code is
    paper.pushSymbol({ name: "qr", data: symbolText(bytes.subarray(at + 7, at + length)) }, command);
  },
  "code-page": (paper, { n }) => paper.restyle().selectPage(n),
  "star-code-page": (paper, { n }) => paper.restyle().selectStarPage(n),
  international: (paper, { n }) => paper.restyle().selectInternational(n),
  "double-byte-on": (paper) => paper.restyle().selectDoubleByte(true),
  "double-byte-off": (paper) => paper.restyle().selectDoubleByte(false),
  "double-byte-system": (paper, { n }) => paper.restyle().selectDoubleByteSystem(n),
  "double-byte-code": (paper, { n }) => paper.restyle().selectDoubleByteCode(n),
  encoding: (paper, { bytes, at, n }) => {
    // FS ( C pL pH fn m, fn 48: m is 1 or 2, or its digit.
    if (n !== 0x43 || (bytes[at + 5] !== 48 && bytes[at + 5] !== 0)) return;
    const m = bytes[at + 6] ?? 0;
    paper.restyle().selectUtf8(m === 2 || m === 0x32);
  },
  "star-encoding": (paper, { bytes, from }) => {
    // ESC GS ) U pL pH fn m, fn 48: m is 0 or 1, or its digit. Other functions choose among fonts.
    if (bytes[from + 2] !== 48) return;
    const m = bytes[from + 3] ?? 0;
    paper.restyle().selectUtf8(m === 1 || m === 0x31);
  },
  "star-kanji": (paper, { n }) => paper.restyle().selectStarKanji(n),
  "print-mode": (paper, { n }) => {
    const settings = paper.restyle();
    settings.scale = (n & 0x20) === 0 ? 1 : 2;
    settings.selectFont(n & 1);
  },
  font: (paper, { n }) => paper.restyle().selectFont(n),
  "character-space": (paper, { n }) => paper.restyle().setSpace(n),
  "character-size": (paper, { n }) => void (paper.restyle().scale = ((n >> 4) & 7) + 1),
  "star-size": (paper, { bytes, from }) => void (paper.restyle().scale = ((bytes[from + 1] ?? 0) & 7) + 1),
  width: (paper, { n }) => void (paper.restyle().scale = (n & 7) + 1),
  "wide-on": (paper) => void (paper.restyle().scale = 2),
  "wide-off": (paper) => void (paper.restyle().scale = 1),
  "tab-stops": (paper, { bytes, at, from, length }) => {
    const stops = Array.from(bytes.subarray(from, at + length)).filter((stop) => stop > 0);
    paper.settings.setTabs(stops);
  },
  "absolute-position": (paper, { bytes, from }) => paper.line.moveTo(paper.settings.columns(word(bytes, from))),
  "relative-position": (paper, { bytes, from }) => {
    const dots = word(bytes, from);
    paper.line.moveTo(paper.line.column + paper.settings.columns(dots < 32_768 ? dots : dots - 65_536));
  },
  "vertical-position": (paper, { endOffset }) => paper.line.endIfAny(endOffset),
};

/** What each effect of the command tables does to the paper, in the order of their names. */
export const effects: readonly Handler[] = effectNames.map((name) => handlers[name]);

/** The symbol that `ESC GS y` and `ESC GS x` are about. */
function starSymbol(bytes: Uint8Array, at: number): string {
  return bytes[at + 2] === 0x79 ? "qr" : "pdf417";
}
