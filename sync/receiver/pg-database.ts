import { Pool, Query, TypeOverrides, type PoolClient } from "pg";
import {
  largestAnswer,
  sizeOf,
  tooLarge,
  type Database,
  type Haste,
  type Row,
  type Sql,
  type Table,
} from "./database.ts";
import { ReceiverError } from "./receiver-error.ts";
import { valueParsers } from "./value-parsers.ts";

/** Connections, and with them agents taken at a time. */
const connections = 8;

/** How long an answer is waited for. A database that stopped answering must not hold an agent's queue for ever. */
const longestAnswerMs = 60_000;

/** How long another transaction's lock is waited for: then this one stands back, and others have the connection. */
const longestLockMs = 5000;

/** The longest timer there is, some 24 days. */
const patienceMs = 2 ** 31 - 1;

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

  readonly #answerMs: number;

  /** Connects lazily: the first statement finds out whether the database is there. */
  constructor(connectionString: string, answerMs = longestAnswerMs) {
    this.#answerMs = answerMs;
    this.#pool = new Pool({
      connectionString,
      max: connections,
      connectionTimeoutMillis: 10_000,
      query_timeout: answerMs,
      keepAlive: true,
      application_name: "storeloop-receiver",
      types: ownTypes(),
    });
    // An idle connection that breaks is replaced at the next use; the statement that needs it reports what is wrong.
    this.#pool.on("error", () => undefined);
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>, haste: Haste = "prompt"): Promise<T> {
    return await this.#with(async (client) => {
      // The server's default may be off, and then a COMMIT that was answered could still be lost.
      await client.query(`BEGIN; SET LOCAL synchronous_commit = on; ${this.#limits(haste)}`);
      const result = await work(sqlOf(client, haste === "patient" ? { query_timeout: patienceMs } : {}));
      const { command } = await client.query("COMMIT");
      // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and without an error.
      if (command !== "COMMIT") throw new ReceiverError("RECEIVER_DATABASE", "the transaction was rolled back");
      return result;
    });
  }

  async readOnly(statement: string): Promise<Table> {
    return await this.#with(async (client) => {
      await client.query("BEGIN READ ONLY; SET LOCAL statement_timeout = '30s'");
      const table = await boundedTable(client, statement);
      await client.query("ROLLBACK");
      return table;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  /**
   * The server must give up before we do: it does not notice that nobody waits any more, works on, and keeps its locks, and so does the
   * transaction of a receiver whose line or machine died, until TCP finds out after hours.
   */
  #limits(haste: Haste): string {
    const [statementMs, lockMs] = haste === "patient" ? [0, 0] : [Math.ceil(this.#answerMs * 0.8), longestLockMs];
    return (
      `SET LOCAL statement_timeout = ${statementMs}; SET LOCAL lock_timeout = ${lockMs}; ` +
      `SET LOCAL idle_in_transaction_session_timeout = ${this.#answerMs}`
    );
  }

  /** Runs work on a connection; after an error the connection is thrown away, which also ends its transaction. */
  async #with<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    // A connection that breaks between two statements says so by an event, which would end the process; the next statement says it too.
    const broken = (): void => undefined;
    client.on("error", broken);
    let failed = true;
    try {
      const result = await work(client);
      failed = false;
      return result;
    } finally {
      client.off("error", broken);
      client.release(failed);
    }
  }
}

/** Runs one statement; rejects as soon as the answer is larger than may be held. */
async function boundedTable(client: PoolClient, statement: string): Promise<Table> {
  const { promise, resolve, reject } = Promise.withResolvers<Table>();
  let size = 0;
  // The extended protocol takes one statement only, so none can end the transaction and go on.
  const config = { text: statement, values: [], rowMode: "array" as const, queryMode: "extended" };
  // By callback: with a time limit pg tells nobody else of an error.
  const query = new Query<unknown[]>(config, (error, result) => {
    if (error instanceof Error) reject(error);
    else resolve({ columns: result.fields.map((field) => field.name), rows: result.rows });
  });
  query.on("row", (row) => {
    size += sizeOf(row);
    if (size > largestAnswer) reject(tooLarge());
  });
  client.query(query);
  return await promise;
}

/** How a query may say that it takes longer; the declarations of pg lack it. */
interface Patience {
  readonly query_timeout?: number;
}

function sqlOf(client: PoolClient, patience: Patience): Sql {
  return {
    async query(text, parameters = []) {
      const { rows } = await client.query<Row>({ text, values: [...parameters], ...patience });
      return rows;
    },
    async script(text) {
      await client.query({ text, ...patience });
    },
  };
}
