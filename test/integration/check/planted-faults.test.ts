import { afterAll, describe, expect, it } from "vitest";
import { SourceCopy } from "./source-copy.ts";

describe("the check", () => {
  const copy = new SourceCopy();
  afterAll(() => copy[Symbol.dispose]());

  it("passes the lint on the source as it is", () => {
    const { status, output } = copy.run("sh", "scripts/check", "lint");
    expect(output).toContain("lint       ok");
    expect(status).toBe(0);
  });

  it.each([
    {
      fault: "an import from drivers to sync",
      rule: "no-restricted-imports",
      named: "drivers/planted/reaches-out.ts",
      files: { "drivers/planted/reaches-out.ts": 'export * from "../../sync/protocol/topics.ts";\n' },
    },
    {
      fault: "a floating promise",
      rule: "no-floating-promises",
      named: "agent/pipeline/floats.ts",
      files: {
        "agent/pipeline/floats.ts":
          "async function write(): Promise<void> {\n  await Promise.resolve();\n}\nexport function record(): void {\n  write();\n}\n",
      },
    },
    {
      fault: "an import cycle",
      rule: "no-cycle",
      named: "drivers/planted/hen.ts",
      files: {
        "drivers/planted/hen.ts":
          'import { egg } from "./egg.ts";\nexport const hen = (): string => `from ${egg()}`;\n',
        "drivers/planted/egg.ts":
          'import { hen } from "./hen.ts";\nexport const egg = (): string => `from ${hen()}`;\n',
      },
    },
    {
      fault: "an import cycle through types alone",
      rule: "no-cycle",
      named: "sync/planted-left.ts",
      files: {
        "sync/planted-left.ts":
          'import type { Right } from "./planted-right.ts";\nexport interface Left {\n  readonly right?: Right;\n}\n',
        "sync/planted-right.ts":
          'import type { Left } from "./planted-left.ts";\nexport interface Right {\n  readonly left?: Left;\n}\n',
      },
    },
  ])("fails on $fault and names the file", ({ rule, named, files }) => {
    using _planted = copy.plant(files);
    const { status, output } = copy.run("sh", "scripts/check", "lint");
    expect(status).toBe(1);
    expect(output).toContain("lint       FAILED");
    expect(output.split("\n").filter((line) => line.startsWith(`${named}:`) && line.includes(rule))).not.toEqual([]);
  });

  it("fails on a comment that switches a rule off, which the linter alone would obey", () => {
    const directive = ["oxlint", "disable", "next", "line"].join("-");
    using _planted = copy.plant({
      "config/quiet.ts": `// ${directive} no-console\nconsole.log("quiet");\nexport {};\n`,
    });
    const { status, output } = copy.run("sh", "scripts/check", "lint");
    expect(status).toBe(1);
    expect(output).toContain(`config/quiet.ts:1:// ${directive}`);
  });
});
