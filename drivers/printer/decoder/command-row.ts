import type { Frame } from "./frame.ts";

/** What a command can do to what is printed, as far as the decoder cares. Every dialect says it in these words. */
export const effectNames = [
  "none",
  "reset",
  "feed",
  "cut",
  "drawer",
  "peripheral",
  "code-page",
  "star-code-page",
  "international",
  "double-byte-on",
  "double-byte-off",
  "double-byte-system",
  "double-byte-code",
  "encoding",
  "star-encoding",
  "star-kanji",
  "print-mode",
  "font",
  "character-space",
  "character-size",
  "star-size",
  "width",
  "wide-on",
  "wide-off",
  "tab-stops",
  "absolute-position",
  "relative-position",
  "vertical-position",
  "barcode",
  "star-barcode",
  "symbol",
  "graphics",
  "symbol-data",
  "symbol-print",
  "qr-inline",
  "image",
  "image-store",
  "image-print",
  "raster-begin",
  "raster-row",
  "raster-end",
] as const;

/** What a command does to what is printed. */
export type Effect = (typeof effectNames)[number];

/** One command: its leading bytes, how long it is and what it does. */
export interface CommandRow {
  /** The bytes it is known by: one to four. Its parameters follow. */
  readonly prefix: readonly number[];
  readonly frame: Frame;
  /** The length of every such command, or 0 when it is not always the same. */
  readonly size: number;
  readonly effect: Effect;
  /** Place of the effect in {@link effectNames}. */
  readonly effectIndex: number;
  /** Whether its whole data is needed. If not, only the first bytes are kept and the rest is skipped unseen. */
  readonly held: boolean;
}

/** Characters and numbers, as they follow each other in a command. */
type Bytes = string | number;

const noBytes = new Uint8Array(0);

/** A row of a command table. `held`: the decoder needs all of its data. */
export function row(
  lead: number,
  code: Bytes | readonly Bytes[],
  frame: Frame,
  effect: Effect = "none",
  held = false,
): CommandRow {
  const codes = (Array.isArray(code) ? code : [code]) as readonly Bytes[];
  const rest = codes.flatMap((one) => (typeof one === "number" ? [one] : Array.from(Buffer.from(one, "latin1"))));
  // A frame that answers without a byte to look at always answers the same.
  const size = Math.max(0, frame(noBytes, 0, 0));
  return { prefix: [lead, ...rest], frame, size, effect, effectIndex: effectNames.indexOf(effect), held };
}

/** The same frame for several codes of one lead byte, or of the lead bytes `lead`. */
export function rows(
  lead: number | readonly number[],
  codes: string | readonly number[],
  frame: Frame,
  effect: Effect = "none",
): readonly CommandRow[] {
  const [first = 0, ...more] = typeof lead === "number" ? [lead] : lead;
  const all: readonly Bytes[] = typeof codes === "string" ? codes.split("") : codes;
  return all.map((code) => row(first, [...more, code], frame, effect));
}

/** Commands of a single byte. */
export function singles(bytes: readonly number[], frame: Frame, effect: Effect = "none"): readonly CommandRow[] {
  return bytes.map((byte) => row(byte, [], frame, effect));
}
