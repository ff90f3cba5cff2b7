import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { bytesOf, eventsOf, linesOf } from "./decode-with.ts";

const BEL = 0x07;
const ESC = 0x1b;
const GS = 0x1d;
const RS = 0x1e;
const data = (count: number): Uint8Array => new Uint8Array(count).fill(0x78);
const zeros = (count: number): Uint8Array => new Uint8Array(count);

/** Whole commands as Star's command specifications frame them. None of them prints text. */
const commands: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ..."EF45MP:g012Oq".split("").map((code) => [`ESC ${code}`, bytesOf(ESC, code)] as const),
  ..." -_lQzhWRNyIC3/%".split("").map((code) => [`ESC ${code} n`, bytesOf(ESC, code, 1)] as const),
  ["ESC a and ESC J (feed)", bytesOf(ESC, "a", 2, ESC, "J", 8)],
  ["ESC $", bytesOf(ESC, "$", 0)],
  ["ESC s and ESC t", bytesOf(ESC, "s", 0, 0, ESC, "t", 0, 0)],
  ["ESC i", bytesOf(ESC, "i", 0, 0)],
  ["ESC BEL", bytesOf(ESC, BEL, 20, 20)],
  ["ESC ACK", bytesOf(ESC, 6, 1)],
  ["ESC D", bytesOf(ESC, "D", 8, 16, 0)],
  ["ESC #", bytesOf(ESC, "#N,3", 0x0a, 0)],
  ["ESC K and ESC L", bytesOf(ESC, "K", 5, 0, data(5), ESC, "L", 4, 1, data(260))],
  ["ESC X", bytesOf(ESC, "X", 7, 0, data(21))],
  ["ESC k", bytesOf(ESC, "k", 3, 0, data(72))],
  ["ESC FS p and ESC FS q", bytesOf(ESC, 0x1c, "p", 1, 0, ESC, 0x1c, "q", 1, 1, 0, 2, 0, data(16))],
  ["ESC RS a, F, d, r", bytesOf(ESC, RS, "a", 0, ESC, RS, "F", 0, ESC, RS, "d", 3, ESC, RS, "r", 1)],
  ["ESC GS a and ESC GS t", bytesOf(ESC, GS, "a", 0, ESC, GS, "t", 1)],
  ["ESC GS A and ESC GS R", bytesOf(ESC, GS, "A", 0, 0, ESC, GS, "R", 0, 0)],
  ["ESC GS ETX", bytesOf(ESC, GS, 3, 1, 0, 0)],
  ["ESC GS S", bytesOf(ESC, GS, "S", 1, 5, 0, 6, 0, 0, data(30))],
  ["ESC GS S of 40,000 bytes", bytesOf(ESC, GS, "S", 1, 100, 0, 0x90, 1, 0, data(40_000))],
  ["ESC GS ) U", bytesOf(ESC, GS, ")U", 2, 0, 48, 0)],
  ["ESC GS P", bytesOf(ESC, GS, "P0", ESC, GS, "P3", zeros(8), ESC, GS, "P4", 1, 0, ESC, GS, "P7", ESC, GS, "P1")],
  ["ESC GS y S", bytesOf(ESC, GS, "yS0", 2, ESC, GS, "yS1", 0, ESC, GS, "yS2", 3)],
  ["ESC GS y D and P", bytesOf(ESC, GS, "yD1", 0, 5, 0, data(5), ESC, GS, "yP", ESC, GS, "yI")],
  ["ESC GS x S", bytesOf(ESC, GS, "xS0", 0, 1, 2, ESC, GS, "xS1", 2, ESC, GS, "xS2", 2, ESC, GS, "xS3", 2)],
  ["ESC GS x D and P", bytesOf(ESC, GS, "xD", 5, 0, data(5), ESC, GS, "xP")],
  ["ESC b", bytesOf(ESC, "b", 6, 2, 2, 60, "ABC", RS)],
  ["raster mode", bytesOf(ESC, "*rA", ESC, "*rP0", 0, "b", 3, 0, data(3), "k", 4, 0, data(4), 0, ESC, "*rB")],
];

/** Says that the stream is Star's, as encoders do. */
const hello = bytesOf(ESC, "@", ESC, RS, "a", 0);

describe("framing of Star commands", () => {
  it.each(commands)("%s is taken whole", (_name, command) => {
    for (const events of [
      eventsOf(bytesOf("A\n", command, "Z\n"), { dialect: "star" }),
      eventsOf(bytesOf(hello, "A\n", command, "Z\n")),
    ]) {
      expect(linesOf(events).filter((line) => line !== "")).toEqual(["A", "Z"]);
      expect(events.filter((event) => event.type === "unknown" || event.type === "broken")).toEqual([]);
    }
  });
});

