import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { EntryStore } from "../../../sync/receiver/entry-store.ts";
import { Intake } from "../../../sync/receiver/intake.ts";
import { migrate, migrations } from "../../../sync/receiver/migrate.ts";
import { batchArrival } from "../../../sync/receiver/agent-queue.ts";
import { pause } from "../../../sync/receiver/pause.ts";
import { PgDatabase } from "../../../sync/receiver/pg-database.ts";
import { postgresBinaries, RunningPostgres } from "../../support/postgres.ts";
import { silent } from "../../support/running-courier.ts";
import { until } from "../../support/until.ts";
import { someTouch, WireLedger } from "../../support/wire-ledger.ts";

const title = postgresBinaries === undefined ? "PostgreSQL (skipped: not installed)" : "PostgreSQL";

/** Who works in the database under our name, or waits in it. */
const ours = "SELECT state FROM pg_stat_activity WHERE application_name = 'storeloop-receiver' AND state <> 'idle'";

describe.skipIf(postgresBinaries === undefined)(`the receiver on a ${title} that does not get on`, () => {
  it("leaves nobody waiting in the server for what it has given up", async () => {
    await using postgres = await RunningPostgres.start();
    const address = await postgres.newDatabase();
    await using database = new PgDatabase(address, 500);
    const asking = database.transaction((sql) => sql.query("SELECT pg_sleep(3600)"));
    await expect(asking).rejects.toMatchObject({ code: "57014" });
    await using other = await connected(address);
    await until(async () => (await other.client.query(ours)).rows.length === 0, { what: "nobody waiting" });
  });

  it("is told by the next statement that its connection was ended between two, and not by the end of the process", async () => {
    await using postgres = await RunningPostgres.start();
    const address = await postgres.newDatabase();
    await using database = new PgDatabase(address);
    await using other = await connected(address);
    const broken = database.transaction(async (sql) => {
      const [row] = await sql.query("SELECT pg_backend_pid() AS pid");
      await other.client.query("SELECT pg_terminate_backend($1, 5000)", [row?.["pid"]]);
      await nextTurns();
      await sql.query("SELECT 1");
    });
    await expect(broken).rejects.toThrow(/terminat|connection/i);
    expect(await database.transaction((sql) => sql.query("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
  });

  it("gives up the transaction of a receiver that died without a word, with its locks", async () => {
    await using postgres = await RunningPostgres.start();
    const address = await postgres.newDatabase();
    await using database = new PgDatabase(address, 500);
    await database.transaction((sql) => sql.script("CREATE TABLE kept (n integer); INSERT INTO kept VALUES (1)"));
    await using other = await connected(address);
    const silentFor = Promise.withResolvers<void>();
    const dead = database.transaction(async (sql) => {
      await sql.query("SELECT n FROM kept FOR UPDATE");
      await silentFor.promise;
      await sql.query("SELECT 1");
    });
    await until(async () => (await other.client.query(ours)).rows.length === 0, { what: "the transaction's end" });
    silentFor.resolve();
    await expect(dead).rejects.toThrow(/terminat|connection/i);
  });

  it("takes as long for a migration as it needs", async () => {
    await using postgres = await RunningPostgres.start();
    await using database = new PgDatabase(await postgres.newDatabase(), 500);
    const slow = { version: 9001, name: "slow", script: "SELECT pg_sleep(1.5)" };
    await expect(migrate(database, [...migrations(), slow])).resolves.toBeUndefined();
  });

  it("stores what others send while more agents than it has connections wait for a lock", async () => {
    await using postgres = await RunningPostgres.start();
    const address = await postgres.newDatabase();
    await using database = new PgDatabase(address, 1000);
    await migrate(database);
    const store = new EntryStore(database);
    const acknowledged = new Set<string>();
    const stopped = new AbortController();
    const publish = (agent: string): void => void acknowledged.add(agent);
    const parts = { store, concurrency: database.concurrency, publish, logger: silent, pause };
    const intake = new Intake(parts, stopped.signal);
    const send = (agent: string): void => {
      const ledger = new WireLedger(agent);
      ledger.add("touch", someTouch);
      intake.offer(agent, batchArrival(ledger.batch(1, 1), ledger.payload(1, 1).length));
    };
    const locked = Array.from({ length: database.concurrency + 2 }, (_, n) => `locked-${n}`);
    await using other = await connected(address);
    await other.client.query("BEGIN");
    // What somebody's long transaction, or another receiver that died, has begun and not ended.
    for (const agent of locked)
      await other.client.query("INSERT INTO agents (agent, state) VALUES ($1, 'online')", [agent]);
    for (const agent of locked) {
      intake.offer(agent, { type: "state", state: { state: "offline", agent }, retained: false });
      send(agent);
    }
    send("free");
    await until(() => acknowledged.has("free"), { timeoutMs: 20_000, what: "the free agent's acknowledgement" });
    expect([...acknowledged]).toEqual(["free"]);
    await other.client.query("ROLLBACK");
    await until(() => locked.every((agent) => acknowledged.has(agent)), { timeoutMs: 20_000, what: "the others'" });
    stopped.abort();
    await intake.idle();
  }, 60_000);
});

/** Until what came over a local socket has been read. */
async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function connected(address: string): Promise<AsyncDisposable & { readonly client: Client }> {
  const client = new Client(address);
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
