import { describe, expect, it } from "vitest";
import type { PrintEvent } from "../../../agent/core/print.ts";
import { Splitter } from "../../../agent/receipts/splitter.ts";

/** Events of one byte each, in a row. */
function events(...parts: readonly string[]): readonly PrintEvent[] {
  return parts.map((part, startOffset) => {
    const place = { startOffset, endOffset: startOffset + 1 };
    if (part === "cut" || part === "drawer" || part === "image" || part === "reset" || part === "broken") {
      return { type: part, ...place };
    }
    return { type: part.startsWith("display") ? "display" : "line", text: part, ...place };
  });
}

const isHeader = (line: string): boolean => line.startsWith("No.");

function split(all: readonly PrintEvent[]): readonly string[] {
  const splitter = new Splitter({ startOffset: 0, isHeader });
  const segments = [...splitter.feed(all)];
  const last = splitter.flush("closed", all.length);
  if (last !== undefined) segments.push(last);
  return segments.map(
    (segment) =>
      `${segment.startOffset}-${segment.endOffset} ${segment.end} ${segment.blank ? "blank" : segment.lines.join("|")}`,
  );
}

describe("Splitter", () => {
  it("ends a slip at the cut and gives the feeds behind it to no slip", () => {
    expect(split(events("a", "b", "cut", "", "", "c", "cut", "", ""))).toEqual([
      "0-3 cut a|b",
      "5-7 cut c",
      "7-9 closed blank",
    ]);
  });

  it("never splits on a drawer kick or on a reset", () => {
    expect(split(events("a", "drawer", "b", "reset", "c", "cut"))).toEqual(["0-6 cut a|b|c"]);
  });

  it("splits before the heading of the next slip when there is no cut", () => {
    expect(split(events("SHOP", "No.1", "x", "", "", "SHOP", "No.2", "y"))).toEqual([
      "0-5 header SHOP|No.1|x",
      "5-8 closed SHOP|No.2|y",
    ]);
    expect(split(events("SHOP", "No.1", "x", "reset", "SHOP", "No.2"))).toEqual([
      "0-3 header SHOP|No.1|x",
      "3-6 closed SHOP|No.2",
    ]);
    expect(split(events("No.1", "x", "No.2"))).toEqual(["0-2 header No.1|x", "2-3 closed No.2"]);
  });

  it("ends a slip where a command breaks off", () => {
    expect(split(events("a", "broken", "b", "cut"))).toEqual(["0-2 broken a", "2-4 cut b"]);
  });

  it("calls a picture alone a slip, a drawer kick alone none", () => {
    expect(split(events("drawer", "cut", "image", "cut"))).toEqual(["0-2 cut blank", "2-4 cut "]);
  });

  it("answers nothing for a flush without bytes, and shows the open slip without ending it", () => {
    const splitter = new Splitter({ startOffset: 7 });
    expect(splitter.flush("idle", 7)).toBeUndefined();
    splitter.feed(events("a"));
    expect(splitter.peek("idle", 8).lines).toEqual(["a"]);
    expect(splitter.flush("idle", 8)?.lines).toEqual(["a"]);
    expect(splitter.startOffset).toBe(8);
  });

  it("takes what a customer display shows for no part of a slip and for no boundary", () => {
    expect(split(events("display 1", "a", "display 2", "b", "cut", "display 3"))).toEqual([
      "1-5 cut a|b",
      "5-6 closed blank",
    ]);
    expect(split(events("SHOP", "No.1", "x", "", "display", "SHOP", "No.2"))).toEqual([
      "0-4 header SHOP|No.1|x",
      "5-7 closed SHOP|No.2",
    ]);
  });

  it("hands out a stream without cuts in parts", () => {
    const parts = split(events(...Array.from({ length: 5000 }, (_, i) => `line ${i}`)));
    expect(parts.map((part) => part.split(" ")[1])).toEqual(["full", "closed"]);
  });
});
