import { describe, expect, it } from "vitest";
import { bytesOf, cutInto, eventsOf, linesOf } from "./decode-with.ts";

const ESC = 0x1b;
const US = 0x1f;
const on = bytesOf(ESC, "=", 2);
const off = bytesOf(ESC, "=", 1);

/** What the display showed each time the printer was selected again. */
function shown(bytes: Uint8Array): readonly string[] {
  return eventsOf(bytes).flatMap((event) => (event.type === "display" ? [event.text] : []));
}

describe("bytes for a customer display", () => {
  it("are told apart from the receipt, with where they stand", () => {
    const show = bytesOf(0x0c, "Apple", US, "$", 1, 2, "TOTAL", US, "$", 16, 2, "12.00");
    const stream = bytesOf("a", on, show, off, "b\n");
    expect(linesOf(eventsOf(stream))).toEqual(["ab"]);
    expect(shown(stream)).toEqual(["Apple\nTOTAL          12.00"]);
    expect(eventsOf(stream)[0]).toMatchObject({ startOffset: 4, endOffset: 4 + show.length + 3 });
    expect(eventsOf(cutInto(stream, [1]))).toEqual(eventsOf(stream));
  });

  it("stay on the display while the printer prints", () => {
    expect(shown(bytesOf(on, 0x0c, "Apple\n\r", off, "x\n", on, "1.00", off))).toEqual(["Apple", "Apple\n1.00"]);
  });

  it("are told before a clearing wipes them out", () => {
    expect(shown(bytesOf(on, 0x0c, "one", 0x0c, "two", ESC, "@", "three", off))).toEqual(["one", "two", "three"]);
  });

  it("go on in the second row where the first is full, and over the first one after it", () => {
    expect(shown(bytesOf(on, "12345678901234567890second", off))).toEqual(["12345678901234567890\nsecond"]);
    expect(shown(bytesOf(on, "x".repeat(40), "y", off))).toEqual([`y${"x".repeat(19)}\n${"x".repeat(20)}`]);
  });

  it("begin no line of the receipt that follows", () => {
    const display = bytesOf(on, "Welcome", off);
    const line = eventsOf(bytesOf(display, "SHOP\n")).find((event) => event.type === "line");
    expect(line?.startOffset).toBe(display.length);
  });

  it("say nothing when nothing was shown", () => {
    expect(shown(bytesOf(on, off, on, US, "X", 4, off))).toEqual([]);
  });
});
