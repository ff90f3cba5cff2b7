import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import type { Logger } from "../agent/core/logger.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import type { RelayedDriver } from "./relayed-driver.ts";
import type { RelayStart } from "./relay-protocol.ts";
import { RelayServer } from "./relay-server.ts";
import { SystemClock } from "./system-clock.ts";

/** How often device states are compared with what was last sent. */
const statesMs: Ms = 100;

/** How often the socket is looked for, and made again where it could not be. */
const lookMs: Ms = 5_000;

/** What a relayed driver's module has to export. */
interface RelayedModule {
  readonly createDriver: (options: unknown, parts: { clock: Clock; logger: Logger }) => RelayedDriver;
}

/**
 * A relay: a process of its own, in a session of its own, that runs one driver standing in a line. It belongs to no agent: the one that
 * started it may die, hang or be replaced, and the line goes on; what was captured waits here until an agent takes it.
 */
class Relay {
  readonly #start: RelayStart;
  readonly #clock: Clock = new SystemClock();
  readonly #server: RelayServer;
  readonly #stop = new AbortController();
  readonly #over = new AbortController();
  #driver: RelayedDriver | undefined;
  #retiring = false;
  /** Since when nobody is expected to come for this relay. */
  #abandonedAt: Ms | undefined;

  constructor(start: RelayStart) {
    this.#start = start;
    this.#server = new RelayServer(start.socketPath, {
      onAgent: () => (this.#abandonedAt = undefined),
      onRetire: () => this.#retire(),
      onFarewell: () => (this.#abandonedAt = this.#clock.monotonic()),
    });
  }

  /** Runs until the driver is at its end, or nobody comes for what it captured. */
  async run(): Promise<void> {
    goAhead();
    // The system goes down, or a technician wants it so.
    process.once("SIGTERM", () => this.#stop.abort(new Error("told to stop")));
    for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
    const looking = this.#repeat(lookMs, () => this.#look());
    const beating = this.#repeat(this.#start.beatMs, () => this.#server.beat());
    const expiring = this.#repeat(statesMs, () => this.#watch());
    try {
      await this.#drive();
    } catch (error) {
      this.#server.failed(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    this.#over.abort();
    await Promise.all([looking, beating, expiring]);
    await this.#server.close();
  }

  async #drive(): Promise<void> {
    const module = (await import(this.#start.moduleUrl)) as RelayedModule;
    this.#driver = module.createDriver(this.#start.options, { clock: this.#clock, logger: this.#server.logger() });
    if (this.#retiring) this.#driver.retire();
    await this.#driver.run(this.#server.outbox.offer, this.#stop.signal);
  }

  #retire(): void {
    this.#retiring = true;
    this.#driver?.retire();
  }

  #watch(): void {
    if (this.#driver !== undefined) this.#server.report(this.#driver.devices());
    // An agent that is there may have much to take over; one that never comes for a retired relay is not waited for.
    if (this.#retiring && !this.#server.hasAgent) this.#abandonedAt ??= this.#clock.monotonic();
    if (this.#abandonedAt === undefined) return;
    if (this.#clock.monotonic() - this.#abandonedAt >= this.#start.lingerMs) this.#stop.abort(new Error("abandoned"));
  }

  async #look(): Promise<void> {
    if (this.#server.isReachable || this.#retiring || (await this.#server.listen())) return;
    // The data folder is gone, or another relay is found in its place: no agent can find this one.
    if (!this.#server.hasAgent) this.#abandonedAt ??= this.#clock.monotonic();
  }

  async #repeat(everyMs: Ms, act: () => void | Promise<void>): Promise<void> {
    while (!this.#over.signal.aborted) {
      await act();
      await this.#clock.sleep(everyMs, this.#over.signal).catch(() => undefined);
    }
  }
}

/**
 * The till comes before everything else this machine does, where the system lets us say so (RLIMIT_NICE). A session may be a group of its
 * own to the scheduler; then the group's value counts, and that of the process only within it (sched(7), autogroup).
 */
function goAhead(): void {
  const { PRIORITY_HIGH } = constants.priority;
  const says = [() => setPriority(PRIORITY_HIGH), () => writeFileSync("/proc/self/autogroup", String(PRIORITY_HIGH))];
  for (const say of says) {
    try {
      say();
    } catch {
      // As good as any other process, then.
    }
  }
}

await new Relay(JSON.parse(process.argv[2] ?? "{}") as RelayStart).run();
