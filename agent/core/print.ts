/**
 * What a print stream says, in the order it was printed. Offsets count bytes from the start of the stream; `endOffset` is
 * the position after the last byte of the command or line.
 */
export type PrintEvent =
  /** A line was laid out. `text` keeps columns: wide characters take two, trailing blanks are dropped. */
  | { readonly type: "line"; readonly text: string; readonly startOffset: number; readonly endOffset: number }
  | { readonly type: "barcode"; readonly symbology: string; readonly data: string; readonly endOffset: number }
  | { readonly type: "qr"; readonly data: string; readonly endOffset: number }
  | { readonly type: "image"; readonly endOffset: number }
  | { readonly type: "cut"; readonly endOffset: number }
  | { readonly type: "drawer"; readonly endOffset: number }
  /** Bytes no command table knows, skipped. */
  | { readonly type: "unknown"; readonly startOffset: number; readonly endOffset: number };

/** Turns print bytes into events as they arrive. Never throws, never loops, holds at most one command and one line. */
export interface PrintDecoder {
  /** Takes the next bytes; any split of a stream into chunks gives the same events. */
  feed(bytes: Uint8Array): readonly PrintEvent[];
  /** Flushes an unfinished line or command. The decoder is not used afterwards. */
  end(): readonly PrintEvent[];
}

/** Makes a decoder for a stream; `startOffset` is the stream position of the first byte it will be fed. */
export type NewPrintDecoder = (startOffset: number) => PrintDecoder;
