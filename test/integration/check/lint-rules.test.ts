import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { SourceCopy } from "./source-copy.ts";

/** Imports that are out of bounds: the folder, what a file there may not import. */
const forbidden = [
  ["agent/core", "node:fs"],
  ["agent/core", "../ledger/sqlite-ledger.ts"],
  ["agent/core", "zod"],
  ["agent/pipeline", "../ledger/sqlite-ledger.ts"],
  ["agent/pipeline", "../main.ts"],
  ["agent/pipeline", "../../drivers/system-clock.ts"],
  ["agent/pipeline", "../../sync/courier.ts"],
  ["agent/pipeline", "../../config/config.ts"],
  ["agent/pipeline", "better-sqlite3"],
  ["agent/receipts/deep", "../../pipeline/inbox.ts"],
  ["agent/receipts/deep", "../../../drivers/host.ts"],
  ["agent/ledger", "better-sqlite3"],
  ["agent/ledger", "node:sqlite"],
  ["agent/cli", "../ledger/sqlite-ledger.ts"],
  ["agent/cli", "bwip-js/node"],
  ["agent/paper", "../receipts/pan.ts"],
  ["agent/cli", "../../sync/receiver/receiver.ts"],
  ["agent", "../sync/receiver/receiver.ts"],
  ["agent", "../scripts/start.ts"],
  ["agent", "better-sqlite3"],
  ["drivers", "./nfc/nfc-driver.ts"],
  ["drivers", "../sync/protocol/topics.ts"],
  ["drivers", "../config/config.ts"],
  ["drivers/nfc", "../serial/serial-port.ts"],
  ["drivers/nfc", "../../agent/pipeline/inbox.ts"],
  ["drivers/nfc", "../../sync/courier.ts"],
  ["drivers/nfc", "../../config/config.ts"],
  ["drivers/nfc", "nfc-pcsc"],
  ["drivers/serial", "serialport"],
  ["drivers/serial", "@serialport/bindings-cpp"],
  ["drivers/printer/deep", "../../nfc/ndef.ts"],
  ["drivers/printer/deep", "../../../sync/courier.ts"],
  ["drivers/nfc/deep/deeper", "../../../serial/serial-port.ts"],
  ["drivers/nfc/deep/deeper", "../../../../sync/courier.ts"],
  ["sync", "./receiver/receiver.ts"],
  ["sync", "../agent/ledger/sqlite-ledger.ts"],
  ["sync", "../drivers/system-clock.ts"],
  ["sync", "pg"],
  ["sync/protocol", "../courier.ts"],
  ["sync/protocol", "../../agent/core/ids.ts"],
  ["sync/protocol", "mqtt"],
  ["sync/receiver", "../courier.ts"],
  ["sync/receiver", "../../agent/core/ids.ts"],
  ["sync/receiver", "better-sqlite3"],
  ["config", "../agent/core/ids.ts"],
  ["scripts", "../test/support/entries.ts"],
  ["scripts", "pg"],
  ["test/unit", "../../scripts/start.ts"],
  ["test/unit", "node:sqlite"],
] as const;

/** Imports the boundaries leave open. */
const allowed = [
  ["agent/core", "./ids.ts"],
  ["agent/pipeline", "../core/ids.ts"],
  ["agent/pipeline", "./inbox.ts"],
  ["agent/pipeline", "node:crypto"],
  ["agent/receipts/deep", "../../core/ids.ts"],
  ["agent/receipts/deep", "../splitter.ts"],
  ["agent/cli", "../control/snapshot.ts"],
  ["agent", "../drivers/host.ts"],
  ["agent", "../sync/courier.ts"],
  ["agent", "../config/config.ts"],
  ["drivers", "../agent/core/ids.ts"],
  ["drivers/nfc", "../host.ts"],
  ["drivers/nfc", "../../agent/core/ids.ts"],
  ["drivers/printer/deep", "../../../agent/core/ids.ts"],
  ["drivers/printer/deep", "../proxy.ts"],
  ["drivers/printer/deep", "../../host.ts"],
  ["drivers/nfc/deep/deeper", "../../../../agent/core/ids.ts"],
  ["drivers/nfc/deep/deeper", "../../ndef.ts"],
  ["sync", "./protocol/topics.ts"],
  ["sync", "../agent/core/ids.ts"],
  ["sync", "mqtt"],
  ["sync/receiver", "../protocol/topics.ts"],
  ["sync/receiver", "pg"],
  ["scripts", "../sync/receiver/receiver.ts"],
  ["test/unit", "../../agent/core/ids.ts"],
] as const;

