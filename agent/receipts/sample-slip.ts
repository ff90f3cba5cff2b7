import type { NewPrintDecoder } from "../core/print.ts";
import { slipsOfCapture } from "./capture-slips.ts";
import type { Profile } from "./profile.ts";
import type { Sample } from "./sample-schema.ts";
import type { Segment } from "./splitter.ts";

/** How captured bytes become events. */
export type NewSampleDecoder = (charset: string | undefined) => NewPrintDecoder;

/** A sample with its bytes at hand, or with the reason why they are not. */
export interface ReadySample {
  readonly sample: Sample;
  /** Bytes of `capture` or `base64`; absent for `text`. */
  readonly bytes?: Uint8Array;
}

/** The slip a sample speaks of, as the splitter would hand it out; `undefined` when the capture has no such slip. */
export function slipOfSample(
  { sample, bytes }: ReadySample,
  profile: Profile,
  newDecoder: NewSampleDecoder,
): Segment | undefined {
  if (bytes === undefined) return slipOfText(sample.text ?? "", sample.qrCodes ?? []);
  return slipsOfCapture(bytes, [profile], newDecoder(sample.charset))[sample.slip - 1];
}

/** A slip that has these lines and was cut off. */
function slipOfText(text: string, qrCodes: readonly string[]): Segment {
  const all = text.split(/\r?\n/).map((line) => line.trimEnd());
  const from = all.findIndex((line) => line !== "");
  const lines = from < 0 ? [] : all.slice(from, all.findLastIndex((line) => line !== "") + 1);
  const at = { startOffset: 0, endOffset: 0 };
  return {
    ...at,
    end: "cut",
    events: lines.map((line) => ({ type: "line", text: line, ...at })),
    lines,
    barcodes: [],
    qrCodes,
    unknownBytes: 0,
    blank: lines.length === 0,
  };
}
