import type { Database } from "../../sync/receiver/database.ts";
import { runReceiver } from "../../sync/receiver/receiver.ts";
import { silent } from "./running-courier.ts";

/** The cloud's half in this process, on a real broker and database. */
export class Receiving implements AsyncDisposable {
  readonly #stopped = new AbortController();
  readonly #ran: Promise<void>;
  readonly #subscribed = Promise.withResolvers<void>();

  constructor(brokerUrl: string, database: Database) {
    const onSubscribed = (): void => this.#subscribed.resolve();
    this.#ran = runReceiver({ brokerUrl, database, logger: silent, onSubscribed }, this.#stopped.signal);
  }

  async untilSubscribed(): Promise<void> {
    await this.#subscribed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#ran;
  }
}

/** Idempotency keys of an agent's touches in the order of its ledger. */
export async function touchKeys(database: Database, agent: string): Promise<readonly unknown[]> {
  const text = "SELECT idempotency_key FROM touches WHERE agent = $1 ORDER BY seq";
  const rows = await database.transaction((sql) => sql.query(text, [agent]));
  return rows.map((row) => row["idempotency_key"]);
}
