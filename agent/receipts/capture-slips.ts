import type { NewPrintDecoder } from "../core/print.ts";
import { redactPans } from "./pan.ts";
import { headerTest, type Profile } from "./profile.ts";
import { slipsWithin } from "./slips-within.ts";
import { Splitter, type Segment } from "./splitter.ts";

/** The slips of a whole capture, feeds and drawer kicks between them left out and card numbers masked. */
export function slipsOfCapture(
  bytes: Uint8Array,
  profiles: readonly Profile[],
  newDecoder: NewPrintDecoder,
): readonly Segment[] {
  const decoder = newDecoder(0);
  const splitter = new Splitter({ startOffset: 0, isHeader: headerTest(profiles) });
  const segments = [...splitter.feed(decoder.feed(redactPans(bytes))), ...splitter.feed(decoder.end())];
  const last = splitter.flush("closed", bytes.length);
  return [...segments, ...(last === undefined ? [] : [last])]
    .filter((segment) => !segment.blank)
    .flatMap((segment) => slipsWithin(segment, profiles));
}
