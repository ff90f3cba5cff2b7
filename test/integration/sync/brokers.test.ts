import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MqttLinkOptions } from "../../../sync/mqtt-link.ts";
import { parseState } from "../../../sync/protocol/state.ts";
import type { Database } from "../../../sync/receiver/database.ts";
import { startEmbeddedBroker } from "../../../sync/receiver/embedded-broker.ts";
import { opensslAvailable, selfSigned } from "../../support/certificates.ts";
import { mosquittoBinary, RunningMosquitto } from "../../support/mosquitto.ts";
import { databasesUnderTest, type OpenedDatabase } from "../../support/receiver-databases.ts";
import { Receiving, touchKeys } from "../../support/receiving.ts";
import { keysUpTo } from "../../support/running-courier.ts";
import { Shipping } from "../../support/shipping.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

/** A broker and what a link is told about it. */
interface Way {
  readonly title: string;
  readonly available: boolean;
  readonly open: () => Promise<AsyncDisposable & { readonly url: string }>;
  readonly protocolVersion: NonNullable<MqttLinkOptions["protocolVersion"]>;
  readonly speaks: "5" | "3.1.1";
}

const mosquitto = { available: mosquittoBinary !== undefined, open: () => RunningMosquitto.start() };
const aedes = { available: true, open: () => startEmbeddedBroker({ host: "127.0.0.1", port: 0 }) };
const missing = mosquittoBinary === undefined ? " (skipped: not installed)" : "";

const ways: readonly Way[] = [
  { title: `mosquitto, MQTT 5${missing}`, ...mosquitto, protocolVersion: "5", speaks: "5" },
  { title: `mosquitto, MQTT 3.1.1${missing}`, ...mosquitto, protocolVersion: "3.1.1", speaks: "3.1.1" },
  { title: `mosquitto, whatever it takes${missing}`, ...mosquitto, protocolVersion: "auto", speaks: "5" },
  { title: "the embedded broker, whatever it takes", ...aedes, protocolVersion: "auto", speaks: "3.1.1" },
];

let opened: OpenedDatabase;
let database: Database;

beforeAll(async () => {
  opened = await databasesUnderTest[0]!.open();
  database = opened.database;
});

afterAll(async () => {
  await opened[Symbol.asyncDispose]();
});

const newAgent = (): string => `agent-${randomUUID()}`;

describe.each(ways)("over $title", ({ available, open, protocolVersion, speaks }) => {
  const link = { protocolVersion };

  it.skipIf(!available)(`speaks MQTT ${speaks} and brings every entry once, in order`, async () => {
    await using broker = await open();
    await using receiving = new Receiving(broker.url, database);
    await receiving.untilSubscribed();
    const agentId = newAgent();
    await using shipping = new Shipping({ url: broker.url, agentId, link });
    await shipping.untilConnected();
    expect(shipping.link.protocolVersion).toBe(speaks);
    shipping.append(2000);
    await shipping.untilShipped();
    expect(await touchKeys(database, agentId)).toEqual(keysUpTo(2000));
    expect(shipping.events.filter((event) => event.type === "alarm")).toEqual([]);
  });

  it.skipIf(!available)("begins before the receiver is there, and goes on the moment it comes", async () => {
    await using broker = await open();
    const agentId = newAgent();
    await using shipping = new Shipping({
      url: broker.url,
      agentId,
      link,
      tuning: { ackTimeoutMs: 60_000, longestTimeoutMs: 60_000 },
    });
    shipping.append(300);
    await shipping.untilConnected();
    await using _receiving = new Receiving(broker.url, database);
    // Long before any timeout: the retained birth brings the answer.
    await shipping.untilShipped(10_000);
    expect(await touchKeys(database, agentId)).toEqual(keysUpTo(300));
  });

  it.skipIf(!available)("goes on where it was when the receiver dies in the middle and comes back", async () => {
    await using broker = await open();
    const agentId = newAgent();
    const before = new Receiving(broker.url, database);
    await before.untilSubscribed();
    await using shipping = new Shipping({ url: broker.url, agentId, link });
    shipping.append(3000);
    await shipping.untilAcknowledged(500);
    await before[Symbol.asyncDispose]();
    await using _after = new Receiving(broker.url, database);
    await shipping.untilShipped();
    expect(await touchKeys(database, agentId)).toEqual(keysUpTo(3000));
  });

  it.skipIf(!available)("says online when it is there, and offline when it stops in order", async () => {
    await using broker = await open();
    const agentId = newAgent();
    const states: string[] = [];
    const watcher = await connectAsync(broker.url, { protocolVersion: 4 });
    watcher.on("message", (_, payload) => {
      const state = parseState(payload);
      states.push(state.ok ? state.value.state : state.fault.code);
    });
    await watcher.subscribeAsync(`storeloop/v1/${agentId}/state`, { qos: 1 });
    const shipping = new Shipping({ url: broker.url, agentId, link });
    await until(() => states.length > 0);
    await shipping[Symbol.asyncDispose]();
    await until(() => states.length > 1);
    expect(states).toEqual(["online", "offline"]);
    await watcher.endAsync();
  });
});

