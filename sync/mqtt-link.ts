import { StoreloopError } from "../agent/core/errors.ts";
import { asEpoch, asSeq } from "../agent/core/ids.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import type { Batch, Birth, Uplink, UplinkEvent } from "../agent/core/uplink.ts";
import { backoffMs, type Random } from "./backoff.ts";
import { connectionFailure, type ConnectionFailure } from "./connection-failure.ts";
import { MqttConnection, type MqttVersion, type Outgoing } from "./mqtt-connection.ts";
import { parseAck } from "./protocol/ack.ts";
import { encodeBatch } from "./protocol/batch.ts";
import { encodeState } from "./protocol/state.ts";
import { defaultTopicPrefix, topicsUnder, type Topics } from "./protocol/topics.ts";

/** How an agent reaches its broker. */
export interface MqttLinkOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  readonly agentId: string;
  readonly agentVersion: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `auto` (the default) tries 5 and falls back to 3.1.1 when it is refused. */
  readonly protocolVersion?: MqttVersion | "auto";
  readonly topicPrefix?: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate. */
  readonly ca?: string | Buffer;
  /** Default 10 s. */
  readonly connectTimeoutMs?: Ms;
  /** Default 30 s. */
  readonly keepAliveMs?: Ms;
  /** First and longest wait between attempts. Default 500 ms and 15 s. */
  readonly reconnect?: { readonly firstMs: Ms; readonly longestMs: Ms };
  readonly random?: Random;
}

/** A connection that held this long was a good one: the next loss starts with short waits again. */
const goodConnectionMs: Ms = 5000;

/**
 * The way to the receiver over MQTT 5 or 3.1.1 (PROTOCOL.md sections 6 and 7): connects for as long as it takes, with a last will, a
 * birth on each connection, and QoS 1 without any store of its own.
 */
