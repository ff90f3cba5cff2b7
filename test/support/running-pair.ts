import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";
import { TempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** A receiver (embedded broker, PGlite) and a daemon with one TCP printer, as the processes that they are in production. */
export class RunningPair implements AsyncDisposable {
  readonly #folder = new TempFolder();
  /** The embedded broker. */
  readonly brokerUrl: string;
  readonly #printPort: number;
  readonly #receiver: ChildProcess;
  #daemon: ChildProcess | undefined;
  #output = "";

  private constructor(printPort: number, brokerPort: number) {
    this.#printPort = printPort;
    this.brokerUrl = `mqtt://127.0.0.1:${brokerPort}`;
    writeFileSync(this.#config, configText(printPort, brokerPort));
    const broker = ["--embedded-broker", `127.0.0.1:${brokerPort}`, "--socket", this.#folder.file("cloud.sock")];
    const database = `pglite:${this.#folder.file("cloud")}`;
    this.#receiver = spawn(join(root, "scripts/receiver"), ["run", ...broker, "--database", database], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#record(this.#receiver);
  }

  /** Folder of everything that both keep. */
  get folder(): string {
    return this.#folder.path;
  }

  /** What both have written to standard output and standard error so far. */
  get output(): string {
    return this.#output;
  }

  /** Starts both; resolves when the printer port is open and the cloud answers. */
  static async start(): Promise<RunningPair> {
    const pair = new RunningPair(await freePort(), await freePort());
    await until(() => pair.cloud("SELECT 1 AS one").catch(() => false), { timeoutMs: 60_000, what: "the receiver" });
    await pair.startDaemon();
    return pair;
  }

  /** Starts the daemon, after {@link killDaemon} again; resolves when its printer port is open. */
  async startDaemon(): Promise<void> {
    this.#daemon = spawn(join(root, "scripts/storeloop"), ["run", "--config", this.#config], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#record(this.#daemon);
    const isUp = async (): Promise<boolean> => {
      const status = JSON.parse(await this.cli("status", "--json")) as { devices: { health: { state: string } }[] };
      return status.devices.every(({ health }) => health.state === "up");
    };
    await until(() => isUp().catch(() => false), { timeoutMs: 60_000, everyMs: 50, what: "the daemon" });
  }

  /** `kill -9`, and waits until it is gone. */
  async killDaemon(): Promise<void> {
    if (this.#daemon === undefined) return;
    const gone = once(this.#daemon, "exit");
    this.#daemon.kill("SIGKILL");
    await gone;
  }

  /** Prints as `nc` does: connects, writes everything, and leaves the connection open. Resolves when the kernel has the last byte. */
  async print(bytes: Uint8Array): Promise<Disposable> {
    const line = await this.connect();
    await line.write(bytes);
    return line;
  }

  /** Connects to the printer port; `write` resolves when the kernel has the bytes. */
  async connect(): Promise<Disposable & { write(bytes: Uint8Array): Promise<void> }> {
    const socket = connect(this.#printPort, "127.0.0.1").setNoDelay(true);
    socket.on("error", () => undefined);
    await once(socket, "connect");
    return {
      write: (bytes) => new Promise<void>((resolve) => socket.write(bytes, () => resolve())),
      [Symbol.dispose]: () => socket.destroy(),
    };
  }

  /** Runs `storeloop` against this daemon and answers what it prints. */
  async cli(...words: readonly string[]): Promise<string> {
    const { stdout } = await run(join(root, "scripts/storeloop"), ["--config", this.#config, ...words]);
    return stdout;
  }

  /** Asks the receiver's database. */
  async cloud(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const words = ["sql", sql, "--json", "--socket", this.#folder.file("cloud.sock")];
    const { stdout } = await run(join(root, "scripts/receiver"), words);
    return JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of [this.#daemon, this.#receiver]) {
      if (process === undefined || process.exitCode !== null || process.signalCode !== null) continue;
      const gone = once(process, "exit");
      process.kill("SIGTERM");
      await gone;
    }
    this.#folder[Symbol.dispose]();
  }

  #record({ stdout, stderr }: ChildProcess): void {
    for (const stream of [stdout, stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
  }

  get #config(): string {
    return this.#folder.file("storeloop.yaml");
  }
}

function configText(printPort: number, brokerPort: number): string {
  return `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: agent }
lanes:
  - id: "05"
    devices:
      - { id: till-5-printer, type: printer-tcp, listen: "127.0.0.1:${printPort}" }
uplink: { url: "mqtt://127.0.0.1:${brokerPort}" }
`;
}
