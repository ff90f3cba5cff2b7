import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Paper, PaperItem, PaperPage, PaperSymbol, TextRun } from "../../../agent/core/paper.ts";
import { drawSymbols } from "../../../agent/paper/draw-symbols.ts";
import { maskedPaper } from "../../../agent/paper/masked-paper.ts";
import { htmlPage } from "../../../agent/paper/page.ts";
import { pngOf } from "../../../agent/paper/png.ts";
import { bitmapOf, drawn } from "../../support/bitmaps.ts";
import { readPng } from "../../support/png-reader.ts";
import { readQr } from "../../support/qr-reader.ts";

const run: TextRun = {
  text: "",
  column: 0,
  columns: 0,
  scaleX: 1,
  scaleY: 1,
  bold: false,
  underline: false,
  inverse: false,
  small: false,
  red: false,
};

const line = (text: string, columns = text.length): PaperItem => ({
  type: "line",
  align: "left",
  text,
  runs: [{ ...run, text, columns }],
});

const symbol = (symbology: string, data: string): PaperSymbol => ({
  type: "symbol",
  align: "center",
  symbology,
  data,
  moduleDots: 4,
  heightDots: 60,
  letters: "below",
  level: "M",
});

const paper = (...items: readonly PaperItem[]): Paper => ({ columns: 32, dotsPerColumn: 12, items });

function page(items: readonly PaperItem[], words: string = "word"): string {
  const wanted: PaperPage = {
    lang: "en",
    title: words,
    words: { cut: words, broken: words, unknown: () => words, storedImage: (name) => name },
    sheets: [
      {
        heading: words,
        verdict: { text: words, tone: "good" },
        facts: [{ label: words, value: words }],
        notes: [words],
        paper: paper(...items),
      },
    ],
  };
  return htmlPage(wanted);
}

/** What is markup: tags with their attributes, in order. */
const tags = (html: string): readonly string[] => html.replace(/<style>[^]*<\/style>/, "").match(/<[^>]*>/g) ?? [];

