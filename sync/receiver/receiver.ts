import { Socket } from "node:net";
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { encodeAck, type WireAck } from "../protocol/ack.ts";
import { parseBatch } from "../protocol/batch.ts";
import { parseState } from "../protocol/state.ts";
import { defaultTopicPrefix, topicsUnder, type Topics } from "../protocol/topics.ts";
import { batchArrival, type Arrival } from "./agent-queue.ts";
import type { Database } from "./database.ts";
import { EntryStore } from "./entry-store.ts";
import { Intake } from "./intake.ts";
import { pause, type Pause } from "./pause.ts";
import type { ReceiverLogger } from "./receiver-logger.ts";

/** What a receiver works with. */
export interface ReceiverOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly brokerUrl: string;
  /** Migrated already. */
  readonly database: Database;
  readonly logger: ReceiverLogger;
  readonly topicPrefix?: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate. */
  readonly ca?: Buffer;
  readonly pause?: Pause;
  /** Called when the subscriptions stand, once a connection. */
  readonly onSubscribed?: () => void;
}

/**
 * The cloud end: takes what agents ship, stores it, acknowledges after the commit (PROTOCOL.md section 9). Runs until aborted, through
 * any outage of broker or database; then it finishes what it is storing and resolves. It speaks MQTT 3.1.1, which every broker takes.
 */
export async function runReceiver(options: ReceiverOptions, signal: AbortSignal): Promise<void> {
  const { database, logger } = options;
  const topics = topicsUnder(options.topicPrefix ?? defaultTopicPrefix);
  const client = connect(options.brokerUrl, clientOptions(options));
  const intake = new Intake(
    {
      store: new EntryStore(database),
      concurrency: database.concurrency,
      publish: (agent, ack) => publishAck(client, topics.of(agent, "ack"), ack, logger),
      logger,
      pause: options.pause ?? pause,
    },
    signal,
  );
  client.on("message", (topic, payload, packet) => {
    const place = topics.parse(topic);
    const arrival = place === undefined ? undefined : read(place.agent, place.kind, payload, packet.retain);
    if (place !== undefined && arrival !== undefined) intake.offer(place.agent, arrival);
  });
  const ended = subscribeOnEveryConnection(client, topics, options);
  const stop = (): void => void client.end(true);
  await untilAborted(signal);
  // What is being stored is finished and acknowledged; what waits is dropped, and the agents send it again.
  await intake.idle();
  stop();
  await ended;
}

/** A message as something to store; undefined when it is not for the receiver. */
function read(agent: string, kind: string, payload: Buffer, retained: boolean): Arrival | undefined {
  if (kind === "batch") {
    const batch = parseBatch(payload);
    if (!batch.ok) return { type: "unreadable", detail: `batch: ${batch.fault.code}, ${batch.fault.detail}` };
    if (batch.value.agent !== agent) return { type: "unreadable", detail: "batch of another agent" };
    return batchArrival(batch.value, payload.length);
  }
  // An empty retained message is how a broker is told to forget a state (MQTT 3.1.1, section 3.3.1.3).
  if (kind !== "state" || payload.length === 0) return undefined;
  const state = parseState(payload);
  if (!state.ok) return { type: "unreadable", detail: `state: ${state.fault.code}, ${state.fault.detail}` };
  if (state.value.agent !== agent) return { type: "unreadable", detail: "state of another agent" };
  return { type: "state", state: state.value, retained };
}

/** Subscribes whenever a connection is made, so that retained births come again; resolves when the client has ended. */
function subscribeOnEveryConnection(client: MqttClient, topics: Topics, options: ReceiverOptions): Promise<void> {
  const { logger, onSubscribed } = options;
  client.on("connect", () => {
    // An ack is small and waited for: it must not wait for more bytes to fill a packet (RFC 896).
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
    client.subscribe([topics.every("batch"), topics.every("state")], { qos: 1 }, (error) => {
      if (error === null) {
        logger.info({ broker: options.brokerUrl }, "subscribed");
        onSubscribed?.();
        return;
      }
      logger.error({ err: error }, "the broker does not grant the subscriptions");
      // A connection without subscriptions hears nothing: drop it, and try again as after any loss.
      client.stream.destroy();
    });
  });
  client.on("error", (error) => logger.warn({ err: error }, "broker connection failed"));
  client.on("offline", () => logger.warn({ broker: options.brokerUrl }, "no connection to the broker"));
  return new Promise((resolve) => client.once("end", () => resolve()));
}

function publishAck(client: MqttClient, topic: string, ack: WireAck, logger: ReceiverLogger): void {
  // Without a connection mqtt.js would queue it; the agent's next birth brings it the newest instead.
  if (!client.connected) return;
  client.publish(topic, Buffer.from(encodeAck(ack)), { qos: 1 }, (error) => {
    if (error !== undefined && error !== null) logger.debug({ err: error }, "ack not sent");
  });
}

function clientOptions(options: ReceiverOptions): IClientOptions {
  return {
    protocolVersion: 4,
    clean: true,
    // Subscribing is ours to do: it is the moment the retained births are asked for.
    resubscribe: false,
    reconnectPeriod: 1000,
    reconnectOnConnackError: true,
    connectTimeout: 10_000,
    keepalive: 30,
    ...(options.username !== undefined && { username: options.username }),
    ...(options.password !== undefined && { password: options.password }),
    ...(options.ca !== undefined && { ca: options.ca }),
  };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
