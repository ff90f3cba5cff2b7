import type { NewPrintDecoder } from "../core/print.ts";
import type { Transaction } from "../core/transaction.ts";
import { slipsOfCapture } from "./capture-slips.ts";
import { interpretSegment, type InterpretOptions } from "./interpret.ts";
import type { Profile } from "./profile.ts";

/** What reading a capture needs. */
export interface DecodeOptions extends InterpretOptions {
  readonly newDecoder: NewPrintDecoder;
  readonly profiles: readonly Profile[];
}

/** A slip of a capture and where its bytes stand. */
export type DecodedSlip = Transaction & { readonly startOffset: number; readonly endOffset: number };

/** Reads every slip of a whole capture, as if the connection had carried it and then closed. */
export function decodeCapture(bytes: Uint8Array, options: DecodeOptions): readonly DecodedSlip[] {
  return slipsOfCapture(bytes, options.profiles, options.newDecoder).map((segment) => ({
    ...interpretSegment(segment, options.profiles, options),
    startOffset: segment.startOffset,
    endOffset: segment.endOffset,
  }));
}
