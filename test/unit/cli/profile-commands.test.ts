import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { columnsOf } from "../../../agent/cli/columns.ts";
import { runCli } from "../../../agent/cli/run-cli.ts";
import { CapturedTerminal } from "../../support/captured-terminal.ts";
import { ScriptedOperations } from "../../support/scripted-operations.ts";
import { TempFolder } from "../../support/temp-folder.ts";

async function call(...argv: readonly string[]) {
  const terminal = new CapturedTerminal();
  terminal.columns = 80;
  const code = await runCli(argv, new ScriptedOperations(), terminal);
  return { code, terminal };
}

describe("storeloop profile", () => {
  it("lists all profiles and whether their samples pass", async () => {
    const { code, terminal } = await call("profile", "list");
    expect(code).toBe(0);
    expect(terminal.text).toMatch(/^✓ {2}cn-store-58mm +shipped +\d/m);
  });

  it("shows the file of a profile, and says when there is none", async () => {
    expect((await call("profile", "show", "uk-grocery")).terminal.text).toMatch(/^profile: uk-grocery$/m);
    const json: unknown = JSON.parse((await call("profile", "show", "uk-grocery", "--json")).terminal.text);
    expect(json).toEqual({ name: "uk-grocery", yaml: expect.stringMatching(/^profile: uk-grocery$/m) as string });
    const unknown = await call("profile", "show", "nobodys");
    expect(unknown.code).toBe(1);
    expect(unknown.terminal.errorText).toContain("PROFILE_UNKNOWN");
  });

  it("says of each sample whether it passes, and draws those of a profile that is named", async () => {
    const all = await call("profile", "test");
    expect(all.code).toBe(0);
    expect(all.terminal.lines.filter((line) => !line.startsWith("✓"))).toEqual([]);
    const one = await call("profile", "test", "us-grocery");
    expect(one.terminal.text).toContain("TR# 00512        items begin, retailStoreId");
    expect(one.terminal.text).toContain("✓ totalMinor      11.70 USD");
  });

  it("fits 80 columns and keeps wide characters aligned", async () => {
    for (const name of ["cn-supermarket-80mm", "jp-supermarket"]) {
      const { terminal } = await call("profile", "test", name, "--lang", "zh-CN");
      expect(terminal.lines.filter((line) => columnsOf(line) > 80)).toEqual([]);
    }
    const { lines } = (await call("profile", "test", "cn-supermarket-80mm")).terminal;
    const at = lines.findIndex((line) => line.includes("散装核桃"));
    const signs = lines[at + 1] ?? "";
    expect(columnsOf((lines[at] ?? "").split("散装核桃")[0] ?? "")).toBe(signs.indexOf("~"));
    expect(signs.trimEnd().split("│")[1]?.trim()).toBe("~".repeat(8));
  });

  it("explains a failing sample: what was expected, what was found, and what to try", async () => {
    using folder = new TempFolder();
    const shown = (await call("profile", "show", "uk-grocery")).terminal.text;
    const file = folder.file("mine.yaml");
    writeFileSync(file, shown.replace("profile: uk-grocery", "profile: mine").replace("TOTAL TO PAY", "TOTAL DUE"));
    const { code, terminal } = await call("profile", "test", file);
    expect(code).toBe(1);
    expect(terminal.text).toMatch(/✗ totalMinor +expected 360, found nothing/);
    expect(terminal.text).toMatch(/✗ arithmetic +cannot be checked NO_TOTAL/);
    expect(terminal.text).toContain("→ no total: write totals.total");
    expect(terminal.errorText).toContain("0 of 1 slips pass.");
  });

  it("gives trials as JSON, one a line", async () => {
    const { terminal } = await call("profile", "test", "uk-grocery", "--json");
    const [trial] = terminal.lines.map((line) => JSON.parse(line) as { passed: boolean; lines: object[] });
    expect(trial?.passed).toBe(true);
    expect(trial?.lines[0]).toHaveProperty("marks");
  });

  it("names the faults of a file that is no profile", async () => {
    using folder = new TempFolder();
    const file = folder.file("mine.yaml");
    writeFileSync(file, "profile: mine\nmatc: {}\n");
    const { code, terminal } = await call("profile", "test", file);
    expect(code).toBe(1);
    expect(terminal.errorText).toContain(`${file}:2:1: matc: unknown key matc`);
    expect(terminal.errorText).toContain("Did you mean match?");
  });
});
