import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PgDatabase } from "../../../sync/receiver/pg-database.ts";
import { startEmbeddedBroker } from "../../../sync/receiver/embedded-broker.ts";
import { postgresBinaries, RunningPostgres } from "../../support/postgres.ts";
import { receiverCommand, ReceiverProcess } from "../../support/receiver-process.ts";
import { touchKeys } from "../../support/receiving.ts";
import { keysUpTo } from "../../support/running-courier.ts";
import { Shipping } from "../../support/shipping.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

let folder: TempFolder;
let socket: string;
let embedded: readonly string[];

beforeEach(() => {
  folder = new TempFolder();
  socket = folder.file("cloud.sock");
  embedded = ["--database", `pglite:${folder.file("cloud")}`, "--socket", socket];
});

afterEach(() => {
  folder[Symbol.dispose]();
});

const newAgent = (): string => `agent-${randomUUID()}`;

const askJson = async (statement: string): Promise<unknown> => {
  const { stdout } = await receiverCommand("sql", statement, "--json", "--socket", socket);
  return JSON.parse(stdout);
};

/** Kills the receiver at random moments while 4000 entries come, and starts it again each time. */
async function killedAgainAndAgain(url: string, start: () => ReceiverProcess, kills: number): Promise<string> {
  const agentId = newAgent();
  const seed = randomInt(2 ** 31);
  process.stdout.write(`random seed ${seed}\n`);
  await using shipping = new Shipping({ url, agentId });
  shipping.append(4000);
  for (let kill = 0; kill < kills; kill += 1) {
    await using receiver = start();
    await receiver.untilReady();
    // The moment is the point here: anywhere between the first message and the last commit.
    await delay((seed >>> (kill % 16)) % 150);
    await receiver.kill();
  }
  await using receiver = start();
  await receiver.untilReady();
  await shipping.untilShipped(60_000);
  await receiver.stop();
  return agentId;
}

describe("the receiver as a process on PGlite", () => {
  it("says in one line that it is ready, answers questions, and stops in order", async () => {
    await using receiver = ReceiverProcess.start(["--embedded-broker", "127.0.0.1:0", ...embedded]);
    const ready = await receiver.untilReady();
    expect(ready).toMatchObject({ ready: true, database: "pglite", socket });
    const agentId = newAgent();
    await using shipping = new Shipping({ url: (ready as { broker: string }).broker, agentId });
    shipping.append(10);
    await shipping.untilShipped();
    expect(await askJson("SELECT agent, count(*) AS n FROM touches GROUP BY 1")).toEqual([{ agent: agentId, n: 10 }]);
    const { stdout } = await receiverCommand("sql", "SELECT state FROM agents", "--socket", socket);
    expect(stdout).toBe("state\n------\nonline\n");
    expect(await receiver.stop()).toBe(0);
  });

  it("refuses to change anything on a question, and says why", async () => {
    await using receiver = ReceiverProcess.start(["--embedded-broker", "127.0.0.1:0", ...embedded]);
    await receiver.untilReady();
    const { code, stderr } = await receiverCommand("sql", "DELETE FROM entries", "--socket", socket);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("RECEIVER_SQL") as string });
  });

  it("does not share its folder or its socket with a second one", async () => {
    await using receiver = ReceiverProcess.start(["--embedded-broker", "127.0.0.1:0", ...embedded]);
    await receiver.untilReady();
    const sameFolder = await receiverCommand("run", "--embedded-broker", "127.0.0.1:0", ...embedded);
    expect(sameFolder).toMatchObject({ code: 1, stderr: expect.stringContaining("RECEIVER_RUNNING") as string });
    const other = ["--database", `pglite:${folder.file("other")}`, "--socket", socket];
    const sameSocket = await receiverCommand("run", "--embedded-broker", "127.0.0.1:0", ...other);
    expect(sameSocket).toMatchObject({ code: 1, stderr: expect.stringContaining("RECEIVER_RUNNING") as string });
  });

  it("loses and doubles nothing through kill -9 at any moment", async () => {
    await using broker = await startEmbeddedBroker({ host: "127.0.0.1", port: 0 });
    const start = (): ReceiverProcess => ReceiverProcess.start(["--broker", broker.url, ...embedded]);
    const agentId = await killedAgainAndAgain(broker.url, start, 6);
    await using receiver = start();
    await receiver.untilReady();
    const rows = await askJson(`SELECT idempotency_key AS key FROM touches WHERE agent = '${agentId}' ORDER BY seq`);
    expect((rows as { key: string }[]).map((row) => row.key)).toEqual(keysUpTo(4000));
    expect(await askJson("SELECT kind FROM alarms")).toEqual([]);
  });
});

