import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { TempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

/** The JSON object in the last line of `npm start -- --once`. */
export interface MorningSummary {
  readonly printed: number;
  readonly recorded: number;
  readonly inCloud: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly taps: number;
  readonly linked: number;
  readonly scans: number;
  readonly scansInCloud: number;
  readonly visits: number;
  readonly visitsInCloud: number;
  readonly strays: number;
}

/** How `scripts/start` is called. */
export interface StageSettings {
  readonly broker?: string;
  readonly database?: string;
  readonly mqtt?: "5" | "3.1.1";
  readonly nfc?: boolean;
  readonly seed?: number;
  /** Keep what an earlier stage left. */
  readonly folder?: TempFolder;
}

const root = join(import.meta.dirname, "../..");

/** `scripts/start --once` as a process, with its parts at hand to be killed. */
export class Stage implements AsyncDisposable {
  readonly folder: TempFolder;
  readonly #process: ChildProcess;
  readonly #own: boolean;
  #output = "";
  #errors = "";

  private constructor(folder: TempFolder, own: boolean, child: ChildProcess) {
    this.folder = folder;
    this.#own = own;
    this.#process = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#errors += text));
  }

  static async start(settings: StageSettings = {}): Promise<Stage> {
    const folder = settings.folder ?? new TempFolder();
    const ports = ["--print-port", String(await freePort()), "--broker-port", String(await freePort())];
    const given = [
      ...(settings.broker === undefined ? [] : ["--broker", settings.broker]),
      ...(settings.mqtt === undefined ? [] : ["--mqtt", settings.mqtt]),
      ...(settings.nfc === false ? ["--no-nfc"] : []),
      "--seed",
      String(settings.seed ?? 1),
    ];
    const child = spawn(join(root, "scripts/start"), ["--once", "--state", folder.path, ...ports, ...given], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...(settings.database !== undefined && { DATABASE_URL: settings.database }) },
    });
    return new Stage(folder, settings.folder === undefined, child);
  }

  /** Everything shown so far. */
  get output(): string {
    return this.#output;
  }

  /** Process id of a part's latest life, or undefined before its first. */
  pid(part: "agent" | "receiver"): number | undefined {
    try {
      return Number(readFileSync(this.folder.file(`${part}.pid`), "utf8"));
    } catch {
      return undefined;
    }
  }

  /** Process id of the pcscd that the stage started. */
  pcscdPid(): number | undefined {
    return pids().find(
      (pid) => commandLine(pid).startsWith("/usr/sbin/pcscd\0--foreground") && parent(pid) === this.#process.pid,
    );
  }

  /** Whether the morning is over and only the comparison is left. */
  get isSettling(): boolean {
    return this.#process.exitCode !== null || this.#output.includes("The last receipt is printed");
  }

  /** Process id of the socat that is the serial cable, or undefined while it is out. */
  cablePid(): number | undefined {
    const port = this.folder.file("tty-till-7");
    return pids().find((pid) => commandLine(pid).startsWith(`socat\0PTY,link=${port},`));
  }

  /** Resolves once so many receipts were printed. */
  async printed(count: number): Promise<void> {
    await until(() => this.#output.split("POS prints").length > count || this.#process.exitCode !== null, {
      timeoutMs: 180_000,
      what: `${count} printed receipts`,
    });
  }

  /** Resolves with what the morning came to. */
  async summary(): Promise<{ readonly exitCode: number | null; readonly summary: MorningSummary }> {
    if (this.#process.exitCode === null) await once(this.#process, "close");
    const last = this.#output.trimEnd().split("\n").at(-1) ?? "";
    try {
      return { exitCode: this.#process.exitCode, summary: JSON.parse(last) as MorningSummary };
    } catch (error) {
      throw new Error(`no summary in the last line: ${last}\n${this.#errors}\n${this.#output.slice(-2000)}`, {
        cause: error,
      });
    }
  }

  /** What is wrong, for the message of a failed test. */
  get tail(): string {
    return `${this.#output.slice(-3000)}\n${this.#errors}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "close");
    }
    if (this.#own) this.folder[Symbol.dispose]();
  }
}

function pids(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Process id of a process's parent (proc(5), /proc/pid/stat, field 4), or undefined when it is gone. */
function parent(pid: number): number | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1) ?? "";
    return Number(afterName.split(" ")[1]);
  } catch {
    return undefined;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}
