import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Paper, PaperItem } from "../../../../../agent/core/paper.ts";
import { createPrintDecoder } from "../../../../../drivers/printer/decoder/print-decoder.ts";
import { readPapers } from "../../../../../drivers/printer/paper/read-paper.ts";
import { bitmapOf, columnBytes, drawn, rowBytes } from "../../../../support/bitmaps.ts";

const shared = join(import.meta.dirname, "../../../../../../shared/receipts");

type Part = string | readonly number[];

function bytesOf(parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
  );
}

/** The paper of everything in `parts`. */
function paperOf(...parts: readonly Part[]): Paper {
  const bytes = bytesOf(parts);
  return readPapers(bytes, [bytes.length + 1], { startOffset: 0 })[0]!;
}

const only = (paper: Paper): PaperItem => {
  expect(paper.items).toHaveLength(1);
  return paper.items[0]!;
};

const dots = bitmapOf(["########", "#.......", "#.......", "........", "........", "........", "........", "#######."]);
const block = [0x1d, 0x76, 0x30, 0, 1, 0, 8, 0, ...rowBytes(dots)];

describe("text", () => {
  test("has the size, weight and alignment it was printed with", () => {
    const item = only(paperOf("\x1b@\x1ba\x01\x1b!\x38AB\x1b!\x00 c\n"));
    expect(item).toMatchObject({ type: "line", align: "center", text: "AB c" });
    const runs = item.type === "line" ? item.runs : [];
    expect(runs).toMatchObject([
      { text: "AB", column: 0, columns: 4, scaleX: 2, scaleY: 2, bold: true },
      { text: " c", column: 4, columns: 2, scaleX: 1, scaleY: 1, bold: false },
    ]);
  });

  test.each<[name: string, command: Part, style: object]>([
    ["GS !", "\x1d!\x12", { scaleX: 2, scaleY: 3 }],
    ["ESC E", "\x1bE\x01", { bold: true }],
    ["ESC G", "\x1bG\x01", { bold: true }],
    ["ESC - with a digit", "\x1b-2", { underline: true }],
    ["GS B", "\x1dB\x01", { inverse: true }],
    ["ESC M", "\x1bM1", { small: true }],
    ["ESC r", "\x1br1", { red: true }],
    ["ESC !", [0x1b, 0x21, 0x81], { underline: true, small: true }],
  ])("takes %s", (_name, command, style) => {
    expect(only(paperOf(command, "x\n"))).toMatchObject({ runs: [style] });
    expect(only(paperOf(command, "\x1b@x\n"))).toMatchObject({
      runs: [{ scaleX: 1, scaleY: 1, bold: false, underline: false, inverse: false, small: false, red: false }],
    });
  });

  test("of a Star printer has its styles too", () => {
    const star = "\x1b\x1da\x01\x1bi\x01\x01\x1bE\x1b4AB\x1bF\x1b5\x1bi\x00\x00c\n";
    const item = only(paperOf(star));
    expect(item).toMatchObject({
      align: "center",
      runs: [
        { text: "AB", scaleX: 2, scaleY: 2, bold: true, inverse: true },
        { text: "c", scaleX: 1, scaleY: 1, bold: false, inverse: false },
      ],
    });
  });

  test("is on the narrowest usual paper that holds it, or as wide as the stream sets the printing area", () => {
    const columns = (...parts: readonly Part[]): number => paperOf(...parts).columns;
    expect(columns("a\n")).toBe(32);
    expect(columns(`${"a".repeat(33)}\n`)).toBe(42);
    expect(columns(`${"a".repeat(60)}\n`)).toBe(60);
    expect(columns("\x1dW\x40\x02a\n")).toBe(48);
    expect(columns("\x1dW\xff\xffa\n")).toBe(32);
    expect(columns(`${"a".repeat(30)}${" ".repeat(40)}\n`)).toBe(32);
  });

  test("keeps the left margin, but not where it is centred", () => {
    const column = (command: string): unknown => only(paperOf(command, "a\n"));
    expect(column("\x1dL\x18\x00")).toMatchObject({ runs: [{ column: 2 }] });
    expect(column("\x1dL\xff\xff")).toMatchObject({ runs: [{ column: 48 }] });
    expect(column("\x1dL\x18\x00\x1ba\x01")).toMatchObject({ align: "center", runs: [{ column: 0 }] });
    expect(column("\x1dL\x18\x00\x1b@")).toMatchObject({ runs: [{ column: 0 }] });
  });

  test("stands where ESC $ put it", () => {
    const item = only(paperOf("a\x1b$\xf0\x00b\n"));
    expect(item).toMatchObject({ text: "a                   b", runs: [{ column: 0 }, { text: "b", column: 20 }] });
  });
});