export class MqttLink implements Uplink {
  readonly #options: MqttLinkOptions;
  readonly #topics: Topics;
  #version: MqttVersion;
  #connection: MqttConnection | undefined;
  #birth: (() => Birth) | undefined;
  /** Epoch of the last birth on this connection. */
  #bornEpoch: string | undefined;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
    this.#topics = topicsUnder(options.topicPrefix ?? defaultTopicPrefix);
    this.#version = options.protocolVersion === "3.1.1" ? "3.1.1" : "5";
  }

  /** The MQTT version in use, undefined while not connected. */
  get protocolVersion(): MqttVersion | undefined {
    return this.#connection === undefined ? undefined : this.#version;
  }

  async run(birth: () => Birth, onEvent: (event: UplinkEvent) => void, signal: AbortSignal): Promise<void> {
    this.#birth = birth;
    let attempt = 0;
    let told: string | undefined;
    while (!signal.aborted) {
      const startedMs = this.#options.clock.monotonic();
      const failure = await this.#connectOnce(onEvent, signal);
      if (signal.aborted) return;
      const held = this.#options.clock.monotonic() - startedMs;
      if (this.#otherVersion(failure)) continue;
      if (failure.wasConnected || told !== failure.detail) {
        onEvent({ type: "disconnected", code: failure.code, detail: failure.detail });
      }
      told = failure.detail;
      if (failure.wasConnected && held >= goodConnectionMs) attempt = 0;
      await this.#pause(attempt, signal);
      attempt += 1;
    }
  }

  async send(batch: Batch, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const connection = this.#connection;
    const last = batch.entries.at(-1);
    const first = batch.entries[0];
    if (connection === undefined) throw new StoreloopError("SYNC_NOT_CONNECTED", "no connection to the broker");
    if (first === undefined || last === undefined) return;
    // Not waited for: the broker keeps the order, and a connection that loses it loses the batch too.
    if (batch.epoch.epoch !== this.#bornEpoch) this.#publishBirth(connection);
    const header = {
      agent: this.#options.agentId,
      epoch: batch.epoch,
      firstSeq: first.seq,
      previousHash: batch.previousHash,
      lastHash: last.hash,
    };
    const lines = batch.entries.map((entry) => entry.bytes);
    await connection.publish({
      topic: this.#topics.of(this.#options.agentId, "batch"),
      payload: encodeBatch(header, lines),
      contentType: "application/x-ndjson",
    });
  }

  /** One connection from attempt to end; answers why it ended or was not made. */
  async #connectOnce(
    onEvent: (event: UplinkEvent) => void,
    signal: AbortSignal,
  ): Promise<ConnectionFailure & { readonly wasConnected: boolean }> {
    let connection: MqttConnection;
    try {
      connection = await this.#open(onEvent, signal);
    } catch (error) {
      return { ...connectionFailure(error, this.#version), wasConnected: false };
    }
    this.#connection = connection;
    onEvent({ type: "connected" });
    this.#publishBirth(connection);
    const reason = await untilEnd(connection, signal);
    this.#connection = undefined;
    if (reason === undefined) await this.#farewell(connection);
    const detail = reason?.message ?? "stopped";
    return { code: "SYNC_BROKER_LOST", detail, versionRefused: false, wasConnected: true };
  }

  async #open(onEvent: (event: UplinkEvent) => void, signal: AbortSignal): Promise<MqttConnection> {
    const { url, agentId, username, password, ca, connectTimeoutMs, keepAliveMs } = this.#options;
    const connection = await MqttConnection.open(
      {
        url,
        version: this.#version,
        clientId: `storeloop-${agentId}`,
        will: this.#offline(),
        connectTimeoutMs: connectTimeoutMs ?? 10_000,
        keepAliveMs: keepAliveMs ?? 30_000,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
        ...(ca !== undefined && { ca }),
      },
      signal,
    );
    try {
      await connection.subscribe(this.#topics.of(agentId, "ack"), (payload) => this.#onAck(payload, onEvent));
    } catch (error) {
      await connection.close(this.#options.clock);
      throw error;
    }
    return connection;
  }

  #onAck(payload: Uint8Array, onEvent: (event: UplinkEvent) => void): void {
    const ack = parseAck(payload);
    if (!ack.ok) {
      this.#options.logger.warn({ fault: ack.fault.code, detail: ack.fault.detail }, "unreadable ack dropped");
      return;
    }
    const { status, epoch, seq, hash } = ack.value;
    onEvent({ type: "ack", ack: { status, epoch: asEpoch(epoch), seq: asSeq(seq), hash } });
  }

  #publishBirth(connection: MqttConnection): void {
    const { agentId, agentVersion, logger } = this.#options;
    const birth = this.#askBirth();
    if (birth === undefined) return;
    this.#bornEpoch = birth.epoch.epoch;
    const { epoch, head, watermark } = birth;
    const payload = encodeState({
      state: "online",
      agent: agentId,
      agentVersion,
      epoch,
      headSeq: head.seq,
      watermark,
    });
    const message = {
      topic: this.#topics.of(agentId, "state"),
      payload,
      contentType: "application/json",
      retain: true,
    };
    connection.publish(message).catch((error: unknown) => {
      logger.debug({ err: error }, "birth not taken");
    });
  }

  /** A ledger that refuses must not end the link; batches name their epoch themselves. */
  #askBirth(): Birth | undefined {
    try {
      return this.#birth?.();
    } catch (error) {
      this.#options.logger.warn({ err: error }, "no birth");
      return undefined;
    }
  }

  async #farewell(connection: MqttConnection): Promise<void> {
    const { clock } = this.#options;
    const done = new AbortController();
    const sent = connection.publish(this.#offline()).catch(() => undefined);
    // The will says the same when the farewell does not get through.
    await Promise.race([sent, clock.sleep(1000, done.signal)]);
    done.abort();
    await connection.close(clock);
  }

  #offline(): Outgoing {
    const { agentId } = this.#options;
    const payload = encodeState({ state: "offline", agent: agentId });
    return { topic: this.#topics.of(agentId, "state"), payload, contentType: "application/json", retain: true };
  }

  /** With `auto`, goes over to the other version; answers whether to try it at once. */
  #otherVersion(failure: ConnectionFailure & { readonly wasConnected: boolean }): boolean {
    if ((this.#options.protocolVersion ?? "auto") !== "auto" || failure.wasConnected) return false;
    if (this.#version === "5" && !failure.versionRefused) return false;
    this.#version = this.#version === "5" ? "3.1.1" : "5";
    return this.#version === "3.1.1";
  }

  async #pause(attempt: number, signal: AbortSignal): Promise<void> {
    const { clock, reconnect = { firstMs: 500, longestMs: 15_000 }, random = Math.random } = this.#options;
    try {
      await clock.sleep(backoffMs(reconnect, attempt, random), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** The reason a connection ended, or undefined when the signal came first. */
async function untilEnd(connection: MqttConnection, signal: AbortSignal): Promise<Error | undefined> {
  const aborted = Promise.withResolvers<undefined>();
  const onAbort = (): void => aborted.resolve(undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([connection.ended, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
