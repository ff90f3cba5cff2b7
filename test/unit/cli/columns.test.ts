import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf, pad, printable } from "../../../agent/cli/columns.ts";
import { table } from "../../../agent/cli/table.ts";

test.each([
  ["", 0],
  ["abc", 3],
  ["可口可乐", 8],
  ["カナ ｶﾅ", 7],
  ["한국", 4],
  ["e\u0301", 1],
  ["¥ 1,299.00", 10],
  ["\uFFE5", 2],
  ["😀", 2],
  ["𠮷野家", 6],
])("counts %j as %i columns", (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
});

test("pads any text to the width asked for and never cuts it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, width) => {
      const padded = pad(text, width, "right");
      expect(padded.endsWith(text)).toBe(true);
      expect(columnsOf(padded)).toBe(Math.max(width, columnsOf(text)));
    }),
  );
});

test("lets nothing through that moves a cursor, rings a bell or turns the writing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(printable(text)).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
      expect(printable(printable(text))).toBe(printable(text));
    }),
  );
});

test("keeps every column of a table at the same place in every line", () => {
  const cell = fc.stringMatching(/^[a-z可乐0-9]{0,9}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
      const lines = table(
        [{ title: "品名" }, { title: "N", align: "right" }, { title: "end" }],
        rows.map((row) => [...row, "|"]),
      );
      const places = lines.slice(1).map((line) => columnsOf(line.slice(0, line.lastIndexOf("|"))));
      expect(new Set(places).size).toBe(1);
    }),
  );
});
