import { describe, expect, it } from "vitest";
import type { PrintEvent } from "../../../agent/core/print.ts";
import { CharsetCache } from "../../../drivers/printer/decoder/charset-cache.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import { SeededRandom } from "../../../drivers/virtual/random.ts";
import { foreignStreams, generatedStreams, poslogReceipts, streamBytes, streamsAtHand } from "./stream-truth.ts";

const without = streamsAtHand ? "" : " (skipped: ../shared/receipts is absent)";
const charsets = new CharsetCache();
const streams = [
  ...generatedStreams().map((name) => `generated/${name}.bin`),
  ...poslogReceipts().map(({ file }) => `poslog/${file}`),
  ...foreignStreams().map((name) => `third-party/${name}`),
];

/** What the decoder says of a stream whose pieces have the sizes that `size` gives. */
function eventsOf(bytes: Uint8Array, size: () => number): readonly PrintEvent[] {
  const decoder = createPrintDecoder({ startOffset: 0, charsets });
  const events: PrintEvent[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = Math.min(bytes.length, at + size());
    events.push(...decoder.feed(bytes.subarray(at, next)));
    at = next;
  }
  return [...events, ...decoder.end()];
}

describe.skipIf(!streamsAtHand)(`streams in pieces${without}`, () => {
  it.each(streams)("%s says the same however it is split", (path) => {
    const bytes = streamBytes(path);
    const whole = eventsOf(bytes, () => bytes.length);
    const random = new SeededRandom(bytes.length);
    expect(eventsOf(bytes, () => 1)).toEqual(whole);
    for (const most of [3, 40, 700]) expect(eventsOf(bytes, () => random.between(1, most))).toEqual(whole);
  });
});

describe.skipIf(!streamsAtHand)(`text of the streams${without}`, () => {
  // These show whole code tables, in which some places are empty.
  const readable = streams.filter((path) => !path.includes("character-tables"));

  it.each(readable)("%s has nothing that cannot be read", (path) => {
    const events = eventsOf(streamBytes(path), () => 4096);
    const text = events.flatMap((event) => (event.type === "line" ? [event.text] : [])).join("");
    expect(Array.from(text).filter((character) => character < " " || character === "\uFFFD")).toEqual([]);
    expect(events.filter((event) => event.type === "unknown")).toEqual([]);
  });
});
