import { connect as connectTcp, isIP, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { MqttClient, type IClientOptions } from "mqtt";
import { StoreloopError } from "../agent/core/errors.ts";
import type { Clock, Ms } from "../agent/core/time.ts";

/** The two versions of MQTT an agent speaks. */
export type MqttVersion = "5" | "3.1.1";

/** A message to publish, QoS 1. */
export interface Outgoing {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly contentType: string;
  readonly retain?: boolean;
}

/** How to reach and enter a broker. */
export interface ConnectionOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  readonly version: MqttVersion;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate; the system's authorities when absent. */
  readonly ca?: string | Buffer;
  readonly will: Outgoing;
  readonly connectTimeoutMs: Ms;
  /** Keep-alive interval; a dead line is found out within one and a half of it. */
  readonly keepAliveMs: Ms;
}

/** The protocol level in CONNECT (MQTT 3.1.1 and 5.0, section 3.1.2.2). */
const levels = { "3.1.1": 4, "5": 5 } as const;

/** How long a connection may take to end in order before it is cut. */
const farewellMs: Ms = 1000;

/**
 * One network connection to a broker, from CONNECT to its end; it never reconnects. Clean session and no store: what the broker has
 * not taken when it ends is rejected, and the sender decides.
 */
export class MqttConnection {
  readonly #client: MqttClient;
  readonly #ended: Promise<Error>;
  /** What leaves those who wait for the broker when the connection is gone. */
  readonly #waiting = new Set<(error: Error) => void>();
  #lost: StoreloopError | undefined;

  private constructor(client: MqttClient, ended: Promise<Error>) {
    this.#client = client;
    this.#ended = ended;
    void ended.then((reason) => this.#leaveAll(reason));
  }

  /** Connects. Rejects with the network's or mqtt.js's own error; the caller knows what it means. */
  static async open(options: ConnectionOptions, signal: AbortSignal): Promise<MqttConnection> {
    signal.throwIfAborted();
    const client = new MqttClient((self) => openStream(self, options), clientOptions(options));
    const ended = endOf(client);
    const stop = (): void => void client.end(true);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const opened = new Promise<"connected">((resolve) => client.once("connect", () => resolve("connected")));
      const outcome = await Promise.race([opened, ended]);
      if (outcome !== "connected") throw outcome;
      // A batch waits for its PUBACK, not for more bytes to fill a packet (RFC 896); without this an idle line costs 40 ms each way.
      if (client.stream instanceof Socket) client.stream.setNoDelay(true);
      return new MqttConnection(client, ended);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Resolves with the reason once the connection is gone. */
  get ended(): Promise<Error> {
    return this.#ended;
  }

  /** Hears every message of a topic. Rejects when the broker does not grant it. */
  async subscribe(topic: string, onMessage: (payload: Uint8Array) => void): Promise<void> {
    this.#client.on("message", (from, payload) => {
      if (from === topic) onMessage(payload);
    });
    await this.#orEnd(this.#client.subscribeAsync(topic, { qos: 1 }));
  }

  /** Publishes with QoS 1; resolves at the PUBACK, rejects when the broker refuses or the connection ends first. */
  async publish(message: Outgoing): Promise<void> {
    const { topic, payload, contentType, retain = false } = message;
    const properties = { contentType, payloadFormatIndicator: true };
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    const is5 = this.#client.options.protocolVersion === levels["5"];
    const options = { qos: 1, retain, ...(is5 && { properties }) } as const;
    await this.#orEnd(unpooled(() => this.#client.publishAsync(topic, bytes, options)));
  }

  /** Ends the connection in order (DISCONNECT, so that no will is sent), or cuts it when the broker does not answer. */
  async close(clock: Clock): Promise<void> {
    const done = new AbortController();
    try {
      await Promise.race([this.#client.endAsync(), this.#ended, clock.sleep(farewellMs, done.signal)]);
    } finally {
      done.abort();
      this.#client.end(true);
    }
  }

  /**
   * What mqtt.js promises may never settle once the connection is gone. No race with the connection's end: a promise that settles only
   * then would hold on to every message published before.
   */
  async #orEnd<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    work.then(resolve, reject);
    this.#waiting.add(reject);
    if (this.#lost !== undefined) reject(this.#lost);
    return await promise.finally(() => this.#waiting.delete(reject));
  }

  #leaveAll(reason: Error): void {
    this.#lost = new StoreloopError("SYNC_BROKER_LOST", reason.message, { cause: reason });
    for (const leave of this.#waiting) leave(this.#lost);
  }
}

/**
 * Runs `write` with small buffers of their own. mqtt-packet keeps the bytes of every length below 16,384 that a message ever had; cut from
 * Node's pool, each would hold on to a whole 64 KB of it: a gigabyte, when every length was there once.
 */
function unpooled<T>(write: () => T): T {
  const { poolSize } = Buffer;
  Buffer.poolSize = 0;
  try {
    return write();
  } finally {
    Buffer.poolSize = poolSize;
  }
}

function clientOptions(options: ConnectionOptions): IClientOptions {
  const { will } = options;
  return {
    protocolVersion: levels[options.version],
    clientId: options.clientId,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: options.connectTimeoutMs,
    keepalive: Math.round(options.keepAliveMs / 1000),
    resubscribe: false,
    queueQoSZero: false,
    // A table of all 65,536 numbers as buffers of their own: 8 MB to spare a few microseconds.
    writeCache: false,
    ...(options.username !== undefined && { username: options.username }),
    ...(options.password !== undefined && { password: options.password }),
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain ?? false },
  };
}

/** Opens the stream that MQTT runs over. The `connect` of mqtt.js would load WebSockets and proxies too, 2 MB for nothing. */
function openStream(client: MqttClient, { url, ca }: ConnectionOptions): Duplex {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (protocol === "mqtt:") return connectTcp({ host, port: Number(port || 1883) });
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const stream = connectTls({ host, port: Number(port || 8883), ...servername, ...(ca !== undefined && { ca }) });
  // Of a stream's errors mqtt.js passes on a few network errors only, not why TLS refused.
  const tell = (error: Error): void => void client.emit("error", error);
  stream.once("error", tell);
  stream.once("secureConnect", () => stream.off("error", tell));
  return stream;
}

/** The first error before the connection closes, or a plain statement that it closed. */
function endOf(client: MqttClient): Promise<Error> {
  return new Promise((resolve) => {
    let reason: Error | undefined;
    client.on("error", (error) => {
      reason ??= error;
    });
    client.on("disconnect", (packet) => {
      reason ??= new Error(`the broker disconnected with reason ${packet.reasonCode ?? 0}`);
    });
    client.once("close", () => resolve(reason ?? new Error("the connection was closed")));
  });
}
