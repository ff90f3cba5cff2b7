import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Every module that is loaded with `entry`, by path or package name; what is imported while running is not counted. */
function loadedWith(entry: string, found = new Set<string>()): ReadonlySet<string> {
  found.add(relative(root, entry));
  const source = readFileSync(entry, "utf8");
  for (const [, specifier = ""] of source.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gm)) {
    const path = resolve(entry, "..", specifier);
    if (!specifier.startsWith(".")) found.add(specifier);
    else if (!found.has(relative(root, path)) && existsSync(path)) loadedWith(path, found);
  }
  return found;
}

test("the daemon loads nothing that only draws receipts", () => {
  const loaded = [...loadedWith(join(root, "agent/daemon.ts"))];
  expect(loaded.length).toBeGreaterThan(50);
  expect(
    loaded.filter((name) => /^bwip-js|^agent\/(?:paper|cli)\/|receipt-drawing|^drivers\/printer\/paper/.test(name)),
  ).toEqual([]);
});

test("what draws receipts does load the library for codes, so that the test above can fail", () => {
  expect([...loadedWith(join(root, "agent/receipt-drawing.ts"))]).toContain("bwip-js/node");
});
