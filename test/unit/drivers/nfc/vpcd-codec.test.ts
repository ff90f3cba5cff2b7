import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeVpcd, VpcdDecoder, type VpcdMessage } from "../../../../drivers/nfc/vpcd-codec.ts";

const apdu = fc.uint8Array({ minLength: 2, maxLength: 300 }).map((bytes) => Buffer.from(bytes));

function wire(messages: readonly Uint8Array[]): Buffer {
  return Buffer.concat(messages.map(encodeVpcd));
}

describe("the vpcd codec", () => {
  it("reads the same messages however the bytes are split", () => {
    fc.assert(
      fc.property(fc.array(apdu, { maxLength: 8 }), fc.array(fc.nat({ max: 40 })), (apdus, cuts) => {
        const bytes = wire(apdus);
        const decoder = new VpcdDecoder();
        const messages: VpcdMessage[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          messages.push(...decoder.feed(bytes.subarray(at, at + cut)));
          at = Math.min(at + cut, bytes.length);
        }
        expect(messages).toEqual(apdus.map((each) => ({ type: "apdu", apdu: each })));
      }),
    );
  });

  it("knows the control codes and leaves out those nobody knows", () => {
    const messages = new VpcdDecoder().feed(wire([0, 1, 2, 3, 4].map((code) => Uint8Array.of(code))));
    expect(messages.map(({ type }) => type)).toEqual(["power-off", "power-on", "reset", "get-atr"]);
  });

  it("takes any bytes without throwing", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const decoder = new VpcdDecoder();
        expect(() => chunks.flatMap((chunk) => decoder.feed(chunk))).not.toThrow();
      }),
    );
  });
});
