import * as fc from "fast-check";
import { expect, it } from "vitest";
import { encodeFrame, FrameReader } from "../../../../drivers/relay-frames.ts";

it("puts messages together again, however the socket cut them", () => {
  const message = fc.record({ type: fc.string(), bytes: fc.uint8Array({ maxLength: 300 }), id: fc.integer() });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), fc.array(fc.nat(2_000)), (messages, cuts) => {
      const stream = Buffer.concat(messages.map(encodeFrame));
      const places = [...cuts.map((cut) => cut % (stream.length + 1)), stream.length].toSorted((a, b) => a - b);
      const reader = new FrameReader();
      const read = places.flatMap((place, i) => reader.feed(stream.subarray(places[i - 1] ?? 0, place)));
      expect(read).toEqual(messages);
    }),
  );
});

it("refuses what is no message, and never holds more than one", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      const reader = new FrameReader();
      try {
        for (const byte of bytes) reader.feed(Uint8Array.of(byte));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
  expect(() => new FrameReader().feed(Buffer.from("ffffffff00", "hex"))).toThrow(RangeError);
});
