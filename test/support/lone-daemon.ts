import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ControlClient } from "../../agent/control/control-client.ts";
import type { Receipt } from "../../agent/control/control-source.ts";
import { until } from "./until.ts";

const root = join(import.meta.dirname, "../..");

/** How a daemon is run otherwise than alone on this machine. */
export interface LoneSettings {
  /** Further sections of the configuration, in YAML. */
  readonly sections?: string;
  /** The broker; by default there is none. */
  readonly uplink?: string;
  /** On top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the command, e.g. `unshare --mount`. They must end in the daemon itself, not in its parent. */
  readonly through?: readonly string[];
}

/** What a command of `storeloop` came to. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly tookMs: number;
}

/** The daemon as a process of its own, by default with a cloud that is never there, for tests that kill it. */
export class LoneDaemon implements AsyncDisposable {
  readonly dataDir: string;
  readonly #config: string;
  readonly #settings: LoneSettings;
  #process: ChildProcess | undefined;

  /** `lanes` is the YAML list below `lanes:`; everything lies in `folder`, the data in `dataDir`. */
  constructor(folder: string, lanes: string, dataDir = join(folder, "data"), settings: LoneSettings = {}) {
    mkdirSync(folder, { recursive: true });
    this.dataDir = dataDir;
    this.#config = join(folder, "storeloop.yaml");
    this.#settings = settings;
    this.configure(lanes);
  }

  /** Writes another list of lanes for the next start. */
  configure(lanes: string): void {
    const { sections = "", uplink = "mqtt://127.0.0.1:9" } = this.#settings;
    writeFileSync(
      this.#config,
      `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: "${this.dataDir}", logLevel: error }
lanes:
${lanes}
${sections}
uplink: { url: "${uplink}" }
`,
    );
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts the daemon; resolves when all its devices are up. */
  async start(): Promise<void> {
    this.spawn();
    await this.up();
  }

  /** Starts the daemon, and waits for nothing. `through`: other words before the command than those of the settings. */
  spawn(through: readonly string[] = this.#settings.through ?? []): void {
    const [command, ...words] = [...through, join(root, "scripts/storeloop"), "run", "--config", this.#config];
    this.#process = spawn(command, words, { stdio: "ignore", env: { ...process.env, ...this.#settings.env } });
  }

  /** Runs `storeloop` with these words beside it. Its exit status is an answer, not an error. */
  async command(...words: readonly string[]): Promise<CommandResult> {
    const { promise, resolve } = Promise.withResolvers<CommandResult>();
    const beganMs = performance.now();
    execFile(join(root, "scripts/storeloop"), ["--config", this.#config, ...words], (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), stdout, tookMs: performance.now() - beganMs }),
    );
    return await promise;
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
