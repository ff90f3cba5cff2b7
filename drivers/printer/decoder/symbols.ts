import { countedBarcode } from "./barcode-frame.ts";

/** A linear barcode as data. */
export interface Barcode {
  readonly symbology: string;
  readonly data: string;
}

const formANames = ["upca", "upce", "ean13", "ean8", "code39", "itf", "codabar"] as const;
const formBNames = [
  ...formANames,
  "code93",
  "code128",
  "gs1-128",
  "databar-omni",
  "databar-truncated",
  "databar-limited",
  "databar-expanded",
  "code128-auto",
] as const;

/** Reads `GS k` in either form. `length` is the length of the whole command. */
export function readBarcode(bytes: Uint8Array, at: number, length: number): Barcode {
  const m = bytes[at + 2] ?? 0;
  if (m <= 6) return { symbology: formANames[m] ?? "unknown", data: latin1(bytes, at + 3, at + length - 1) };
  const symbology = formBNames[m - 65] ?? "unknown";
  const data = countedBarcode(bytes, at, at + length) ?? { from: at + 4, to: at + length };
  const text = latin1(bytes, data.from, data.to);
  return { symbology, data: symbology === "code128" ? code128Data(text) : text };
}

/** Symbologies by the first parameter of Star's `ESC b`, a number or a digit from 0x30 on (Star command specifications, "bar code"). */
const starNames = [
  "upce",
  "upca",
  "ean8",
  "ean13",
  "code39",
  "itf",
  "code128",
  "code93",
  "codabar",
  "gs1-128",
  "databar-omni",
  "databar-truncated",
  "databar-limited",
  "databar-expanded",
] as const;

/** Reads `ESC b n1 n2 n3 n4 d.. RS`. `length` is the length of the whole command. */
export function readStarBarcode(bytes: Uint8Array, at: number, length: number): Barcode {
  const n = bytes[at + 2] ?? 0;
  const symbology = starNames[n < 0x30 ? n : n - 0x30] ?? "unknown";
  const text = latin1(bytes, at + 6, at + length - 1);
  return { symbology, data: symbology === "code128" ? starCode128Data(text) : text };
}

/** In CODE128 of Star `%0` is a percent sign, `%5` is DEL, `%@` to `%_` are control characters and other digits are functions. */
function starCode128Data(text: string): string {
  return text.replaceAll(/%([0-9@-_])/gu, (_whole, code: string) => {
    if (code === "0") return "%";
    if (code === "5") return "\u007F";
    return code < "@" ? "" : String.fromCharCode(code.charCodeAt(0) - 0x40);
  });
}

/**
 * The data of a CODE128 symbol: `{A`, `{B` and `{C` choose a code set and `{S` shifts; in set C each byte is a pair of digits; `{{` is
 * a brace and `{1` to `{4` are function characters (ESC/POS command reference, `GS k`, m = 73).
 */
function code128Data(text: string): string {
  let data = "";
  let pairs = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (text[i] !== "{") {
      data += pairs && code < 100 ? String(code).padStart(2, "0") : text[i];
      continue;
    }
    i += 1;
    const next = text[i];
    if (next === "A" || next === "B" || next === "C") pairs = next === "C";
    if (next === "{") data += next;
  }
  return data;
}

/** Two-dimensional symbols by the `cn` of `GS ( k`. */
const symbolNames: Readonly<Record<number, string>> = {
  0x30: "pdf417",
  0x31: "qr",
  0x32: "maxicode",
  0x33: "databar-2d",
  0x34: "composite",
  0x35: "aztec",
  0x36: "datamatrix",
};

/** The symbol a `GS ( k` is about. */
export function symbolName(cn: number): string {
  return symbolNames[cn] ?? "unknown";
}

/** Data of a two-dimensional symbol as text: UTF-8 where it is that, else byte for byte. */
export function symbolText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes, 0, bytes.length);
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString("latin1");
}
