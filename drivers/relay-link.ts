import { connect, type Socket } from "node:net";
import type { DeviceState } from "../agent/core/driver.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { StreamId } from "../agent/core/ids.ts";
import type { Observation, Offer, PrintEnd } from "../agent/core/observation.ts";
import { encodeFrame, FrameReader } from "./relay-frames.ts";
import type { FromRelay, ToRelay } from "./relay-protocol.ts";

/** What a link is told by its relay. */
export interface RelayLinkParts {
  readonly offer: Offer;
  readonly logger: Logger;
  /** The relay has said who it is. */
  readonly onMet: (pid: number) => void;
  readonly onDevices: (devices: readonly DeviceState[]) => void;
  /** The relay cannot do its work, and ends. */
  readonly onFailed: (detail: string) => void;
}

/** The agent's end of the socket between it and a relay. */
export class RelayLink {
  readonly #socket: Socket;
  readonly #parts: RelayLinkParts;
  readonly #open = new Map<StreamId, PrintEnd>();
  readonly #pending = new Set<Promise<void>>();
  readonly #closed = Promise.withResolvers<void>();
  #pid: number | undefined;
  #heard = 0;

  private constructor(socket: Socket, parts: RelayLinkParts) {
    this.#socket = socket;
    this.#parts = parts;
    const reader = new FrameReader();
    socket.on("data", (bytes) => {
      try {
        for (const message of reader.feed(bytes)) this.#take(message as FromRelay);
      } catch (error) {
        parts.logger.error({ err: error }, "a relay is not understood");
        socket.destroy();
      }
    });
    socket.once("close", () => this.#closed.resolve());
  }

  /** Connects to the relay that listens at a path; nothing when there is none. */
  static async to(path: string, parts: RelayLinkParts): Promise<RelayLink | undefined> {
    const socket = connect(path);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    // The listener stays: what goes wrong later shows in `close`.
    socket.on("error", () => resolve(false));
    socket.once("connect", () => resolve(true));
    return (await promise) ? new RelayLink(socket, parts) : undefined;
  }

  /** Process id of the relay, once it has said so. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Messages that came so far. */
  get heard(): number {
    return this.#heard;
  }

  /** What is to be said of the streams that the relay has begun and not ended, should it be gone for good. */
  get unended(): readonly PrintEnd[] {
    return [...this.#open.values()];
  }

  /** The relay is to finish what is under way and end. */
  retire(): void {
    this.#send({ type: "retire" });
  }

  /**
   * Resolves when the relay is gone. Once `stop` is aborted it is left to itself, with a word that the agent stops; what it has offered
   * may still be answered until `giveUp` is.
   */
  async over(stop: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const leave = (): void => void this.#farewell(giveUp);
    stop.addEventListener("abort", leave, { once: true });
    if (stop.aborted) leave();
    await this.#closed.promise.finally(() => stop.removeEventListener("abort", leave));
  }

  async #farewell(giveUp: AbortSignal): Promise<void> {
    this.#socket.pause();
    const waitedEnough = new Promise<void>((resolve) => {
      giveUp.addEventListener("abort", () => resolve(), { once: true });
      if (giveUp.aborted) resolve();
    });
    await Promise.race([Promise.all(this.#pending), waitedEnough]);
    this.#send({ type: "farewell" });
    this.#socket.resume().destroySoon();
  }

  #take(message: FromRelay): void {
    this.#heard += 1;
    if (message.type === "offer") this.#relay(message.id, message.observation);
    else if (message.type === "log") this.#parts.logger[message.level](message.fields, message.message);
    else if (message.type === "failed") this.#parts.onFailed(message.detail);
    else if (message.type === "hello" || message.type === "devices") this.#parts.onDevices(message.devices);
    if (message.type === "hello") {
      this.#pid = message.pid;
      this.#parts.onMet(message.pid);
    }
  }

  #relay(id: number, observation: Observation): void {
    if (observation.kind === "print-bytes") {
      const { deviceId, laneId, streamId, at } = observation;
      this.#open.set(streamId, { kind: "print-end", deviceId, laneId, streamId, at, reason: "lost" });
    }
    if (observation.kind === "print-end") this.#open.delete(observation.streamId);
    const relayed = this.#parts
      .offer(observation)
      .then((outcome) => this.#send({ type: "outcome", id, outcome }))
      .finally(() => this.#pending.delete(relayed));
    this.#pending.add(relayed);
  }

  #send(message: ToRelay): void {
    if (this.#socket.writable) this.#socket.write(encodeFrame(message));
  }
}
