import fc from "fast-check";
import { describe, expect, it } from "vitest";
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

const starReceipt = bytesOf(
  [
    ESC,
    "@",
    0x18,
    ESC,
    "E",
    ESC,
    GS,
    "t",
    1,
    "SHOP\n",
    ESC,
    "F",
    "TOTAL        12.00\n",
    ESC,
    "=",
    2,
    "x",
    ESC,
    "=",
    1,
  ],
  [ESC, GS, "yD1", 0, 5, 0, "hello", ESC, GS, "yP", ESC, "b", 6, 2, 2, 60, "ABC", 0x1e],
  [ESC, GS, "S", 1, 8, 0, 20, 0, 0, new Uint8Array(160).fill(0x1b), ESC, "*rA", "b", 3, 0, 1, 2, 3, ESC, "*rB"],
  ["THANKS\n", ESC, "d", 1],
);

/** Bytes that are often commands, often cut short. */
const stream = fc
  .array(
    fc.oneof(
      fc.constantFrom(receipt, starReceipt),
      fc.nat(receipt.length).map((length) => receipt.subarray(0, length)),
      fc.nat(starReceipt.length).map((length) => starReceipt.subarray(0, length)),
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(fc.constantFrom(ESC, 0x1c, GS, 0x10, 0x1f, 0x1e), fc.uint8Array({ maxLength: 12 }))
        .map(([lead, rest]) => bytesOf(lead, rest)),
      fc
        .tuple(fc.constantFrom("\u001D", "\u001E", "*r", "@", "=\u0002"), fc.uint8Array({ maxLength: 12 }))
        .map(([code, rest]) => bytesOf(ESC, code, rest)),
      fc.string({ maxLength: 30 }).map((text) => bytesOf(text, "\r\n")),
    ),
    { maxLength: 8 },
  )
  .map((parts) => bytesOf(...parts));

/** Found out most of the time, configured otherwise. */
const dialect = fc.constantFrom({}, {}, { dialect: "star" } as const, { dialect: "escpos" } as const);
const pieces = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });

describe("the decoder", () => {
  it("gives the same events however a stream is split", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(stream, dialect, pieces, (bytes, options, sizes) => {
        const whole = eventsOf(bytes, options);
        expect(eventsOf(cutInto(bytes, sizes), options)).toEqual(whole);
        expect(eventsOf(cutInto(bytes, [1]), options)).toEqual(whole);
      }),
      { numRuns: 300 },
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
      { numRuns: 300 },
    );
  });
});