/** Faults in code, by the rule that finds them. */
const faults: Readonly<Record<string, { readonly path: string; readonly code: string }>> = {
  "no-misused-promises": {
    path: "agent/pipeline/misused.ts",
    code: "export const all = (xs: number[]): number[] => xs.filter(async (x) => await Promise.resolve(x > 1));",
  },
  "await-thenable": {
    path: "agent/pipeline/needless.ts",
    code: "export const needless = async (x: number): Promise<number> => await x;",
  },
  "no-explicit-any": { path: "agent/pipeline/any.ts", code: "export const anything: any = 1;" },
  "no-unsafe-member-access": {
    path: "agent/pipeline/unsafe.ts",
    code: 'export const unsafe = (text: string): string => String(JSON.parse(text).name ?? "");',
  },
  "switch-exhaustiveness-check": {
    path: "agent/pipeline/forgets.ts",
    code: 'export function f(x: "a" | "b"): number {\n  switch (x) {\n    case "a":\n      return 1;\n  }\n  return 0;\n}',
  },
  "only-throw-error": { path: "agent/pipeline/throws.ts", code: 'export const f = (): never => {\n  throw "no";\n};' },
  "max-lines": { path: "agent/pipeline/long.ts", code: "export {};\n".repeat(501) },
  "max-lines-per-function": {
    path: "agent/pipeline/long-function.ts",
    code: `export function f(n: number): number {\n${"  if (n > 1) return 2;\n".repeat(40)}  return n;\n}`,
  },
  "no-console": { path: "drivers/nfc/prints.ts", code: 'console.log("tap");\nexport {};' },
  "filename-case": { path: "agent/pipeline/CamelCase.ts", code: "export const x = 1;" },
  "no-default-export": { path: "agent/pipeline/default.ts", code: "export default 1;" },
  "no-process-env": { path: "sync/reads-env.ts", code: 'export const home = process.env["HOME"];' },
  "no-restricted-globals": { path: "sync/waits.ts", code: "setTimeout(() => undefined, 10);\nexport {};" },
  "no-restricted-properties": { path: "agent/pipeline/clock.ts", code: "export const now = Date.now();" },
};

const report = z.object({ diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })) });

describe("the linter", () => {
  const copy = new SourceCopy();
  afterAll(() => copy[Symbol.dispose]());

  const found = new Set<string>();
  const fileOf = (kind: string, folder: string, index: number): string => `${folder}/planted-${kind}-${index}.ts`;

  beforeAll(() => {
    const files: Record<string, string> = {};
    for (const [kind, list] of Object.entries({ forbidden, allowed })) {
      list.forEach(([folder, target], index) => {
        files[fileOf(kind, folder, index)] = `import "${target}";\n`;
      });
    }
    for (const { path, code } of Object.values(faults)) files[path] = `${code}\n`;
    copy.plant(files);
    const { output } = copy.run(join(copy.folder, "node_modules/.bin/oxlint"), "--format", "json");
    for (const { code, filename } of report.parse(JSON.parse(output)).diagnostics) {
      found.add(`${filename} ${/\((.*)\)/.exec(code ?? "")?.[1] ?? code}`);
    }
  });

  it.each(forbidden.map(([folder, target], index) => ({ folder, target, index })))(
    "refuses $target in $folder",
    ({ folder, index }) => {
      expect(found).toContain(`${fileOf("forbidden", folder, index)} no-restricted-imports`);
    },
  );

  it.each(allowed.map(([folder, target], index) => ({ folder, target, index })))(
    "allows $target in $folder",
    ({ folder, index }) => {
      expect(found).not.toContain(`${fileOf("allowed", folder, index)} no-restricted-imports`);
    },
  );

  it("refuses imports written as import() and as export from, too", () => {
    const files = {
      "drivers/nfc/lazy.ts":
        'export const late = async (): Promise<unknown> => await import("../../sync/courier.ts");\n',
      "drivers/nfc/passes-on.ts": 'export type { Courier } from "../../sync/courier.ts";\n',
    };
    using _planted = copy.plant(files);
    const { output } = copy.run(
      join(copy.folder, "node_modules/.bin/oxlint"),
      "--format",
      "unix",
      ...Object.keys(files),
    );
    expect(output).toMatch(/lazy\.ts.*no-restricted-imports/);
    expect(output).toMatch(/passes-on\.ts.*no-restricted-imports/);
  });

  it.each(Object.entries(faults))("finds what %s is for", (rule, { path }) => {
    expect(found).toContain(`${path} ${rule}`);
  });
});
