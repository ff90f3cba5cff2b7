import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locateNdef, parseCapabilityContainer } from "../../../../drivers/nfc/type2-memory.ts";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");

describe("the capability container", () => {
  it("of an NTAG213 announces 144 bytes", () => {
    expect(parseCapabilityContainer(bytes("e1101200"))).toEqual({ dataAreaBytes: 144 });
  });

  it("of a blank Ultralight, another version or a cut page is none", () => {
    for (const page of ["00000000", "e1201200", "e1100000", "e110", ""]) {
      expect(parseCapabilityContainer(bytes(page))).toBeUndefined();
    }
  });
});

describe("the NDEF message in the data area", () => {
  it("is found behind lock and memory control blocks", () => {
    const area = bytes("00 01 03 a0 0c 34 03 02 d0 00 fe");
    expect(locateNdef(area, 144)).toEqual({ state: "found", start: 8, end: 10 });
  });

  it("is found with a three-byte length", () => {
    const area = Buffer.concat([bytes("03 ff 01 00"), Buffer.alloc(256), bytes("fe")]);
    expect(locateNdef(area, 504)).toEqual({ state: "found", start: 4, end: 260 });
  });

  it("asks for as much as it needs to know where it ends", () => {
    expect(locateNdef(bytes("03 20 d1"), 144)).toEqual({ state: "more", needed: 34 });
  });

  it("is none before a terminator, past the end of the area or in an empty one", () => {
    expect(locateNdef(bytes("fe 03 02 d0 00"), 144)).toEqual({ state: "none" });
    expect(locateNdef(bytes("03 91 d1 01"), 144)).toEqual({ state: "none" });
    expect(locateNdef(Buffer.alloc(144), 144)).toEqual({ state: "none" });
  });

  it("is found with the same result however little is read at a time, in bounded steps", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 144 }), fc.integer({ min: 1, max: 16 }), (area, step) => {
        const whole = locateNdef(area, area.length);
        let have = 0;
        for (let steps = 0; steps <= area.length; steps++) {
          const place = locateNdef(area.subarray(0, have), area.length);
          if (place.state !== "more") {
            expect(place).toEqual(whole);
            return;
          }
          expect(place.needed).toBeGreaterThan(have);
          have = Math.min(have + step, area.length);
        }
        expect.unreachable("it asks for ever more");
      }),
    );
  });
});
