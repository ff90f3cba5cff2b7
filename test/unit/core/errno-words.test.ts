import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errnoWords, plainly } from "../../../agent/core/errno-words.ts";

test("says in both languages what the system refuses with, and keeps the errno for whoever knows it", () => {
  expect(errnoWords("EROFS")).toEqual({ "zh-CN": "磁盘是只读的,EROFS", en: "the disk is read-only, EROFS" });
  expect(errnoWords("EODD")).toEqual({ "zh-CN": "EODD", en: "EODD" });
  expect(errnoWords("toString")).toEqual({ "zh-CN": "toString", en: "toString" });
});

test("names the file of an error of the system, and leaves any other message alone", () => {
  const errorOf = (path: string): Error => {
    try {
      readFileSync(path);
    } catch (error) {
      if (error instanceof Error) return error;
    }
    throw new Error("it could be read");
  };
  expect(plainly(errorOf("/nowhere/x"), "en")).toBe("/nowhere/x: there is no such file or folder, ENOENT");
  expect(plainly(errorOf("/nowhere/x"), "zh-CN")).toBe("/nowhere/x: 没有这个文件或文件夹,ENOENT");
  expect(plainly(new Error("database is locked"), "zh-CN")).toBe("database is locked");
});
