import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf } from "../../../agent/cli/columns.ts";
import { findingLines } from "../../../agent/cli/doctor-lines.ts";
import { wrong } from "../../../agent/cli/doctor-finding.ts";
import { catalogue } from "../../../agent/core/error-catalogue.ts";
import { text } from "../../../agent/cli/text.ts";
import { wrapped } from "../../../agent/cli/wrapping.ts";

const narrow = { columns: 40, colour: false };

test("breaks sentences at blanks, and leaves what is to be copied whole", () => {
  const finding = wrong(
    "pcscd",
    "fail",
    text("x", "the card reader is plugged in, and pcscd is not installed"),
    text("x", "To use it, install it and then start it at once:"),
    ["sudo systemctl enable --now pcscd.socket # and this goes on"],
  );
  expect(findingLines(finding, narrow, (words) => words.en).join("\n")).toMatchInlineSnapshot(`
    "✗ the card reader is plugged in, and
      pcscd is not installed
        → To use it, install it and then
          start it at once:
          sudo systemctl enable --now pcscd.socket # and this goes on"
  `);
});

test("breaks Chinese anywhere, but no line begins with a closing mark or ends with an opening one", () => {
  expect(wrapped("插入适配器;若能看到它,则缺少固件(见文档)。重新插拔。", 12)).toMatchInlineSnapshot(`
    [
      "插入适配器;",
      "若能看到它,",
      "则缺少固件",
      "(见文档)。重",
      "新插拔。",
    ]
  `);
});

test("no line of any catalogued remedy is wider than a terminal of 80 columns", () => {
  for (const [code, hint] of Object.entries(catalogue))
    for (const sentence of Object.values(hint)) {
      const lines = wrapped(sentence, 74);
      expect(Math.max(...lines.map(columnsOf)), code).toBeLessThanOrEqual(74);
      expect(lines.join("").replaceAll(" ", "")).toBe(sentence.replaceAll(" ", ""));
    }
});

test("loses no character but blanks, whatever the sentence", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.integer({ min: 1, max: 100 }),
      (sentence, columns) => {
        const lines = wrapped(sentence, columns);
        expect(lines.join("").replaceAll(/\s/g, "")).toBe(sentence.replaceAll(/\s/g, ""));
      },
    ),
  );
});

test("a device that calls itself by an escape sequence cannot speak to the terminal", () => {
  const finding = wrong("x", "warn", text("x", "\u001B[2J"), text("x", "\u001B[2J"), ["\u001B[2J"]);
  expect(findingLines(finding, narrow, (words) => words.en).join("\n")).not.toContain("\u001B");
});
