import type { PrintEvent } from "../core/print.ts";

/** Where lines begin again after two feeds or more; a reset before them belongs to them. */
export function blockStarts(events: readonly PrintEvent[]): readonly number[] {
  const starts: number[] = [0];
  let feeds = 0;
  let begun: number | undefined;
  for (const [index, event] of events.entries()) {
    if (event.type === "line" && event.text === "") {
      feeds += 1;
      begun = undefined;
      continue;
    }
    if (event.type === "display") continue;
    begun ??= index;
    if (event.type !== "line") continue;
    if (feeds >= 2 && begun > 0) starts.push(begun);
    feeds = 0;
    begun = undefined;
  }
  return starts;
}
