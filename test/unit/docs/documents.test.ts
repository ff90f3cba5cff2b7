import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { catalogue } from "../../../agent/core/error-catalogue.ts";
import { unreconciledReasons } from "../../../agent/core/unreconciled-reason.ts";
import { profileSchema } from "../../../agent/receipts/profile-schema.ts";
import { knownKeys } from "../../../config/known-keys.ts";

const root = join(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

describe("docs/troubleshooting.md", () => {
  const sections = new Map(
    read("docs/troubleshooting.md")
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf("\n")), section]),
  );

  it("has a section for each error code and for nothing else", () => {
    expect([...sections.keys()].toSorted()).toEqual(Object.keys(catalogue).toSorted());
  });

  it.each(Object.entries(catalogue))("gives the remedy of %s as the program does, in both languages", (code, hint) => {
    expect(sections.get(code)).toContain(`- ${hint.en}\n`);
    expect(sections.get(code)).toContain(`- ${hint["zh-CN"]}\n`);
  });
});

describe("docs/configure.md", () => {
  const documented = new Set([...read("docs/configure.md").matchAll(/`(\w+)(?:`|: )/g)].map(([, key]) => key));
  const keysBelow = (path: readonly (string | number)[], value: unknown): readonly string[] =>
    knownKeys(path, value).flatMap((key) => [key, ...keysBelow([...path, key], value)]);
  const item = (type: string): object => ({
    lanes: [{ devices: [{ type }] }],
    zones: [{ devices: [{ type }] }],
    beacons: [{ type }],
  });
  const lists = [
    ["zones", 0, "devices", 0],
    ["nfc", "ntag424", 0],
    ["nfc", "vas", 0],
    ["codes", "members", 0],
    ["codes", "vouchers", 0],
    ["codes", "magstripe", 0],
  ];

  it("explains each key of the configuration", () => {
    const everywhere = new Set([
      ...keysBelow([], {}),
      ...["printer-tcp", "printer-serial", "print-folder", "nfc", "hid"].flatMap((type) =>
        knownKeys(["lanes", 0, "devices", 0], item(type)),
      ),
      ...lists.flatMap((path) => knownKeys(path, item("ble"))),
      ...["ibeacon", "altbeacon", "eddystone-uid", "eddystone-url", "eddystone-eid", "irk"].flatMap((type) =>
        knownKeys(["beacons", 0], item(type)),
      ),
    ]);
    // The two that every item of a list has are explained in the text above the tables.
    for (const key of ["id", "type", "devices"]) everywhere.delete(key);
    expect(everywhere.size).toBeGreaterThan(70);
    expect([...everywhere].filter((key) => !documented.has(key))).toEqual([]);
  });

  it("is about an example that is YAML", () => {
    expect(parse(read("config/example.yaml"))).toHaveProperty("version", 1);
  });
});

describe("docs/profiles.md", () => {
  it("explains each key of a profile and of a sample", () => {
    const page = read("docs/profiles.md");
    const keysAt = (...path: readonly (string | number)[]): readonly string[] =>
      knownKeys(path, { items: { rows: [{}] }, samples: [{}] }, profileSchema);
    const keys = [
      ...keysAt(),
      ...["match", "locale", "split", "fields", "items", "totals", "report"].flatMap((key) => keysAt(key)),
      ...keysAt("items", "rows", 0),
      ...keysAt("samples", 0),
    ];
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => !new RegExp(`[\`. ]${key}[\`.]`).test(page))).toEqual([]);
  });
});

describe("docs/reconciliation.md", () => {
  it("has a section for each reason and for nothing else", () => {
    const [, reasons = ""] = read("docs/reconciliation.md").split("## Reasons");
    const sections = [...reasons.matchAll(/^### (\w+)$/gm)].map(([, reason]) => reason);
    expect(sections).toEqual([...unreconciledReasons]);
  });
});

describe("the documents", () => {
  const files = ["README.md", "CHANGELOG.md", ...globSync("docs/**/*.md", { cwd: root })];

  it.each(files)("%s links to files and headings that exist", (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !isThere(file, link))).toEqual([]);
  });
});

/** Whether a link from a document leads somewhere, down to the heading (GitHub's way of naming them). */
function isThere(from: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? from : join(dirname(from), path);
  if (!existsSync(join(root, target))) return false;
  if (heading === undefined) return true;
  const headings = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
    text!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
  return headings.includes(heading);
}
