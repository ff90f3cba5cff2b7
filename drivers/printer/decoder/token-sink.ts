import type { CommandRow } from "./command-row.ts";

/** Takes what a device prints or shows, in order. Offsets are stream positions. The bytes may be kept until the call of the tokenizer ends, later only after copying. */
export interface TextSink {
  /** A run of bytes from 0x20 up, the first at `offset`. A run may arrive in pieces. */
  text(bytes: Buffer, from: number, to: number, offset: number, isAscii: boolean): void;
  /** A control byte that is no command of its own, at `offset`. */
  control(byte: number, offset: number): void;
  /** A whole command. Of one that is longer than 8 KiB, or whose row is not held, only the first 16 bytes may be read. */
  command(row: CommandRow, bytes: Uint8Array, at: number, length: number, offset: number): void;
}

/** Takes what goes to a line display on the same line. */
export interface DisplaySink extends TextSink {
  /** The display is selected; the command that says so ends at `offset`. */
  selected(offset: number): void;
  /** The printer is selected again from `offset` on. */
  released(offset: number): void;
}

/** Takes what the tokenizer finds, in order. */
export interface TokenSink extends TextSink {
  /** Where the bytes for a line display go; nowhere when absent. */
  readonly display?: DisplaySink;
  /** Bytes that no table knows. */
  unknown(startOffset: number, endOffset: number): void;
  /** A command that stops in the middle: the stream ended, or something new begins at `endOffset`. */
  broken(startOffset: number, endOffset: number): void;
}
