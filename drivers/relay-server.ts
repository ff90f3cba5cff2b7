import { lstatSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { DeviceState } from "../agent/core/driver.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { LogLevel } from "./host-protocol.ts";
import { encodeFrame, FrameReader } from "./relay-frames.ts";
import { RelayOutbox } from "./relay-outbox.ts";
import type { FromRelay, ToRelay } from "./relay-protocol.ts";

/** Log lines kept for the next agent while there is none. */
const mostLines = 100;

type Line = Extract<FromRelay, { type: "log" }>;

/** What a relay is told by its agent. */
export interface RelayOrders {
  readonly onAgent: () => void;
  readonly onRetire: () => void;
  readonly onFarewell: () => void;
}

/**
 * The relay's end of the socket between it and the agent. One agent at a time; one that connects takes the place of the one before. A
 * relay never waits for it: what an agent that hangs does not take stays in memory, bounded by whoever offers.
 */
export class RelayServer {
  readonly outbox = new RelayOutbox();
  readonly #path: string;
  readonly #orders: RelayOrders;
  readonly #lines: Line[] = [];
  #server: Server | undefined;
  #agent: Socket | undefined;
  #devices: readonly DeviceState[] = [];
  #lastDevices = "[]";
  #inode: number | undefined;

  constructor(path: string, orders: RelayOrders) {
    this.#path = path;
    this.#orders = orders;
  }

  /** Whether an agent is there. */
  get hasAgent(): boolean {
    return this.#agent !== undefined;
  }

  /** Whether an agent that looks for the socket finds this one. */
  get isReachable(): boolean {
    return this.#inode !== undefined && inodeOf(this.#path) === this.#inode;
  }

  /**
   * Waits for agents, at a socket made anew where the one before was taken away. Resolves `false` when the socket cannot be made, or
   * another relay's is in its place; it may be tried again.
   */
  async listen(): Promise<boolean> {
    if (inodeOf(this.#path) !== undefined) return false;
    this.#server?.close();
    const server = createServer((socket) => this.#attach(socket));
    this.#server = server;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    server.on("error", () => resolve(false));
    server.listen(this.#path, () => resolve(true));
    const listens = await promise;
    this.#inode = listens ? inodeOf(this.#path) : undefined;
    return listens;
  }

  /** Closes the socket and says no more. Resolves when what was said is sent, or the agent is gone. */
  async close(): Promise<void> {
    // Closing takes away whatever is at its path, another relay's socket too.
    if (this.isReachable) this.#server?.close();
    else this.#server?.unref();
    const agent = this.#agent;
    if (agent === undefined) return;
    await new Promise<void>((resolve) => {
      agent.once("close", () => resolve());
      agent.destroySoon();
    });
  }

  /** Sends device states if they are not those known last. */
  report(devices: readonly DeviceState[]): void {
    this.#devices = devices;
    const text = JSON.stringify(devices);
    if (text === this.#lastDevices) return;
    this.#lastDevices = text;
    this.#say({ type: "devices", devices });
  }

  /** The relay is well. */
  beat(): void {
    // An agent that hangs is not told again and again.
    if ((this.#agent?.writableLength ?? 0) === 0) this.#say({ type: "beat" });
  }

  /** The driver is at its end. */
  failed(detail: string): void {
    this.#say({ type: "failed", detail });
  }

  /** A logger whose lines come out in the agent's log, the last ones also when there is no agent at that moment. */
  logger(): Logger {
    return { debug: this.#log("debug"), info: this.#log("info"), warn: this.#log("warn"), error: this.#log("error") };
  }

  #log(level: LogLevel): (fields: object, message: string) => void {
    return (fields, message) => {
      const line: Line = { type: "log", level, fields: { ...plain(fields), relayPid: process.pid }, message };
      if (this.#agent !== undefined) return this.#say(line);
      this.#lines.push(line);
      if (this.#lines.length > mostLines) this.#lines.shift();
    };
  }

  #say(message: FromRelay): void {
    if (this.#agent?.writable === true) this.#agent.write(encodeFrame(message));
  }

  #attach(socket: Socket): void {
    this.#agent?.destroy();
    this.#agent = socket;
    const reader = new FrameReader();
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      try {
        for (const message of reader.feed(bytes)) this.#take(message as ToRelay);
      } catch {
        // Not our agent, or one of another version: it is as if it had never come.
        socket.destroy();
      }
    });
    socket.once("close", () => this.#detach(socket));
    this.#say({ type: "hello", pid: process.pid, devices: this.#devices });
    for (const line of this.#lines.splice(0)) this.#say(line);
    this.outbox.attach((id, observation) => this.#say({ type: "offer", id, observation }));
    this.#orders.onAgent();
  }

  #detach(socket: Socket): void {
    if (this.#agent !== socket) return;
    this.#agent = undefined;
    this.outbox.detach();
  }

  #take(message: ToRelay): void {
    if (message.type === "outcome") this.outbox.settle(message.id, message.outcome);
    else if (message.type === "retire") this.#orders.onRetire();
    else this.#orders.onFarewell();
  }
}

/** What of a log line's fields can cross to another process. */
function plain(fields: object): object {
  try {
    return JSON.parse(JSON.stringify(fields)) as object;
  } catch {
    return {};
  }
}

function inodeOf(path: string): number | undefined {
  try {
    return lstatSync(path).ino;
  } catch {
    return undefined;
  }
}
