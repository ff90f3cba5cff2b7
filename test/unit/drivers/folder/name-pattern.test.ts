import * as fc from "fast-check";
import { expect, it } from "vitest";
import { namePattern } from "../../../../drivers/folder/name-pattern.ts";

it.each([
  ["*", "anything.prn", true],
  ["*", ".half-written", false],
  [".*", ".journal", true],
  ["*.prn", "R0001.PRN", true],
  ["*.prn", "R0001.prn.tmp", false],
  ["EJ??.TXT", "ej07.txt", true],
  ["EJ??.TXT", "ej7.txt", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["", "", true],
  ["journal[1].txt", "journal1.txt", false],
])("takes the pattern %s for %s: %s", (pattern, name, fits) => {
  expect(namePattern(pattern)(name)).toBe(fits);
});

it("agrees with a regular expression on any pattern of stars and letters", () => {
  const text = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 8 }).map((all) => all.join(""));
  fc.assert(
    fc.property(text, text, (pattern, name) => {
      const source = pattern.replaceAll("*", ".*").replaceAll("?", ".");
      const plain = name.replaceAll(/[*?]/g, "c");
      expect(namePattern(pattern)(plain)).toBe(new RegExp(`^${source}$`).test(plain));
    }),
  );
});
