import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPrintDecoder } from "../../../../../drivers/printer/decoder/print-decoder.ts";
import { bytesOf, cutInto, eventsOf } from "./decode-with.ts";

const ESC = 0x1b;
const GS = 0x1d;
const receipt = bytesOf(
  ESC,
  "@",
  0x1c,
  "&",
  ESC,
  "a",
  1,
  "SHOP\n",
  "TOTAL        12.00\n",
  GS,
  "(k",
  8,
  0,
  "1P0hello",
  GS,
  "(k",
  3,
  0,
  "1Q0",
  GS,
  "k",
  73,
  5,
  "{BABC",
  GS,
  "v0",
  0,
  8,
  0,
  20,
  0,
  new Uint8Array(160).fill(0x1b),
  "THANKS\n",
  GS,
  "V",
  1,
);

/** Bytes that are often commands, often cut short. */
const stream = fc
  .array(
    fc.oneof(
      fc.constant(receipt),
      fc.nat(receipt.length).map((length) => receipt.subarray(0, length)),
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(fc.constantFrom(ESC, 0x1c, GS, 0x10, 0x1f), fc.uint8Array({ maxLength: 12 }))
        .map(([lead, rest]) => bytesOf(lead, rest)),
      fc.string({ maxLength: 30 }).map((text) => bytesOf(text, "\r\n")),
    ),
    { maxLength: 8 },
  )
  .map((parts) => bytesOf(...parts));

describe("the ESC/POS decoder", () => {
  it("gives the same events however a stream is split", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }), (bytes, sizes) => {
        const whole = eventsOf(bytes);
        expect(eventsOf(cutInto(bytes, sizes))).toEqual(whole);
        expect(eventsOf(cutInto(bytes, [1]))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same events for a command that is too long to be held, however it is split", () => {
    const long = bytesOf(GS, "(k", 0x2b, 0x23, "1P0", new Uint8Array(9000).fill(0x78), GS, "(k", 3, 0, "1Q0", "end\n");
    const whole = eventsOf(long);
    expect(whole.map((event) => event.type)).toEqual(["line"]);
    for (const size of [1, 7, 64, 4096, 8192]) expect(eventsOf(cutInto(long, [size]))).toEqual(whole);
  });

  it("never throws, keeps offsets inside the stream and lines in order, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.oneof(stream, fc.uint8Array({ maxLength: 3000 })), (bytes) => {
        let lastEnd = 0;
        for (const event of eventsOf(bytes)) {
          expect(event.startOffset).toBeLessThan(event.endOffset);
          expect(event.endOffset).toBeLessThanOrEqual(bytes.length);
          if (event.type !== "line") continue;
          expect(event.startOffset).toBeGreaterThanOrEqual(lastEnd);
          lastEnd = event.endOffset;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("holds a bounded amount of memory over ten million bytes of noise", () => {
    const noise = mutated(200_000);
    const decoder = createPrintDecoder({ startOffset: 0 });
    let events = 0;
    const before = process.memoryUsage().heapUsed;
    for (let fed = 0; fed < 10_000_000; fed += noise.length) events += decoder.feed(noise).length;
    expect(events).toBeGreaterThan(0);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
  });
});

/** Receipts with every tenth byte changed, from a fixed seed. */
function mutated(length: number): Uint8Array {
  let seed = 12_345;
  const next = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 8;
  return Uint8Array.from({ length }, (_, i) => (next() % 10 === 0 ? next() % 256 : (receipt[i % receipt.length] ?? 0)));
}
