import { describe, expect, it } from "vitest";
import { asObjects, showTable } from "../../../../sync/receiver/show-table.ts";

const table = {
  columns: ["id", "name"],
  rows: [
    [1, "a\nb"],
    [22, null],
  ],
};

describe("a query's answer", () => {
  it("is shown in columns, one line a row, whatever the values hold", () => {
    expect(showTable(table)).toBe("id  name\n--  ----\n1   a⏎b\n22");
  });

  it("is given as objects for machines", () => {
    expect(asObjects(table)).toEqual([
      { id: 1, name: "a\nb" },
      { id: 22, name: null },
    ]);
  });
});