describe("a page", () => {
  test("has no markup but its own, whatever was printed", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "<script>alert(1)</script>",
        `"><img src=x onerror=alert(1)>`,
        "</style><svg onload=a>",
        "'--><!--",
        "&lt;",
        "]]>",
        "\u0000<b>",
        "javascript:a",
        "`${a}`",
      ),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const items = (printed: string): readonly PaperItem[] => [
          line(printed, 3),
          symbol("code39", printed),
          symbol(printed, "x"),
          { type: "stored-image", align: "left", name: printed },
          { type: "cut" },
          { type: "unknown", startOffset: 0, endOffset: 1 },
        ];
        const own =
          /^<(?:!doctype html|\/?(?:html|head|body|main|article|header|title|style|h1|p|dl|dt|dd|ul|li|div|span|i|meta|img|svg|path)(?: (?:class|lang|title|role|viewBox|preserveAspectRatio|d|alt|charset|name|content|http-equiv)="[^"<>]*")*)>$/;
        const found = tags(page(items(text), text));
        expect(found.filter((tag) => !own.test(tag))).toEqual([]);
        expect(found.filter((tag) => /^<(?:img|svg|meta)/.test(tag))).toEqual(
          tags(page(items("x"), "x")).filter((tag) => /^<(?:img|svg|meta)/.test(tag)),
        );
      }),
    );
  });

  test("allows only its own style sheet, by its hash, and runs nothing", () => {
    const html = page([line("a"), { type: "image", align: "center", bitmap: bitmapOf(["#.#"]), scaleX: 1, scaleY: 1 }]);
    const style = /<style>([^]*)<\/style>/.exec(html)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(html).toContain(
      `content="default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(html).not.toMatch(/<script|<link|style="|url\(|@import|https?:|\bon[a-z]+=/i);
  });

  test("holds pictures as they are", () => {
    const arrow = bitmapOf(["..######.", "#........", ".#......#"]);
    const html = page([{ type: "image", align: "center", bitmap: arrow, scaleX: 2, scaleY: 1 }]);
    const data = /src="data:image\/png;base64,([^"]*)"/.exec(html)?.[1] ?? "";
    expect(drawn(readPng(Buffer.from(data, "base64")))).toEqual(drawn(arrow));
    expect(html).toMatch(/aspect-ratio:18\/3/);
  });

  test("gives every character but ASCII a cell of the columns it took on paper", () => {
    expect(page([line("可乐 ab", 7)])).toContain('<i class="w">可</i><i class="w">乐</i> ab');
    expect(page([line("½ü", 2)])).toContain('<i class="n">½</i><i class="n">ü</i>');
    // In an East Asian charset these signs are as wide as its other characters.
    expect(page([line("※ 2×", 6)])).toContain('<i class="w">※</i> 2<i class="w">×</i>');
    expect(page([line("ｶﾅ¥", 3)])).toContain('<i class="n">ｶ</i><i class="n">ﾅ</i><i class="n">¥</i>');
  });

  test("puts runs at the columns they were printed at", () => {
    const runs = [
      { ...run, text: "a", columns: 1 },
      { ...run, text: "b", column: 5, columns: 2, scaleX: 2, scaleY: 2, bold: true },
    ];
    const html = page([{ type: "line", align: "left", text: "a    b", runs }]);
    expect(html).toMatch(/<span>a {4}<span class="big s\d+ b"><span class="s\d+">b<\/span><\/span><\/span>/);
    expect(html).toContain("{width:2ch;height:5ch}");
    expect(html).toContain("{transform:scale(2,2)}");
  });

  test("lays what was printed over other text over it", () => {
    const runs = [
      { ...run, text: "abc", columns: 3 },
      { ...run, text: "x", column: 1, columns: 1 },
    ];
    expect(page([{ type: "line", align: "left", text: "axc", runs }])).toMatch(
      /<span class="at s\d+">abc<\/span><span class="at s\d+">x<\/span>/,
    );
  });
});

describe("symbols", () => {
  test("a QR code reads back as what was printed", () => {
    const texts = [
      "https://fp.example.cn/k?s=0117&n=0003352&a=92.11",
      "发票 01,10,044",
      "V0;0042;Kassenbeleg-V1;Beleg^5.63_0.00",
      "12345678",
      "A-1",
      "x".repeat(150),
    ];
    for (const text of texts) {
      for (const level of ["L", "M"] as const) {
        const [item] = drawSymbols(paper({ ...symbol("qr", text), level })).items;
        expect(item?.type === "symbol" && item.modules && readQr(item.modules)).toBe(text);
      }
    }
  });

  test("an EAN-13 has the bars of the standard", () => {
    // ISO/IEC 15420: guard, six digits in sets A and B as the first digit says, centre, six in set C, guard.
    const [item] = drawSymbols(paper(symbol("ean13", "5901234123457"))).items;
    const bars =
      item?.type === "symbol" && item.modules
        ? drawn(item.modules).join("").replaceAll("#", "1").replaceAll(".", "0")
        : "";
    expect(bars).toBe(
      "10100010110100111011001100100110111101001110101010110011011011001000010101110010011101000100101",
    );
  });

  test.each([
    "upca",
    "upce",
    "ean8",
    "code39",
    "itf",
    "codabar",
    "code93",
    "code128",
    "gs1-128",
    "pdf417",
    "aztec",
    "datamatrix",
    "databar-omni",
  ])("%s is drawn", (symbology) => {
    const data: Readonly<Record<string, string>> = {
      upca: "01234567890",
      upce: "123456",
      ean8: "1234567",
      codabar: "A123B",
      "gs1-128": "0112345678901231",
      "databar-omni": "0950110153000",
    };
    const [item] = drawSymbols(paper(symbol(symbology, data[symbology] ?? "123456"))).items;
    expect(item).toHaveProperty("modules.width");
  });

  test("what cannot be drawn is shown as its data", () => {
    const items = drawSymbols(paper(symbol("ean13", "not digits"), symbol("maxicode", "abc"), symbol("qr", ""))).items;
    for (const item of items) expect(item).not.toHaveProperty("modules");
    expect(page(items)).toContain("ean13: not digits");
  });

  test("drawing never throws and ends, whatever the data", () => {
    const names = fc.constantFrom(
      "qr",
      "ean13",
      "upce",
      "code39",
      "itf",
      "codabar",
      "code93",
      "code128",
      "gs1-128",
      "databar-omni",
      "aztec",
      "datamatrix",
    );
    fc.assert(
      fc.property(names, fc.string({ maxLength: 40 }), (name, data) => void drawSymbols(paper(symbol(name, data)))),
      { numRuns: 60 },
    );
  });
});

test("a picture of any size is a PNG of the same dots", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 10 }),
      fc.infiniteStream(fc.boolean()),
      (width, height, dots) => {
        const rows = Array.from({ length: height }, () =>
          Array.from({ length: width }, () => (dots.next().value ? "#" : ".")).join(""),
        );
        expect(drawn(readPng(pngOf(bitmapOf(rows))))).toEqual(rows);
      },
    ),
  );
});

describe("masking", () => {
  const maskPans = (text: string): string => text.replaceAll("9999", "****");

  test("hides the member number wherever it stands in full, and nothing else", () => {
    const masked = maskedPaper(
      paper(
        line("会员: 10086123"),
        line("10086123 1008612345"),
        line("１００８６１２３"),
        symbol("qr", "m=10086123"),
        symbol("code128", "10086123"),
      ),
      { maskPans, memberId: "****6123" },
    );
    expect(masked.items).toMatchObject([
      { text: "会员: ****6123", runs: [{ text: "会员: ****6123" }] },
      { text: "****6123 1008612345" },
      { text: "＊＊＊＊６１２３" },
      { data: "m=****6123" },
      { data: "****6123" },
    ]);
  });

  test("hides card numbers in text and codes", () => {
    expect(maskedPaper(paper(line("a 9999"), symbol("qr", "9999")), { maskPans }).items).toMatchObject([
      { text: "a ****" },
      { data: "****" },
    ]);
  });

  test("a member number with signs of a pattern in it masks itself only", () => {
    expect(maskedPaper(paper(line("ab+c.d (x")), { maskPans, memberId: "**+c.d" }).items).toMatchObject([
      { text: "**+c.d (x" },
    ]);
  });
});
