import type { NewPrintDecoder } from "../core/print.ts";
import type { Transaction } from "../core/transaction.ts";
import { interpretSegment, type InterpretOptions } from "./interpret.ts";
import { headerTest, type Profile } from "./profile.ts";
import { Splitter } from "./splitter.ts";

/** What reading a capture needs. */
export interface DecodeOptions extends InterpretOptions {
  readonly newDecoder: NewPrintDecoder;
  readonly profiles: readonly Profile[];
}

/** A slip of a capture and where its bytes stand. */
export type DecodedSlip = Transaction & { readonly startOffset: number; readonly endOffset: number };

/** Reads every slip of a whole capture, as if the connection had carried it and then closed. */
export function decodeCapture(bytes: Uint8Array, options: DecodeOptions): readonly DecodedSlip[] {
  const decoder = options.newDecoder(0);
  const splitter = new Splitter({ startOffset: 0, isHeader: headerTest(options.profiles) });
  const segments = [...splitter.feed(decoder.feed(bytes)), ...splitter.feed(decoder.end())];
  const last = splitter.flush("closed", bytes.length);
  return [...segments, ...(last === undefined ? [] : [last])]
    .filter((segment) => !segment.blank)
    .map((segment) => ({
      ...interpretSegment(segment, options.profiles, options),
      startOffset: segment.startOffset,
      endOffset: segment.endOffset,
    }));
}
