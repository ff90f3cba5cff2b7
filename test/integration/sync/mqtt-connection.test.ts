import { expect, it } from "vitest";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { MqttConnection } from "../../../sync/mqtt-connection.ts";
import { startEmbeddedBroker } from "../../../sync/receiver/embedded-broker.ts";
import { until } from "../../support/until.ts";
import { collectGarbage } from "../../support/collect-garbage.ts";

const will = { topic: "storeloop/will", payload: Buffer.from("{}"), contentType: "application/json" };
/** Bytes of buffers that somebody holds. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

const signal = new AbortController().signal;

async function connectedTo(url: string): Promise<MqttConnection> {
  return await MqttConnection.open(
    { url, version: "3.1.1", clientId: "agent", will, connectTimeoutMs: 10_000, keepAliveMs: 30_000 },
    signal,
  );
}

it("holds on to nothing that the broker has taken, however long it lasts", async () => {
  await using broker = await startEmbeddedBroker({ host: "127.0.0.1", port: 0 });
  const connection = await connectedTo(broker.url);
  const length = 100_000;
  const publish = (): Promise<void> =>
    connection.publish({ topic: "storeloop/batch", payload: new Uint8Array(length), contentType: "text/plain" });
  await publish();
  const before = heldBytes();
  for (let count = 0; count < 200; count += 1) await publish();
  // The memory of buffers is given back by another thread.
  const held = await until(() => heldBytes() < before + 20 * length && heldBytes());
  expect(held).toBeLessThan(before + 20 * length);
  await connection.close(new SystemClock());
});

it("holds on to next to nothing for each length that a message ever had", async () => {
  await using broker = await startEmbeddedBroker({ host: "127.0.0.1", port: 0 });
  const connection = await connectedTo(broker.url);
  const before = heldBytes();
  for (let length = 1000; length < 1300; length += 1) {
    await connection.publish({ topic: "storeloop/batch", payload: new Uint8Array(length), contentType: "text/plain" });
    // What else a daemon does: the pool that small buffers are cut from is used up, and another one begun.
    for (let used = 0; used < Buffer.poolSize; used += 4096) Buffer.allocUnsafe(4096);
  }
  const most = before + 20 * Buffer.poolSize;
  expect(await until(() => heldBytes() < most && heldBytes())).toBeLessThan(most);
  await connection.close(new SystemClock());
});

it("rejects what is published after its end", async () => {
  const broker = await startEmbeddedBroker({ host: "127.0.0.1", port: 0 });
  const connection = await connectedTo(broker.url);
  const lost = { code: "SYNC_BROKER_LOST" };
  await broker[Symbol.asyncDispose]();
  await connection.ended;
  const late = { topic: "storeloop/batch", payload: new Uint8Array(1), contentType: "application/x-ndjson" };
  await expect(connection.publish(late)).rejects.toMatchObject(lost);
});
