import { once } from "node:events";
import { readdirSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { DeviceState, Driver } from "../agent/core/driver.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import { ParentLink } from "./host-parent-link.ts";
import type { FromChild, ToChild } from "./host-protocol.ts";
import { SystemClock } from "./system-clock.ts";

/** How often device states are compared with what was last sent. */
const statesMs: Ms = 100;

/** How long a driver may take to stop once the parent is gone. */
const orphanStopMs: Ms = 1_000;

/** What a driver gets to work with, of which it takes what it needs. */
interface DriverParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly previous: readonly DeviceState[];
}

/** What a driver module has to export. */
interface DriverModule {
  readonly createDriver: (options: unknown, parts: DriverParts) => Driver;
}

type Start = Extract<ToChild, { type: "start" }>;

function send(message: FromChild): void {
  // A parent that is gone is noticed by the disconnect event; the channel's own complaint adds nothing.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Does something now and then every so often, until aborted. */
async function repeat(clock: Clock, everyMs: Ms, signal: AbortSignal, act: () => void): Promise<void> {
  while (!signal.aborted) {
    act();
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

async function runDriver(start: Start, clock: Clock, signal: AbortSignal): Promise<void> {
  const link = new ParentLink(start.maxInFlight, send);
  process.on("message", (message: ToChild) => {
    if (message.type === "outcome") link.settle(message.id, message.outcome);
  });
  const done = new AbortController();
  const beats = repeat(clock, start.beatMs, done.signal, () =>
    send({ type: "beat", rssBytes: process.memoryUsage.rss(), openFiles: countOpenFiles() }),
  );
  let reason: "module" | "run" = "module";
  try {
    const module = (await import(start.moduleUrl)) as DriverModule;
    const parts = { clock, logger: link.logger(), previous: start.previous };
    const driver = module.createDriver(start.options, parts);
    answerIdentify(driver, signal);
    reason = "run";
    const reports = repeat(clock, statesMs, done.signal, () => link.reportDevices(driver));
    await driver.run((observation) => link.offer(observation), signal);
    done.abort();
    await reports;
    // What it said last, perhaps only just now.
    link.reportDevices(driver);
    if (!signal.aborted) send({ type: "spent" });
  } catch (error) {
    send({ type: "failed", reason, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    done.abort();
  }
  await beats;
}

function answerIdentify(driver: Driver, signal: AbortSignal): void {
  process.on("message", (message: ToChild) => {
    if (message.type !== "identify") return;
    const { id, deviceId } = message;
    const shown = driver.identify?.(deviceId, signal).catch(() => false) ?? Promise.resolve(false);
    void shown.then((isShown) => send({ type: "identified", id, isShown }));
  });
}

/** proc_pid_fd(5): one entry a descriptor. Native libraries leak these where no heap statistic shows them. */
function countOpenFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}

/** A native call that never returns keeps this thread from noticing that the parent died. Another thread notices, and kills. */
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

function stopWithParent(clock: Clock, stopping: AbortController): void {
  process.on("disconnect", () => {
    stopping.abort(new Error("the parent is gone"));
    void clock.sleep(orphanStopMs, new AbortController().signal).then(() => process.exit(0));
  });
  process.on("message", (message: ToChild) => {
    if (message.type === "stop") stopping.abort(new Error("told to stop"));
  });
  // The terminal's Ctrl-C reaches the whole group; the parent decides when this process stops.
  process.on("SIGINT", () => undefined);
}

async function main(): Promise<void> {
  const clock = new SystemClock();
  const stopping = new AbortController();
  stopWithParent(clock, stopping);
  watchForOrphanhood();
  const [start] = (await once(process, "message")) as [ToChild];
  if (start.type === "start") await runDriver(start, clock, stopping.signal);
  // Disconnecting sends off what was said; handles that a native library left open must not keep the process.
  process.removeAllListeners("disconnect");
  process.on("disconnect", () => process.exit(0));
  if (process.connected) process.disconnect();
  else process.exit(0);
}

await main();
