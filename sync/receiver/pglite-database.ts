import { createHash } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { PGlite, type Transaction } from "@electric-sql/pglite";
import { largestAnswer, sizeOf, tooLarge, type Database, type Row, type Sql, type Table } from "./database.ts";
import { ReceiverError } from "./receiver-error.ts";
import { valueParsers } from "./value-parsers.ts";

/**
 * PostgreSQL inside this process, on a folder. For a demo, a test or one machine: it survives the death of the process, but it runs
 * without fsync, so a power cut can cost or damage what was stored last. One process at a time.
 */
export class PgliteDatabase implements Database {
  readonly kind = "pglite";
  readonly concurrency = 1;
  readonly #engine: PGlite;
  readonly #lock: Server;

  private constructor(engine: PGlite, lock: Server) {
    this.#engine = engine;
    this.#lock = lock;
  }

  /** Opens or makes the database in a folder. Rejects with `RECEIVER_RUNNING` when another process has it open. */
  static async open(folder: string): Promise<PgliteDatabase> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = await lockFolder(realpathSync(folder));
    try {
      const engine = await PGlite.create({ dataDir: folder, parsers: { ...valueParsers } });
      return new PgliteDatabase(engine, lock);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return await this.#engine.transaction((transaction) => work(sqlOf(transaction)));
  }

  async readOnly(statement: string): Promise<Table> {
    return await this.#engine.transaction(async (transaction) => {
      await transaction.exec("SET TRANSACTION READ ONLY");
      const { fields, rows } = await transaction.query<unknown[]>(statement, [], { rowMode: "array" });
      await transaction.rollback();
      if (rows.reduce((size, row) => size + sizeOf(row), 0) > largestAnswer) throw tooLarge();
      return { columns: fields.map((field) => field.name), rows };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.close();
    this.#lock.close();
  }
}

function sqlOf(transaction: Transaction): Sql {
  return {
    async query(text, parameters = []) {
      const { rows } = await transaction.query<Row>(text, [...parameters]);
      return rows;
    },
    async script(text) {
      await transaction.exec(text);
    },
  };
}

/** Two processes on one folder would destroy it. An abstract socket is a lock that dies with its process (unix(7)). */
async function lockFolder(folder: string): Promise<Server> {
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (error) => {
    reject(new ReceiverError("RECEIVER_RUNNING", `another process uses ${folder}`, { cause: error }));
  });
  server.listen({ path: `\0storeloop-pglite-${name}` }, resolve);
  await promise;
  server.unref();
  return server;
}