describe.skipIf(mosquittoBinary === undefined)(`a mosquitto${missing}`, () => {
  it("that is killed in the middle and comes back loses and doubles nothing", async () => {
    await using broker = await RunningMosquitto.start();
    await using _receiving = new Receiving(broker.url, database);
    const agentId = newAgent();
    await using shipping = new Shipping({ url: broker.url, agentId });
    for (const stop of [1000, 2000, 3000]) {
      shipping.append(1000);
      await shipping.untilAcknowledged(stop - 900);
      await broker.kill();
      shipping.append(0);
      await broker.up();
    }
    await shipping.untilShipped(60_000);
    expect(await touchKeys(database, agentId)).toEqual(keysUpTo(3000));
  });

  it("sends the last will of an agent whose line went dead, and the next birth stands", async () => {
    await using broker = await RunningMosquitto.start();
    const agentId = newAgent();
    const states: string[] = [];
    const watcher = await connectAsync(broker.url, { protocolVersion: 4 });
    watcher.on("message", (_, payload) => {
      const state = parseState(payload);
      states.push(state.ok ? state.value.state : state.fault.code);
    });
    await watcher.subscribeAsync(`storeloop/v1/${agentId}/state`, { qos: 1 });
    const dead = new Shipping({
      url: broker.url,
      agentId,
      link: { reconnect: { firstMs: 60_000, longestMs: 60_000 } },
    });
    await until(() => states.length === 1);
    // The same agent on another machine after a failure: the broker drops the old connection and sends its will first.
    await using _again = new Shipping({ url: broker.url, agentId });
    await until(() => states.length === 3);
    expect(states).toEqual(["online", "offline", "online"]);
    await watcher.endAsync();
    await dead[Symbol.asyncDispose]();
  });

  it("refuses a stranger with a code that says so", async () => {
    await using broker = await RunningMosquitto.start("allow_anonymous false");
    await using shipping = new Shipping({ url: broker.url, agentId: newAgent() });
    await until(() => shipping.events.length > 0);
    expect(shipping.events[0]).toMatchObject({ type: "uplink", state: "disconnected", code: "SYNC_BROKER_REFUSED" });
  });

  it("is told that a batch is NDJSON when it speaks MQTT 5", async () => {
    await using broker = await RunningMosquitto.start();
    const agentId = newAgent();
    const watcher = await connectAsync(broker.url, { protocolVersion: 5 });
    const heard = new Promise((resolve) => watcher.once("message", (_, __, packet) => resolve(packet.properties)));
    await watcher.subscribeAsync(`storeloop/v1/${agentId}/batch`, { qos: 1 });
    await using shipping = new Shipping({ url: broker.url, agentId, tuning: { ackTimeoutMs: 200 } });
    shipping.append(1);
    expect(await heard).toMatchObject({ contentType: "application/x-ndjson", payloadFormatIndicator: true });
    await watcher.endAsync();
  });
});

const noTls = mosquittoBinary === undefined || !opensslAvailable;

describe.skipIf(noTls)(`a mosquitto behind TLS${noTls ? " (skipped: mosquitto or openssl not installed)" : ""}`, () => {
  it("is talked to when its authority is trusted, and not when it is not", async () => {
    using folder = new TempFolder();
    const { cert, key, ca } = selfSigned(folder);
    await using broker = await RunningMosquitto.start(`certfile ${cert}\nkeyfile ${key}`);
    const url = broker.url.replace("mqtt:", "mqtts:");
    await using trusting = new Shipping({ url, agentId: newAgent(), link: { ca } });
    await trusting.untilConnected();
    await using wary = new Shipping({ url, agentId: newAgent() });
    await until(() => wary.events.length > 0);
    expect(wary.events[0]).toMatchObject({ state: "disconnected", code: "SYNC_BROKER_TLS" });
  });
});

describe("a broker that is not there", () => {
  it("is named unreachable once, not at every attempt", async () => {
    const broker = await startEmbeddedBroker({ host: "127.0.0.1", port: 0 });
    await broker[Symbol.asyncDispose]();
    await using shipping = new Shipping({
      url: broker.url,
      agentId: newAgent(),
      link: { reconnect: { firstMs: 10, longestMs: 10 } },
    });
    await until(() => shipping.events.length > 0);
    await new Promise((resolve) => setImmediate(resolve));
    await using again = await startEmbeddedBroker({ host: "127.0.0.1", port: broker.port });
    await shipping.untilConnected();
    expect(again.port).toBe(broker.port);
    expect(
      shipping.events.map((event) => (event.type === "uplink" ? (event.code ?? event.state) : event.type)),
    ).toEqual(["SYNC_BROKER_UNREACHABLE", "connected"]);
  });

  it("or says nothing at all, does not keep the agent from stopping", async () => {
    await using mute = await serve(() => undefined);
    const shipping = new Shipping({ url: mute.url, agentId: newAgent() });
    await mute.called;
    await shipping[Symbol.asyncDispose]();
    expect(shipping.events).toEqual([]);
  });

  it("or hangs up on MQTT 5, is tried with 3.1.1 at once", async () => {
    const levels: (number | undefined)[] = [];
    // CONNECT: fixed header, length, "MQTT" with its length, then the protocol level (MQTT 5.0, section 3.1).
    await using old = await serve((socket, first) => {
      levels.push(first[first.indexOf("MQTT") + 4]);
      socket.destroy();
    });
    await using _shipping = new Shipping({ url: old.url, agentId: newAgent() });
    await until(() => levels.length >= 2);
    expect(levels.slice(0, 2)).toEqual([5, 4]);
  });
});

/** A TCP server of the test's own making; `called` resolves at the first packet. */
async function serve(
  onPacket: (socket: Socket, first: Buffer) => void,
): Promise<AsyncDisposable & { readonly url: string; readonly called: Promise<void> }> {
  const called = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (first: Buffer) => {
      called.resolve();
      onPacket(socket, first);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    called: called.promise,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
