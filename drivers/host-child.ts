import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Driver } from "../agent/core/driver.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Observation, Outcome } from "../agent/core/observation.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import type { FromChild, LogLevel, ToChild } from "./host-protocol.ts";
import { SystemClock } from "./system-clock.ts";

/** How often device states are compared with what was last sent. */
const statesMs: Ms = 100;

/** How long a driver may take to stop once the parent is gone. */
const orphanStopMs: Ms = 1_000;

/** What a driver module has to export. */
interface DriverModule {
  readonly createDriver: (options: unknown, parts: { clock: Clock; logger: Logger }) => Driver;
}

/** The parent's end of the channel, as the driver in this process sees it. */
class ParentLink {
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  readonly #queue: (() => void)[] = [];
  readonly #maxInFlight: number;
  #lastId = 0;
  #lastDevices = "";

  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
  }

  /** The `Offer` of this process. First come, first served; without a place it waits, and so does the driver. */
  async offer(observation: Observation): Promise<Outcome> {
    while (this.#waiting.size >= this.#maxInFlight) await new Promise<void>((resolve) => this.#queue.push(resolve));
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.set(id, resolve);
    send({ type: "offer", id, observation });
    return await promise;
  }

  settle(id: number, outcome: Outcome): void {
    this.#waiting.get(id)?.(outcome);
    this.#waiting.delete(id);
    this.#queue.shift()?.();
  }

  reportDevices(driver: Driver): void {
    const devices = driver.devices();
    const text = JSON.stringify(devices);
    if (text === this.#lastDevices) return;
    this.#lastDevices = text;
    send({ type: "devices", devices });
  }
}

function send(message: FromChild): void {
  // A parent that is gone is noticed by the disconnect event; the channel's own complaint adds nothing.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function log(level: LogLevel): (fields: object, message: string) => void {
  return (fields, message) => {
    try {
      send({ type: "log", level, fields, message });
    } catch {
      // A field that cannot cross (a function, a socket): the message still can.
      send({ type: "log", level, fields: {}, message });
    }
  };
}

async function loadDriver(moduleUrl: string, options: unknown, logger: Logger): Promise<Driver> {
  const module = (await import(moduleUrl)) as DriverModule;
  return module.createDriver(options, { clock: new SystemClock(), logger });
}

async function runDriver(start: Extract<ToChild, { type: "start" }>, signal: AbortSignal): Promise<void> {
  const logger: Logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  const link = new ParentLink(start.maxInFlight);
  process.on("message", (message: ToChild) => {
    if (message.type === "outcome") link.settle(message.id, message.outcome);
  });
  const beat = () => send({ type: "beat", rssBytes: process.memoryUsage.rss() });
  beat();
  setInterval(beat, start.beatMs);
  let reason: "module" | "run" = "module";
  try {
    const driver = await loadDriver(start.moduleUrl, start.options, logger);
    reason = "run";
    setInterval(() => link.reportDevices(driver), statesMs);
    await driver.run((observation) => link.offer(observation), signal);
    link.reportDevices(driver);
  } catch (error) {
    send({ type: "failed", reason, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/**
 * A native call that never returns keeps this thread from noticing that the parent died. Another thread notices, and kills.
 */
function watchForOrphanhood(): void {
  const source = `
    const parent = process.ppid;
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 2000);
  `;
  const watch = new Worker(source, { eval: true });
  watch.unref();
  // Without it everything else still works.
  watch.on("error", () => undefined);
}

async function main(): Promise<void> {
  const stopping = new AbortController();
  process.on("disconnect", () => {
    stopping.abort(new Error("the parent is gone"));
    setTimeout(() => process.exit(0), orphanStopMs);
  });
  // The terminal's Ctrl-C reaches the whole group; the parent decides when this process stops.
  process.on("SIGINT", () => undefined);
  process.on("message", (message: ToChild) => {
    if (message.type === "stop") stopping.abort(new Error("told to stop"));
  });
  watchForOrphanhood();
  const [start] = (await once(process, "message")) as [ToChild];
  if (start.type === "start") await runDriver(start, stopping.signal);
  // Disconnecting flushes what was sent; handles that a native library left open must not keep the process.
  process.removeAllListeners("disconnect");
  process.on("disconnect", () => process.exit(0));
  if (process.connected) process.disconnect();
  else process.exit(0);
}

await main();
