import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { until } from "./until.ts";

/** The newest PostgreSQL of Debian's packages, or undefined where there is none. */
export const postgresBinaries = newestBinaries();

/** PostgreSQL refuses to run as root; Debian's package brings the user it runs as instead. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** A PostgreSQL server of its own for one test file, on a Unix socket in a temporary folder. */
export class RunningPostgres implements AsyncDisposable {
  readonly #folder: string;
  readonly #owner: Owner;
  #server: ChildProcess | undefined;
  #databases = 0;

  private constructor(folder: string, owner: Owner) {
    this.#folder = folder;
    this.#owner = owner;
  }

  static async start(): Promise<RunningPostgres> {
    const owner = process.getuid?.() === 0 ? userPostgres() : {};
    const folder = mkdtempSync(join(tmpdir(), "storeloop-pg-"));
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
    const postgres = new RunningPostgres(folder, owner);
    const initdb = [
      "-D",
      join(folder, "data"),
      "-U",
      "postgres",
      "-A",
      "trust",
      "-E",
      "UTF8",
      "--locale=C",
      "--no-sync",
    ];
    execFileSync(binary("initdb"), initdb, { ...owner, stdio: "ignore", cwd: folder });
    await postgres.up();
    return postgres;
  }

  /** Starts the server again after {@link kill}. */
  async up(): Promise<void> {
    const options = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${this.#folder}`, "-c", "fsync=off"];
    this.#server = spawn(binary("postgres"), ["-D", join(this.#folder, "data"), ...options], {
      ...this.#owner,
      cwd: this.#folder,
      stdio: "ignore",
    });
    await until(() => this.#answers(), { timeoutMs: 30_000, everyMs: 100, what: "PostgreSQL" });
  }

  /** Ends the server at once, as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#server === undefined || this.#server.exitCode !== null) return;
    const gone = once(this.#server, "exit");
    this.#server.kill("SIGQUIT");
    await gone;
  }

  /** The address of a new, empty database. */
  async newDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    const client = new Client(this.#address("postgres"));
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return this.#address(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #address(database: string): string {
    return `postgres://postgres@/${database}?host=${this.#folder}`;
  }

  async #answers(): Promise<boolean> {
    const client = new Client(this.#address("postgres"));
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function binary(name: string): string {
  return join(postgresBinaries ?? "", name);
}

function newestBinaries(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).filter((version) => existsSync(join(root, version, "bin/postgres")));
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(root, newest, "bin");
}

function userPostgres(): Owner {
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
