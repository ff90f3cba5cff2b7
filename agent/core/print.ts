/**
 * What a print stream says, in the order it was printed. Offsets count bytes from the start of the stream; `startOffset` is the
 * position of the first byte of the command or line, `endOffset` the position after its last byte.
 */
export type PrintEvent =
  /**
   * A line was laid out. `text` keeps columns: wide characters take two, trailing blanks are dropped. `startOffset` is where the line
   * before it ended, so that lines and the commands between them leave no gap.
   */
  | { readonly type: "line"; readonly text: string; readonly startOffset: number; readonly endOffset: number }
  | {
      readonly type: "barcode";
      /** E.g. `code128`, `ean13`, `pdf417`. */
      readonly symbology: string;
      readonly data: string;
      readonly startOffset: number;
      readonly endOffset: number;
    }
  | { readonly type: "qr"; readonly data: string; readonly startOffset: number; readonly endOffset: number }
  /** A picture. Its bytes stand in the stream between the two offsets. */
  | { readonly type: "image"; readonly startOffset: number; readonly endOffset: number }
  | { readonly type: "cut"; readonly startOffset: number; readonly endOffset: number }
  | { readonly type: "drawer"; readonly startOffset: number; readonly endOffset: number }
  /**
   * What a line display on the same line showed when the printer was selected again; its rows are separated by a line feed. No part of
   * a slip: nothing of it was printed.
   */
  | { readonly type: "display"; readonly text: string; readonly startOffset: number; readonly endOffset: number }
  /** The printer was initialised: a hint that a print job begins, no proof. */
  | { readonly type: "reset"; readonly startOffset: number; readonly endOffset: number }
  /** Bytes no command table knows, skipped. */
  | { readonly type: "unknown"; readonly startOffset: number; readonly endOffset: number }
  /** A command that stopped in the middle. At `endOffset` another print job begins, or the stream ended. */
  | { readonly type: "broken"; readonly startOffset: number; readonly endOffset: number };

/** Turns print bytes into events as they arrive. Never throws, never loops, holds at most one command and one line. */
export interface PrintDecoder {
  /** Takes the next bytes; any split of a stream into chunks gives the same events. */
  feed(bytes: Uint8Array): readonly PrintEvent[];
  /**
   * The line fell silent or ended: gives out an unfinished line, and an unfinished command as `broken`. What is fed afterwards begins
   * something new, with the settings the printer had.
   */
  end(): readonly PrintEvent[];
}

/** Makes a decoder for a stream; `startOffset` is the stream position of the first byte it will be fed. */
export type NewPrintDecoder = (startOffset: number) => PrintDecoder;
