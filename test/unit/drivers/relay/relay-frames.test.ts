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

/** The messages in some bytes, and whether they were refused behind them. */
function readOf(pieces: readonly Uint8Array[]): { readonly read: readonly unknown[]; readonly isRefused: boolean } {
  const reader = new FrameReader();
  const read: unknown[] = [];
  try {
    for (const piece of pieces) read.push(...reader.feed(piece));
  } catch {
    return { read, isRefused: true };
  }
  return { read, isRefused: false };
}

it("refuses what is no message at the same place however it comes, and reads the whole messages before it", () => {
  const noMessage = fc.constantFrom(
    Buffer.from("ffffffff", "hex"),
    Buffer.from("00000001ff", "hex"),
    Buffer.from("00000000", "hex"),
    Buffer.from("00400001", "hex"),
  );
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 5 }), noMessage, (texts, garbage) => {
      const messages = texts.map((text) => ({ text }));
      const stream = Buffer.concat([...messages.map(encodeFrame), garbage]);
      const pieces = Array.from(stream, (byte) => Uint8Array.of(byte));
      expect(readOf(pieces)).toEqual({ read: messages, isRefused: true });
      expect(readOf([stream]).isRefused).toBe(true);
    }),
  );
});

it("takes any bytes in the same way one by one as together", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      const [one, whole] = [readOf(Array.from(bytes, (byte) => Uint8Array.of(byte))), readOf([bytes])];
      expect(one.isRefused).toBe(whole.isRefused);
      if (!one.isRefused) expect(one.read).toEqual(whole.read);
    }),
  );
});

it("waits for a message of 4 MiB, and for none that is longer", () => {
  expect(new FrameReader().feed(Buffer.from("00400000", "hex"))).toEqual([]);
  expect(() => new FrameReader().feed(Buffer.from("00400001", "hex"))).toThrow(RangeError);
});