describe("the receiver's command line", () => {
  it("says who should be started when nobody answers", async () => {
    const answer = await receiverCommand("sql", "SELECT 1", "--socket", socket);
    expect(answer).toMatchObject({ code: 1, stderr: expect.stringContaining("RECEIVER_NOT_RUNNING") as string });
  });

  it("takes no password on the command line", async () => {
    const answer = await receiverCommand("run", "--broker", "mqtt://u:secret@localhost", ...embedded);
    expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining("MQTT_PASSWORD") as string });
    expect(answer.stderr).not.toContain("secret");
  });

  it("wants a broker", async () => {
    expect(await receiverCommand("run", ...embedded)).toMatchObject({ code: 2 });
  });
});

const title = postgresBinaries === undefined ? "PostgreSQL (skipped: not installed)" : "PostgreSQL";

describe.skipIf(postgresBinaries === undefined)(`the receiver as a process on ${title}`, () => {
  it("loses and doubles nothing through kill -9 at any moment", async () => {
    await using postgres = await RunningPostgres.start();
    const address = await postgres.newDatabase();
    await using broker = await startEmbeddedBroker({ host: "127.0.0.1", port: 0 });
    const flags = ["--broker", broker.url, "--socket", socket];
    const start = (): ReceiverProcess => ReceiverProcess.start(flags, { DATABASE_URL: address });
    const agentId = await killedAgainAndAgain(broker.url, start, 10);
    await using database = new PgDatabase(address);
    expect(await touchKeys(database, agentId)).toEqual(keysUpTo(4000));
  });

  it("acknowledges nothing while the database is away, stays up, and goes on when it is back", async () => {
    await using postgres = await RunningPostgres.start();
    const address = await postgres.newDatabase();
    await using broker = await startEmbeddedBroker({ host: "127.0.0.1", port: 0 });
    await using receiver = ReceiverProcess.start(["--broker", broker.url, "--socket", socket], {
      DATABASE_URL: address,
    });
    await receiver.untilReady();
    const agentId = newAgent();
    await using shipping = new Shipping({ url: broker.url, agentId });
    shipping.append(100);
    await shipping.untilShipped();
    await postgres.kill();
    shipping.append(900);
    const sent = (lastSeq: number) =>
      shipping.events.some((event) => event.type === "sent" && event.lastSeq >= lastSeq);
    await until(() => sent(1000), { what: "everything sent" });
    expect(shipping.ledger.watermark().seq).toBe(100);
    await postgres.up();
    await shipping.untilShipped(60_000);
    await using database = new PgDatabase(address);
    expect(await touchKeys(database, agentId)).toEqual(keysUpTo(1000));
  });

  it("waits for a database that is not there when it starts", async () => {
    await using postgres = await RunningPostgres.start();
    const address = await postgres.newDatabase();
    await postgres.kill();
    await using receiver = ReceiverProcess.start(["--embedded-broker", "127.0.0.1:0", "--socket", socket], {
      DATABASE_URL: address,
    });
    await postgres.up();
    expect(await receiver.untilReady()).toMatchObject({ ready: true, database: "postgres" });
  });
});
