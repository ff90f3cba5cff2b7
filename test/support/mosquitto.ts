import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { freePort } from "./free-port.ts";
import { TempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

/** Debian's mosquitto, or undefined where it is not installed. */
export const mosquittoBinary = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].find((path) => existsSync(path));

/** A mosquitto of its own for one test, on a free port of the loopback address, keeping nothing. */
export class RunningMosquitto implements AsyncDisposable {
  readonly port: number;
  readonly #folder = new TempFolder();
  readonly #configuration: string;
  #server: ChildProcess | undefined;

  private constructor(port: number, extra: string) {
    this.port = port;
    this.#configuration = this.#folder.file("mosquitto.conf");
    const lines = [`listener ${port} 127.0.0.1`, "allow_anonymous true", "user root", extra];
    writeFileSync(this.#configuration, lines.join("\n"));
  }

  /** Starts one; `extra` are further lines of its configuration. */
  static async start(extra = ""): Promise<RunningMosquitto> {
    const mosquitto = new RunningMosquitto(await freePort(), extra);
    await mosquitto.up();
    return mosquitto;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Starts it again after {@link kill}, on the same port. */
  async up(): Promise<void> {
    this.#server = spawn(mosquittoBinary ?? "mosquitto", ["-c", this.#configuration], { stdio: "ignore" });
    await until(() => answers(this.port), { timeoutMs: 10_000, what: "mosquitto" });
  }

  /** Ends it at once and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#server === undefined || this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const gone = once(this.#server, "exit");
    this.#server.kill("SIGKILL");
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#folder[Symbol.dispose]();
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
