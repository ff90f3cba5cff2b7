import type { PrintEvent } from "../../../../../agent/core/print.ts";
import { createPrintDecoder, type PrintDecoderOptions } from "../../../../../drivers/printer/decoder/print-decoder.ts";

/** Text in Latin 1, bytes, and lists of them. */
type Part = string | number | Uint8Array | readonly Part[];

/** Bytes of text in Latin 1 and numbers, in order. */
export function bytesOf(...parts: readonly Part[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === "string") return Buffer.from(part, "latin1");
      if (typeof part === "number") return Buffer.of(part);
      return part instanceof Uint8Array ? part : bytesOf(...part);
    }),
  );
}

/** Everything a fresh decoder says about the bytes, fed in the given pieces. */
export function eventsOf(
  pieces: Uint8Array | readonly Uint8Array[],
  options: Partial<PrintDecoderOptions> = {},
): readonly PrintEvent[] {
  const decoder = createPrintDecoder({ startOffset: 0, ...options });
  const events = (pieces instanceof Uint8Array ? [pieces] : pieces).flatMap((piece) => decoder.feed(piece));
  return [...events, ...decoder.end()];
}

/** The texts of the lines among the events. */
export function linesOf(events: readonly PrintEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "line" ? [event.text] : []));
}

/** Cuts bytes into pieces of the given sizes, over and over. */
export function cutInto(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = Math.max(1, sizes[i % Math.max(1, sizes.length)] ?? 1);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
