import fc from "fast-check";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { charsetNamed } from "../../../../../drivers/printer/decoder/charset-names.ts";
import { eventsOf, linesOf } from "./decode-with.ts";

test.each([
  ["gb18030", "gb18030"],
  ["GB18030", "gb18030"],
  ["GB-18030", "gb18030"],
  ["GB2312", "gbk"],
  ["Shift_JIS", "shiftjis"],
  ["UTF-8", "utf8"],
  ["CP850", "cp850"],
  ["windows-1252", "windows-1252"],
  ["koi8-r", "koi8-r"],
  ["gb18O30", undefined],
  ["utf16", undefined],
  ["eucjp", undefined],
  ["undeclared", undefined],
  ["constructor", undefined],
  ["", undefined],
])("%j means %j", (written, meant) => {
  expect(charsetNamed(written)).toBe(meant);
});

test("any other text means a charset or none, and throws nothing", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (written) => void charsetNamed(written)));
});

test.each(["GB18030", "gb-18030", "GB2312"])(
  "a printer whose charset is written %s is read in Chinese",
  (defaultCharset) => {
    const lines = linesOf(eventsOf(iconv.encode("谢谢惠顾\n", "gbk"), { defaultCharset }));
    expect(lines).toEqual(["谢谢惠顾"]);
  },
);
