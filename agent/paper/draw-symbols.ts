// The named export `raw` is a symbology of that name; the encoder is a member of the default export.
import bwip, { type RawOptions } from "bwip-js/node";
import type { Bitmap, Paper, PaperSymbol } from "../core/paper.ts";

/** A receipt has one or two; a stream with more is noise, and drawing takes milliseconds each. */
const maxDrawn = 64;

/** How the drawing library calls each symbology, and how it wants its data. */
const encodings: Readonly<Record<string, (symbol: PaperSymbol) => RawOptions>> = {
  qr: ({ data: text, level: eclevel }) => ({ bcid: "qrcode", text, eclevel, fixedeclevel: true }),
  pdf417: ({ data: text }) => ({ bcid: "pdf417", text }),
  aztec: ({ data: text }) => ({ bcid: "azteccode", text }),
  datamatrix: ({ data: text }) => ({ bcid: "datamatrix", text }),
  upca: ({ data: text }) => ({ bcid: "upca", text }),
  // Without its number system digit it is of system 0.
  upce: ({ data }) => ({ bcid: "upce", text: data.length === 6 ? `0${data}` : data }),
  ean13: ({ data: text }) => ({ bcid: "ean13", text }),
  ean8: ({ data: text }) => ({ bcid: "ean8", text }),
  code39: ({ data }) => ({ bcid: "code39", text: data.replaceAll("*", "") }),
  itf: ({ data: text }) => ({ bcid: "interleaved2of5", text }),
  codabar: ({ data }) => ({ bcid: "rationalizedCodabar", text: data.toUpperCase() }),
  code93: ({ data: text }) => ({ bcid: "code93", text }),
  code128: ({ data: text }) => ({ bcid: "code128", text }),
  "code128-auto": ({ data: text }) => ({ bcid: "code128", text }),
  "gs1-128": ({ data }) => ({
    bcid: "code128",
    text: `^FNC1${data.replaceAll("^", "^094")}`,
    parsefnc: true,
    parse: true,
  }),
  "databar-omni": ({ data }) => ({ bcid: "databaromni", text: `(01)${data}` }),
  "databar-truncated": ({ data }) => ({ bcid: "databartruncated", text: `(01)${data}` }),
  "databar-limited": ({ data }) => ({ bcid: "databarlimited", text: `(01)${data}` }),
};

/**
 * Adds the dots to the barcodes and two-dimensional symbols of a paper. One that cannot be drawn (an unknown symbology, data it cannot
 * hold, a wrong check digit) stays as it is.
 */
export function drawSymbols(paper: Paper): Paper {
  let drawn = 0;
  return {
    ...paper,
    items: paper.items.map((item) => {
      if (item.type !== "symbol" || drawn >= maxDrawn) return item;
      drawn += 1;
      const modules = modulesOf(item);
      return modules === undefined ? item : { ...item, modules };
    }),
  };
}

function modulesOf(symbol: PaperSymbol): Bitmap | undefined {
  const options = encodings[symbol.symbology]?.(symbol);
  if (options === undefined || symbol.data === "") return undefined;
  try {
    const [encoded] = bwip.raw(options);
    if (encoded === undefined) return undefined;
    return "sbs" in encoded ? fromBars(encoded.sbs) : fromModules(encoded.pixs, encoded.pixx, encoded.pixy);
  } catch {
    return undefined; // the library refuses the data
  }
}

/** Widths of bar, space, bar, ... as one row. */
function fromBars(widths: readonly number[]): Bitmap {
  const dots = widths.flatMap((width, index) => Array.from({ length: width }, () => (index % 2 === 0 ? 1 : 0)));
  return fromModules(dots, dots.length, 1);
}

function fromModules(dots: readonly number[], width: number, height: number): Bitmap {
  const stride = Math.ceil(width / 8);
  const bits = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * stride + (x >> 3);
      if (dots[y * width + x] === 1) bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return { width, height, bits };
}