describe("Star commands", () => {
  const types = (bytes: Uint8Array): readonly string[] => eventsOf(bytes, { dialect: "star" }).map(({ type }) => type);

  it("cut, kick the drawer and print pictures", () => {
    expect(types(bytesOf(ESC, "d", 3, BEL, 0x1a, ESC, GS, "S", 1, 1, 0, 1, 0, 0, 9))).toEqual([
      "cut",
      "drawer",
      "drawer",
      "image",
    ]);
  });

  it("print the rows of a raster as one picture", () => {
    const rows = bytesOf("b", 2, 0, 1, 2, "b", 2, 0, 3, 4, ESC, "*rY8", 0, "b", 1, 0, 5);
    const events = eventsOf(bytesOf(ESC, "*rA", rows, ESC, 0x0c, 0, ESC, "*rB", "text\n"), { dialect: "star" });
    expect(events.map(({ type }) => type)).toEqual(["image", "cut", "line"]);
    expect(events[0]).toMatchObject({ startOffset: 4, endOffset: 4 + rows.length });
    expect(linesOf(events)).toEqual(["text"]);
  });

  it("print text again when the end of raster mode got lost", () => {
    const events = eventsOf(bytesOf(ESC, "*rA", "b", 1, 0, 9, "Total 5\n"), { dialect: "star" });
    expect(linesOf(events)).toEqual(["Total 5"]);
  });

  it("carry bar codes and symbols as data", () => {
    const stream = bytesOf(
      [ESC, "b", 3, 2, 2, 60, "400638133393", RS],
      [ESC, "b", "6", "2", "2", 60, "50%0%@", RS],
      [ESC, GS, "yD1", 0, 5, 0, "hello", ESC, GS, "yP", ESC, GS, "yP"],
      [ESC, GS, "xD", 3, 0, "pdf", ESC, GS, "xP"],
    );
    const told = eventsOf(stream, { dialect: "star" }).map((event) =>
      event.type === "barcode" ? `${event.symbology}:${event.data}` : event.type === "qr" ? event.data : event.type,
    );
    expect(told).toEqual(["ean13:400638133393", "code128:50%\0", "hello", "hello", "pdf417:pdf"]);
  });

  it("choose code pages, UTF-8 and Shift_JIS", () => {
    const lines = (...bytes: readonly (string | number | Uint8Array)[]): readonly string[] =>
      linesOf(eventsOf(bytesOf(...bytes, "\n"), { dialect: "star" }));
    expect(lines(ESC, GS, "t", 4, 0xd5)).toEqual(["€"]);
    expect(lines(ESC, GS, "t", 32, 0x80)).toEqual(["€"]);
    expect(lines(ESC, GS, ")U", 2, 0, 48, 1, Buffer.from("合计 €"))).toEqual(["合计 €"]);
    expect(lines(ESC, "$1", ESC, "R8", iconv.encode("合計 ", "shiftjis"), 0x5c, "980")).toEqual(["合計 ¥980"]);
    expect(lines(ESC, "$0", 0x95, 0x95, 0xb1)).toEqual(["──ｱ"]);
    expect(lines(ESC, "RD", iconv.encode("합계", "euckr"))).toEqual(["합계"]);
  });

  it("place text in columns, also in wide characters", () => {
    const stream = bytesOf(ESC, "i", 0, 1, "ab", ESC, "i", 0, 0, ESC, GS, "A", 96, 0, "c", ESC, GS, "R", 24, 0, "d\n");
    expect(linesOf(eventsOf(stream, { dialect: "star" }))).toEqual(["ab    c  d"]);
    expect(linesOf(eventsOf(bytesOf(0x0e, "ab", 0x14, "\tc\n"), { dialect: "star" }))).toEqual(["ab    c"]);
  });

  it("take LF CR as one line end", () => {
    expect(linesOf(eventsOf(bytesOf("a\n\rb\n\r"), { dialect: "star" }))).toEqual(["a", "b"]);
  });

  it("give up a raster cut short where the next job begins", () => {
    const job = bytesOf(ESC, "@", 0x18, ESC, "E", ESC, GS, "t", 1, "Second receipt", ESC, "F\n", ESC, "d", 1);
    const cutShort = bytesOf(ESC, GS, "S", 1, 100, 0, 100, 0, 0, new Uint8Array(300).fill(0xaa));
    for (const options of [{ dialect: "star" }, {}] as const) {
      const events = eventsOf(bytesOf(hello, "first\n", cutShort, job), options);
      expect(events.map((event) => event.type)).toEqual(["reset", "line", "broken", "reset", "line", "cut"]);
      expect(linesOf(events)).toEqual(["first", "Second receipt"]);
    }
  });
});
