import { Pool, TypeOverrides, type PoolClient, type PoolConfig } from "pg";
import type { Database, Row, Sql, Table } from "./database.ts";
import { ReceiverError } from "./receiver-error.ts";
import { valueParsers } from "./value-parsers.ts";

/** Connections, and with them agents taken at a time. */
const connections = 8;

function ownTypes(): TypeOverrides {
  const own = new TypeOverrides();
  for (const [oid, parse] of Object.entries(valueParsers)) own.setTypeParser(Number(oid), parse);
  return own;
}

/** PostgreSQL over the network or a Unix socket. */
export class PgDatabase implements Database {
  readonly kind = "postgres";
  readonly concurrency = connections;
  readonly #pool: Pool;

  /** Connects lazily: the first statement finds out whether the database is there. */
  constructor(connectionString: string, config: PoolConfig = {}) {
    this.#pool = new Pool({
      connectionString,
      max: connections,
      connectionTimeoutMillis: 10_000,
      // A database that stopped answering must not hold an agent's queue for ever.
      query_timeout: 60_000,
      keepAlive: true,
      application_name: "storeloop-receiver",
      types: ownTypes(),
      ...config,
    });
    // An idle connection that breaks is replaced at the next use; the statement that needs it reports what is wrong.
    this.#pool.on("error", () => undefined);
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return await this.#with(async (client) => {
      // The server's default may be off, and then a COMMIT that was answered could still be lost.
      await client.query("BEGIN; SET LOCAL synchronous_commit = on");
      const result = await work(sqlOf(client));
      const { command } = await client.query("COMMIT");
      // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and without an error.
      if (command !== "COMMIT") throw new ReceiverError("RECEIVER_DATABASE", "the transaction was rolled back");
      return result;
    });
  }

  async readOnly(statement: string): Promise<Table> {
    return await this.#with(async (client) => {
      await client.query("BEGIN READ ONLY; SET LOCAL statement_timeout = '30s'");
      // The extended protocol takes one statement only, so none can end the transaction and go on.
      const query = { text: statement, values: [], rowMode: "array" as const, queryMode: "extended" };
      const { fields, rows } = await client.query<unknown[]>(query);
      await client.query("ROLLBACK");
      return { columns: fields.map((field) => field.name), rows };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  /** Runs work on a connection; after an error the connection is thrown away, which also ends its transaction. */
  async #with<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let failed = true;
    try {
      const result = await work(client);
      failed = false;
      return result;
    } finally {
      client.release(failed);
    }
  }
}

function sqlOf(client: PoolClient): Sql {
  return {
    async query(text, parameters = []) {
      const { rows } = await client.query<Row>(text, [...parameters]);
      return rows;
    },
    async script(text) {
      await client.query(text);
    },
  };
}
