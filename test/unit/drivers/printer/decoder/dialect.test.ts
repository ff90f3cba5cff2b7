import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, cutInto, eventsOf, linesOf } from "./decode-with.ts";

const BEL = 0x07;
const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const RS = 0x1e;

/** Jobs in either dialect that read wrongly in the other one, in the ways encoders and POS software begin them. */
const starJobs = [
  bytesOf("      ", ESC, "@", 0x18, ESC, "E", ESC, GS, "t", 1, "SHOP\n\r", ESC, "F", "Apple\n\r", ESC, "d", 1),
  bytesOf(ESC, "@", ESC, RS, "a", 0, ESC, RS, "F", 0, ESC, " 0", ESC, "s00", "SHOP\nApple\n", ESC, "d3"),
  bytesOf(ESC, "@", ESC, "i", 1, 1, "SHOP\n", ESC, "i", 0, 0, "Apple\n", ESC, "d", 2),
  bytesOf(ESC, GS, "a", 1, "SHOP\nApple\n", ESC, "d", 0),
];
const escposJobs = [
  bytesOf(ESC, "@", ESC, "a", 1, ESC, "E", 1, "SHOP\n", ESC, "E", 0, "Apple\n", ESC, "d", 3, GS, "V", 1),
  bytesOf(ESC, "@", FS, "&", "SHOP\nApple\n", ESC, "d", 3, GS, "V", 66, 0),
  bytesOf(ESC, "@", ESC, "!", 0x30, "SHOP\nApple\n", ESC, "d", 3, GS, "V", 0),
  bytesOf("SHOP\nApple\n", GS, "V", 0),
];

/** What a job says, whatever its dialect. */
function said(bytes: Uint8Array): readonly string[] {
  return eventsOf(bytes).flatMap((event) =>
    event.type === "line" ? (event.text === "" ? [] : [event.text]) : event.type === "reset" ? [] : [event.type],
  );
}

describe("finding the dialect", () => {
  it.each(starJobs)("takes Star job %# for Star's", (job) => {
    expect(said(job)).toEqual(["SHOP", "Apple", "cut"]);
  });

  it.each(escposJobs)("takes ESC/POS job %# for ESC/POS", (job) => {
    expect(said(job)).toEqual(["SHOP", "Apple", "cut"]);
  });

  it("changes with the jobs on one line, however it is split", () => {
    const jobs = fc.array(fc.constantFrom(...starJobs.slice(0, 3), ...escposJobs.slice(0, 3)), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(jobs, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }), (chosen, sizes) => {
        const stream = bytesOf(...chosen);
        expect(said(stream)).toEqual(chosen.flatMap(() => ["SHOP", "Apple", "cut"]));
        const whole = eventsOf(stream);
        expect(eventsOf(cutInto(stream, sizes))).toEqual(whole);
        expect(eventsOf(cutInto(stream, [1]))).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it("changes in the middle of a job at a command that only the other dialect has", () => {
    const late = bytesOf("SHOP\n", ESC, "E", ESC, GS, "a", 1, "Apple\n", ESC, "d", 1);
    expect(said(late)).toEqual(["SHOP", "Apple", "cut"]);
    expect(said(bytesOf(starJobs[1] ?? "", "SHOP\n", GS, "!", 0x11, "Apple\n", GS, "V", 0))).toEqual([
      "SHOP",
      "Apple",
      "cut",
      "SHOP",
      "Apple",
      "cut",
    ]);
  });

  it("is not misled by the bytes of a picture or a symbol", () => {
    const picture = bytesOf(GS, "v0", 0, 4, 0, 2, 0, ESC, GS, "a", 1, ESC, RS, "F", 0);
    const symbol = bytesOf(GS, "(k", 7, 0, "1P0", ESC, GS, "a", 1);
    expect(said(bytesOf(ESC, "@", picture, symbol, "SHOP\n", ESC, "d", 1, GS, "V", 0))).toEqual([
      "image",
      "SHOP",
      "cut",
    ]);
  });

  it("gives way to a dialect that is configured", () => {
    const bytes = bytesOf(ESC, "@", "SHOP\n", ESC, "d", 1);
    expect(eventsOf(bytes, { dialect: "star" }).at(-1)?.type).toBe("cut");
    expect(eventsOf(bytes, { dialect: "escpos" }).at(-1)?.type).toBe("line");
    expect(eventsOf(starJobs[3] ?? bytes, { dialect: "escpos" })[0]?.type).toBe("unknown");
  });

  it("says a short slip that shows no dialect at the end at the latest", () => {
    expect(linesOf(eventsOf(bytesOf(ESC, "@", "SHOP")))).toEqual(["SHOP"]);
    expect(said(bytesOf(ESC, "p", 0, 25, 250))).toEqual(["drawer"]);
    expect(said(bytesOf(ESC, "@", BEL))).toEqual([]);
  });
});
