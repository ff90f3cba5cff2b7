import { describe, expect, it } from "vitest";
import { bytesOf, eventsOf, linesOf } from "./decode-with.ts";

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const DLE = 0x10;

/** `count` bytes of data that are letters, so that a frame too short shows as text. */
const data = (count: number): Uint8Array => new Uint8Array(count).fill(0x78);
const zeros = (count: number): Uint8Array => new Uint8Array(count);

/** Whole commands as the command reference frames them. None of them prints text. */
const commands: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["DLE EOT 1", bytesOf(DLE, 4, 1)],
  ["DLE EOT 7 1", bytesOf(DLE, 4, 7, 1)],
  ["DLE ENQ", bytesOf(DLE, 5, 2)],
  ["DLE DC4 1", bytesOf(DLE, 0x14, 1, 0, 5)],
  ["DLE DC4 2", bytesOf(DLE, 0x14, 2, 1, 8)],
  ["DLE DC4 3", bytesOf(DLE, 0x14, 3, zeros(5))],
  ["DLE DC4 7", bytesOf(DLE, 0x14, 7, 1)],
  ["DLE DC4 8", bytesOf(DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8)],
  ...["<", "L", "S", "q", "v", "2"].map((code) => [`ESC ${code}`, bytesOf(ESC, code)] as const),
  ..." !%-3?CEFGMTUVartu{R".split("").map((code) => [`ESC ${code} n`, bytesOf(ESC, code, 1)] as const),
  ["ESC 4", bytesOf(ESC, "4")],
  ["ESC 4 with a parameter", bytesOf(ESC, "4", 0)],
  ["ESC $", bytesOf(ESC, "$", 0, 0)],
  ["ESC \\", bytesOf(ESC, "\\", 0, 0)],
  ["ESC f", bytesOf(ESC, "f", 0, 1)],
  ["ESC c 5", bytesOf(ESC, "c5", 0)],
  ["ESC B (beeper of Chinese printers)", bytesOf(ESC, "B", 3, 2)],
  ["ESC W", bytesOf(ESC, "W", zeros(8))],
  ["ESC * 8 dots", bytesOf(ESC, "*", 0, 5, 0, data(5))],
  ["ESC * 24 dots", bytesOf(ESC, "*", 33, 5, 0, data(15))],
  ["ESC &", bytesOf(ESC, "&", 3, 0x41, 0x42, 2, data(6), 4, data(12))],
  ["ESC D", bytesOf(ESC, "D", 8, 16, 24, 0)],
  ["ESC D without NUL", bytesOf(ESC, "D", 8, 16, 1)],
  ["ESC (", bytesOf(ESC, "(A", 4, 0, data(4))],
  ["FS &, FS .", bytesOf(FS, "&", FS, ".")],
  ["FS ! - C W", bytesOf(FS, "!", 0, FS, "-", 0, FS, "C", 0, FS, "W", 0)],
  ["FS ? S p", bytesOf(FS, "?", 1, 1, FS, "S", 0, 0, FS, "p", 1, 0)],
  ["FS ( C", bytesOf(FS, "(C", 2, 0, 48, 1)],
  ["FS 2", bytesOf(FS, "2", 0x77, 0x21, data(72))],
  ["FS q", bytesOf(FS, "q", 2, 1, 0, 1, 0, data(8), 2, 0, 1, 0, data(16))],
  ["FS g 1", bytesOf(FS, "g", 1, 0, zeros(4), 3, 0, data(3))],
  ["FS g 2", bytesOf(FS, "g", 2, zeros(7))],
  ["FS a 0", bytesOf(FS, "a", 0, 1)],
  ["FS a 1", bytesOf(FS, "a", 1)],
  ["FS } (Pyramid)", bytesOf(FS, "}%", 6, data(6))],
  ["GS : and GS c", bytesOf(GS, ":", GS, "c")],
  ..."!/BEHITabfhjrwZ#".split("").map((code) => [`GS ${code} n`, bytesOf(GS, code, 1)] as const),
  ..."$LPW\\".split("").map((code) => [`GS ${code} nL nH`, bytesOf(GS, code, 0, 0)] as const),
  ["GS ^ and GS z", bytesOf(GS, "^", 1, 1, 0, GS, "z", 0, 1, 1)],
  ..."ABCDEHKLMNPQz".split("").map((code) => [`GS ( ${code}`, bytesOf(GS, "(", code, 5, 0, data(5))] as const),
  ["GS ( L of 3000 bytes", bytesOf(GS, "(L", 0xb8, 0x0b, data(3000))],
  ["GS 8 L", bytesOf(GS, "8L", 0x70, 0x11, 1, 0, data(70_000))],
  ["GS *", bytesOf(GS, "*", 2, 3, data(48))],
  ["GS v 0", bytesOf(GS, "v0", 0, 4, 0, 3, 0, data(12))],
  ["GS v 0 of 40,000 bytes", bytesOf(GS, "v0", 0, 100, 0, 0x90, 1, data(40_000))],
  ["GS Q 0", bytesOf(GS, "Q0", 0, 4, 0, 3, 0, data(12))],
  ["GS k in form A", bytesOf(GS, "k", 4, "ABC", 0)],
  ["GS k in form B", bytesOf(GS, "k", 73, 5, "{BABC")],
  ["GS C 0, 1, 2", bytesOf(GS, "C0", 4, 1, GS, "C1", 1, 0, 9, 0, 1, 1, GS, "C2", 7, 0)],
  ["GS C ;", bytesOf(GS, "C;1;100;1;1;1;")],
  ["GS D", bytesOf(GS, "D0C0", zeros(6), 7, 0, 0, 0, data(5), data(0)).subarray(0, 16)],
  ["GS g 0", bytesOf(GS, "g0", 0, 20, 0)],
];

describe("framing of ESC/POS commands", () => {
  it.each(commands)("%s is taken whole", (_name, command) => {
    const events = eventsOf(bytesOf("A\n", command, "Z\n"));
    expect(linesOf(events).filter((line) => line !== "")).toEqual(["A", "Z"]);
    expect(events.filter((event) => event.type === "unknown" || event.type === "broken")).toEqual([]);
    expect(events.at(-1)?.endOffset).toBe(command.length + 4);
  });

  it.each(commands)("%s cut short at any byte is reported as broken or leaves nothing", (_name, command) => {
    const step = Math.max(1, Math.floor(command.length / 50));
    for (let length = 1; length < command.length; length += step) {
      const events = eventsOf(bytesOf("A\n", command.subarray(0, length)));
      expect(events.at(-1)?.endOffset).toBeLessThanOrEqual(length + 2);
    }
  });

  it("reports a command it does not know and reads on behind it", () => {
    const events = eventsOf(bytesOf("A\n", ESC, 0x7f, "B\n", GS, 0x01, "C\n"));
    expect(linesOf(events)).toEqual(["A", "B", "C"]);
    expect(events.filter((event) => event.type === "unknown")).toEqual([
      { type: "unknown", startOffset: 2, endOffset: 4 },
      { type: "unknown", startOffset: 6, endOffset: 7 },
    ]);
  });

  it("takes a length field of more than 16 MiB for noise", () => {
    const events = eventsOf(bytesOf(GS, "8L", 0xff, 0xff, 0xff, 0xff, "\nZ\n"));
    expect(linesOf(events).at(-1)).toBe("Z");
  });
});
