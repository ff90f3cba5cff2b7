import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, renameSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** What to run. */
export interface ProcessPlan {
  /** For messages and the pid file, e.g. `agent`. */
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder for `<name>.log` and `<name>.pid`. */
  readonly folder: string;
  /** Told of each line the process prints on its standard output. */
  readonly onLine?: (line: string) => void;
  /** Told when it died and is about to be started again. */
  readonly onDeath?: (how: string) => void;
}

/** A short-lived process that dies at once, again and again, must not eat the machine. */
const pauseBeforeRestartMs = 200;

/** Runs a process and starts it again when it dies, as systemd does on a store's machine. Its pid stands in `<name>.pid`. */
export class SupervisedProcess implements AsyncDisposable {
  readonly #plan: ProcessPlan;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #running: Promise<void> | undefined;

  constructor(plan: ProcessPlan) {
    this.#plan = plan;
  }

  /** Begins. Resolves at once; what the process does shows in its output. */
  start(): void {
    this.#running ??= this.#keepRunning();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#child?.kill("SIGTERM");
    const patience = delay(5000, undefined, { ref: false }).then(() => this.#child?.kill("SIGKILL"));
    await Promise.race([this.#running, patience]);
    await this.#running;
  }

  async #keepRunning(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const how = await this.#runOnce();
      if (this.#stopping.signal.aborted) return;
      this.#plan.onDeath?.(how);
      await delay(pauseBeforeRestartMs);
    }
  }

  #runOnce(): Promise<string> {
    const { command, arguments: given, env, folder, name, onLine } = this.#plan;
    const child = spawn(command, given, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    this.#child = child;
    const log = createWriteStream(`${folder}/${name}.log`, { flags: "a" });
    child.stderr.pipe(log, { end: false });
    let partial = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      log.write(text);
      const lines = (partial + text).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) onLine?.(line);
    });
    if (child.pid !== undefined) writePid(`${folder}/${name}.pid`, child.pid);
    return new Promise((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("close", (code, signal) => {
        log.end();
        resolve(signal ?? `exit ${code}`);
      });
    });
  }
}

/** Whole or not at all: whoever reads it in between must not see half a number. */
function writePid(file: string, pid: number): void {
  writeFileSync(`${file}.partial`, `${pid}\n`);
  renameSync(`${file}.partial`, file);
}
