import fc from "fast-check";
import { expect, test } from "vitest";
import { formatBytes, formatMoney, formatSpan, formatTime } from "../../../agent/cli/format.ts";

test.each([
  [9201, "CNY", 2, "92.01 CNY"],
  [-5, "EUR", 2, "-0.05 EUR"],
  [1200, "JPY", 0, "1200 JPY"],
  [1, "KWD", 3, "0.001 KWD"],
  [0, undefined, undefined, "0.00"],
  [undefined, "CNY", 2, ""],
])("writes %j %s with exponent %j as %j", (minor, currency, exponent, shown) => {
  expect(formatMoney(minor, currency, exponent)).toBe(shown);
});

test("writes any amount so that its digits give the minor units back", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 4 }), (minor, exponent) => {
      expect(BigInt(formatMoney(minor, undefined, exponent).replace(".", ""))).toBe(BigInt(minor));
    }),
  );
});

test("shows times in the zone of the store, not of the machine", () => {
  const at = Date.parse("2026-03-14T02:02:31Z");
  expect(formatTime(at, "Asia/Shanghai", "time")).toBe("10:02:31");
  expect(formatTime(at, "America/New_York", "full")).toBe("2026-03-13 22:02:31");
});

test.each([
  [0, "0 s"],
  [61_000, "1 min 1 s"],
  [3_600_000, "1 h"],
  [90_061_000, "1 d 1 h"],
  [-5, "0 s"],
])("writes %i ms as %s", (span, shown) => {
  expect(formatSpan(span, "en")).toBe(shown);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [4_212_345, "4.2 MB"],
  [123_456_789, "123 MB"],
  [5e15, "5000 TB"],
])("writes %i bytes as %s", (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown);
});
