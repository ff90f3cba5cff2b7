import { expect, it } from "vitest";
import { DueFiles } from "../../../../drivers/folder/due-files.ts";

const names = Array.from({ length: 20_000 }, (_, n) => `${n}.prn`);
const nothing = new Set<string>();

it("looks at a few hundred of the files it has read, however many there are, and at each of them in its turn", () => {
  const due = new DueFiles();
  for (const name of names) due.noteRead(name);
  const seen = new Set<string>();
  for (let look = 0; look < 40; look += 1) {
    const now = due.among(names, nothing, () => true);
    expect(now.length).toBeLessThanOrEqual(600);
    for (const name of now) seen.add(name);
  }
  expect(seen.size).toBe(names.length);
});

it("looks at once at what is new, at what was read last and at what it is told of", () => {
  const due = new DueFiles();
  for (const name of names) due.noteRead(name);
  due.among(names, nothing, () => true);
  const now = due.among(names, new Set(["3.prn"]), (name) => name !== "15000.prn");
  for (const name of ["3.prn", "15000.prn", "19999.prn"]) expect(now).toContain(name);
  expect(now).not.toContain("4.prn");
});

it("looks at all of a small folder each time", () => {
  const due = new DueFiles();
  const few = names.slice(0, 20);
  for (let look = 0; look < 3; look += 1) expect(due.among(few, nothing, () => true)).toEqual(few);
});
