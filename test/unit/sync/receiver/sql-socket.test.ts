import { expect, it } from "vitest";
import type { Database } from "../../../../sync/receiver/database.ts";
import { askSql, serveSql } from "../../../../sync/receiver/sql-socket.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

/** A database that answers its questions with one cell each, in order. */
function databaseOf(...cells: unknown[]): Database {
  return {
    kind: "pglite",
    concurrency: 1,
    transaction: () => Promise.reject(new Error("only questions are asked here")),
    readOnly: () => Promise.resolve({ columns: ["answer"], rows: [[cells.shift()]] }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

it("refuses a question whose answer cannot be written, and goes on answering others", async () => {
  using folder = new TempFolder();
  // What JSON.stringify says of half a gigabyte.
  const tooLong = { toJSON: () => expect.fail("Invalid string length") };
  await using _served = await serveSql(folder.file("sql.sock"), databaseOf(tooLong, 42));
  await expect(askSql(folder.file("sql.sock"), "SELECT 1")).rejects.toMatchObject({ code: "RECEIVER_SQL" });
  expect(await askSql(folder.file("sql.sock"), "SELECT 2")).toEqual({ columns: ["answer"], rows: [[42]] });
});
