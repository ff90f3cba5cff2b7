import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ControlClient } from "../../agent/control/control-client.ts";
import type { Receipt } from "../../agent/control/control-source.ts";
import { until } from "./until.ts";

const root = join(import.meta.dirname, "../..");

/** The daemon as a process of its own, with a cloud that is never there, for tests that kill it. */
export class LoneDaemon implements AsyncDisposable {
  readonly dataDir: string;
  readonly #config: string;
  #process: ChildProcess | undefined;

  /** `lanes` is the YAML list below `lanes:`; everything lies in `folder`, the data in `dataDir`. */
  constructor(folder: string, lanes: string, dataDir = join(folder, "data")) {
    mkdirSync(folder, { recursive: true });
    this.dataDir = dataDir;
    this.#config = join(folder, "storeloop.yaml");
    this.configure(lanes);
  }

  /** Writes another list of lanes for the next start. */
  configure(lanes: string): void {
    writeFileSync(
      this.#config,
      `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: "${this.dataDir}", logLevel: error }
lanes:
${lanes}
uplink: { url: "mqtt://127.0.0.1:9" }
`,
    );
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts the daemon; resolves when all its devices are up. */
  async start(): Promise<void> {
    this.#process = spawn(join(root, "scripts/storeloop"), ["run", "--config", this.#config], { stdio: "ignore" });
    await this.up();
  }

  /** Waits until all devices are up. */
  async up(): Promise<void> {
    const client = new ControlClient(this.dataDir);
    const isUp = async (): Promise<boolean> => {
      const { devices, pid } = await client.status(AbortSignal.timeout(1_000));
      return pid === this.pid && devices.every(({ health }) => health.state === "up");
    };
    const seen = async (): Promise<string> =>
      JSON.stringify(await client.status(AbortSignal.timeout(1_000)).then(({ devices }) => devices, String));
    const patience = { timeoutMs: 60_000, everyMs: 10, what: "the daemon" };
    await until(() => isUp().catch(() => false), patience).catch(async (error: unknown) => {
      throw new Error(`the daemon does not come up: ${await seen()}`, { cause: error });
    });
  }

  /** Ends it with a signal, `kill -9` when none is given; resolves when it is gone. */
  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** The last 500 recorded receipts, oldest first. */
  async receipts(): Promise<readonly Receipt[]> {
    const receipts = await new ControlClient(this.dataDir).receipts({ limit: 500 }, AbortSignal.timeout(10_000));
    return receipts.toReversed();
  }

  /** Process ids of the relays that work for this data folder. */
  relayPids(): readonly number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
      .filter((name) => {
        const words = commandLine(Number(name));
        return words.includes("relay-main.ts") && words.includes(`"socketPath":"${this.dataDir}/`);
      })
      .map(Number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGCONT");
    await this.end("SIGKILL");
    for (const pid of this.relayPids()) process.kill(pid, "SIGTERM");
    await until(() => this.relayPids().length === 0, { what: "the relays end" });
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}