describe("pictures", () => {
  test("stand among the lines in printed order, aligned as they were", () => {
    const { items } = paperOf("above\n\x1ba\x02", block, "\x1ba\x00below\n\x1dV\x00");
    expect(items.map(({ type }) => type)).toEqual(["line", "image", "line", "cut"]);
    expect(items[1]).toMatchObject({ align: "right", scaleX: 1, bitmap: { width: 8, height: 8 } });
  });

  test("sent in bands are one picture, without the feeds between", () => {
    const band = [0x1b, 0x2a, 33, 8, 0, ...Array.from({ length: 24 }, () => 0xaa), 0x0a];
    const { items } = paperOf("\x1b3\x10", band, band, band, "text\n");
    expect(items).toMatchObject([
      { type: "image", bitmap: { width: 8, height: 72 } },
      { type: "line", text: "text" },
    ]);
  });

  test("kept in the printer are printed from there, doubled as asked", () => {
    const define = [0x1d, 0x2a, 1, 1, ...columnBytes(dots)];
    const store = [0x1d, 0x28, 0x4c, 18, 0, 0x30, 112, 48, 2, 1, 49, 8, 0, 8, 0, ...rowBytes(dots)];
    const keep = [0x1d, 0x28, 0x4c, 19, 0, 0x30, 67, 48, 65, 66, 1, 8, 0, 8, 0, 49, ...rowBytes(dots)];
    const old = [0x1c, 0x71, 1, 1, 0, 1, 0, ...columnBytes(dots)];
    const prints = ["\x1d/\x03", "\x1d(L\x02\x000\x32", "\x1d(L\x06\x000EAB\x01\x02", "\x1cp\x01\x00"];
    const { items } = paperOf(define, store, keep, old, ...prints);
    expect(items).toMatchObject([
      { scaleX: 2, scaleY: 2 },
      { scaleX: 2, scaleY: 1 },
      { scaleX: 1, scaleY: 2 },
      { scaleX: 1, scaleY: 1 },
    ]);
    for (const item of items) expect(item.type === "image" && drawn(item.bitmap)).toEqual(drawn(dots));
  });

  test("that only the printer has are named", () => {
    expect(only(paperOf("\x1cp\x02\x00"))).toEqual({ type: "stored-image", align: "left", name: "FS 2" });
  });

  test("of Star's raster mode are put together from their rows", () => {
    const row = [0x62, 1, 0, 0xff];
    const bytes = bytesOf(["\x1b*rA", row, row, [0x62, 1, 0, 0x80], "\x1b*rBafter\n"]);
    const [paper] = readPapers(bytes, [bytes.length], { startOffset: 0, dialect: "star" });
    expect(paper?.items).toMatchObject([
      { type: "image", bitmap: bitmapOf(["########", "########", "#......."]) },
      { type: "line", text: "after" },
    ]);
  });

  test("that broke off are shown as far as they came", () => {
    const { items } = paperOf([0x1d, 0x76, 0x30, 0, 1, 0, 100, 0, 0xff, 0xff]);
    expect(items).toMatchObject([
      { type: "image", bitmap: { width: 8, height: 2 } },
      { type: "broken", startOffset: 0 },
    ]);
  });
});

