import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PatternError } from "../../../agent/receipts/pattern.ts";
import { assertAffordable } from "../../../agent/receipts/pattern-cost.ts";

function affordable(expression: string): boolean {
  try {
    assertAffordable(expression);
    return true;
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}

describe("assertAffordable", () => {
  it.each([
    String.raw`(\S+\s?)+$`,
    "^(a+)+$",
    "^(a|a)*$",
    "^(?:a|ab|b)*$",
    String.raw`^(\d+|\w)*x`,
    "(x+x+)+y",
    "^(a?){60}a{60}$",
    "^([ab]*a){30}",
    String.raw`^(\w*\s*)*$`,
    "(.*)(.*)(.*)(.*)x",
    String.raw`^\s*\s*\s*\s*\s*x`,
    String.raw`^(?=(\S+\s?)+$)x`,
    "^(?<one>a+)+\\k<one>b",
    "(?i:(a+)+)b",
  ])("refuses %s", (expression) => {
    expect(affordable(expression)).toBe(false);
  });

  it.each([
    String.raw`^\d+ (?<description>\S.*?)(?<voided> \(取消\))?$`,
    String.raw`^(?:\s+\d+)*$`,
    String.raw`^(?<description>\S.*?)\s+(?<itemId>\d{4,14})\s+-?\s?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2} [A-Z]$`,
    String.raw`^[^:\]\-]+:\p{L}+\u{1F600}?\x41\u0042[a-c\d]$`,
    "^.*.*$",
    "^(?:KREDITKARTE|KARTE|KASSE) .*$",
  ])("lets %s pass", (expression) => {
    expect(affordable(expression)).toBe(true);
  });

  it("keeps what it lets pass fast on any line that patterns are tried on", () => {
    const atom = fc.constantFrom("a", "b", ".", String.raw`\s`, String.raw`\S`, String.raw`\d`, "[ab]", "1");
    const repeat = fc.constantFrom("", "*", "+", "?", "{2}", "{1,3}", "*?", "{2,}");
    const { tree } = fc.letrec<{ tree: string; group: string; leaf: string }>((tie) => ({
      leaf: fc.tuple(atom, repeat).map((parts) => parts.join("")),
      group: fc
        .tuple(fc.array(tie("tree"), { minLength: 1, maxLength: 2 }), repeat)
        .map(([options, times]) => `(?:${options.join("|")})${times}`),
      tree: fc
        .array(
          fc.oneof({ maxDepth: 2 }, { weight: 3, arbitrary: tie("leaf") }, { weight: 1, arbitrary: tie("group") }),
          {
            minLength: 1,
            maxLength: 4,
          },
        )
        .map((parts) => parts.join("")),
    }));
    const line = fc
      .tuple(fc.constantFrom("a", " ", "1", "ab", "a ", "a1", " 1"), fc.constantFrom("", "x", "a"))
      .map(([pump, end]) => pump.repeat(200).slice(0, 199) + end);
    fc.assert(
      fc.property(tree, line, (expression, text) => {
        fc.pre(affordable(`^${expression}X`));
        const began = performance.now();
        new RegExp(`^${expression}X`, "u").exec(text);
        expect(performance.now() - began).toBeLessThan(2000);
      }),
      { numRuns: 400 },
    );
  });
});
