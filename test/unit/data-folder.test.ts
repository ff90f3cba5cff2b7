import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDataFolder } from "../../agent/data-folder.ts";
import { StoreloopError } from "../../agent/core/errors.ts";
import { TempFolder } from "../support/temp-folder.ts";

let folder: TempFolder;
beforeEach(() => {
  folder = new TempFolder();
});
afterEach(() => folder[Symbol.dispose]());

const errnoOf = (path: string): unknown => {
  try {
    makeDataFolder(path);
  } catch (error) {
    if (error instanceof StoreloopError && error.code === "LEDGER_UNWRITABLE")
      return error.cause instanceof Error && "code" in error.cause ? error.cause.code : error.cause;
    throw error;
  }
  return "made";
};

test("makes what is missing of the way, for the owner alone, and takes a folder that is there", () => {
  expect(errnoOf(folder.file("a/b/c"))).toBe("made");
  expect(errnoOf(folder.file("a/b/c"))).toBe("made");
  expect([statSync(folder.file("a")), statSync(folder.file("a/b/c"))].map(({ mode }) => mode & 0o777)).toEqual([
    0o700, 0o700,
  ]);
  mkdirSync(folder.file("real"));
  symlinkSync(folder.file("real"), folder.file("link"));
  expect(errnoOf(folder.file("link"))).toBe("made");
});

test("says what is in the way, and comes to an end where nothing can be made", () => {
  writeFileSync(folder.file("file"), "");
  symlinkSync(folder.file("not-mounted"), folder.file("dangling"));
  expect(errnoOf(folder.file("file"))).toBe("EEXIST");
  expect(errnoOf(folder.file("file/data"))).toBe("ENOTDIR");
  expect(errnoOf(folder.file("dangling"))).toBe("ENOENT");
  expect(errnoOf(folder.file("dangling/data"))).toBe("ENOENT");
  expect(errnoOf("/proc/storeloop/data")).toBe("ENOENT");
});