describe("codes", () => {
  test("have the sizes they were asked for", () => {
    const qr = "\x1d(k\x03\x001C\x05\x1d(k\x03\x001E2\x1d(k\x05\x001P0ab\x1d(k\x03\x001Q0";
    const { items } = paperOf("\x1ba\x01", qr, "\x1dh\x40\x1dw\x02\x1dH\x02\x1dk\x49\x05{Babc");
    expect(items).toMatchObject([
      { type: "symbol", symbology: "qr", data: "ab", moduleDots: 5, level: "Q", align: "center" },
      { type: "symbol", symbology: "code128", data: "abc", moduleDots: 2, heightDots: 64, letters: "below" },
    ]);
  });
});

describe("slips", () => {
  test("share one paper no more than their bytes, and lose the feeds at their ends", () => {
    const first = bytesOf(["\n\none\n", block, "\n\n\x1dV\x00"]);
    const second = bytesOf(["\ntwo\n\n"]);
    const papers = readPapers(Buffer.concat([first, second]), [first.length, first.length + second.length], {
      startOffset: 0,
    });
    expect(papers.map(({ items }) => items.map((item) => (item.type === "line" ? item.text : item.type)))).toEqual([
      ["one", "image", "cut"],
      ["two"],
    ]);
  });

  test("have offsets that count from the start of the stream", () => {
    const bytes = bytesOf(["a\n", block]);
    expect(readPapers(bytes, [1000 + bytes.length], { startOffset: 1000 })).toEqual(
      readPapers(bytes, [bytes.length], { startOffset: 0 }),
    );
  });
});

test("bytes that nobody knows are told of where they stand", () => {
  expect(paperOf("a\n\x1b\xf7b\n").items).toMatchObject([
    { text: "a" },
    { type: "unknown", startOffset: 2 },
    { type: "line" },
  ]);
});

const command = fc.constantFrom<Part>(
  "\x1b@",
  "\x1ba\x01",
  "\x1b!\x31",
  "\x1d!\x11",
  "\n",
  "\x1dV\x00",
  "\x1b*!\x02\x00",
  "\x1dv0\x00\x02\x00\x02\x00",
  "\x1d(L",
  "\x1b*rA",
  "b\x02\x00",
  "\x1cq\x01\x01\x00\x01\x00",
  "\x1b\x1d",
  "text",
  "\x1d(k\x05\x001P0",
);

// Of a text of no declared charset, pieces of two styles may be read otherwise than both at once: so the lines are counted only.
test("never throws, whatever comes, and has the lines the decoder has", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          command,
          fc.uint8Array({ maxLength: 30 }).map((bytes) => [...bytes]),
        ),
        { maxLength: 40 },
      ),
      (parts) => {
        const bytes = bytesOf(parts);
        const decoder = createPrintDecoder({ startOffset: 0 });
        const lines = [...decoder.feed(bytes), ...decoder.end()].flatMap((event) =>
          event.type === "line" && event.text !== "" ? [event.text] : [],
        );
        const drawnLines = paperOf(...parts).items.flatMap((item) =>
          item.type === "line" && item.text !== "" ? [item.text !== ""] : [],
        );
        expect(drawnLines).toEqual(lines.map(() => true));
      },
    ),
  );
});

const streams = existsSync(shared)
  ? ["generated", "poslog", "third-party"].flatMap((folder) =>
      readdirSync(join(shared, folder))
        .filter((name) => name.endsWith(".bin"))
        .map((name) => join(folder, name)),
    )
  : [];

test.skipIf(streams.length === 0)(
  "draws every line of every stream with truth (skipped where ../shared is absent)",
  () => {
    for (const name of streams) {
      const bytes = readFileSync(join(shared, name));
      const decoder = createPrintDecoder({ startOffset: 0 });
      const lines = [...decoder.feed(bytes), ...decoder.end()].flatMap((event) =>
        event.type === "line" && event.text !== "" ? [event.text] : [],
      );
      const paper = paperOf([...bytes]);
      const texts = paper.items.flatMap((item) => (item.type === "line" && item.text !== "" ? [item.text] : []));
      expect(texts, name).toEqual(lines);
      for (const item of paper.items)
        if (item.type === "line")
          expect(
            item.runs
              .map(({ text }) => text)
              .join("")
              .replaceAll(" ", ""),
            name,
          ).toBe(item.text.replaceAll(" ", ""));
    }
  },
);
