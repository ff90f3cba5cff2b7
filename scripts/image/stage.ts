import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, join, posix } from "node:path";
import * as z from "zod";
import type { Instruction } from "./dockerfile.ts";

/** Where a build takes its files from. */
export interface BuildContext {
  readonly folder: string;
  /** Top-level names that `.dockerignore` lets through. */
  readonly names: ReadonlySet<string>;
  readonly stages: ReadonlyMap<string, Stage>;
}

/** Where the roots keep the certificates named by NODE_EXTRA_CA_CERTS. */
export const authorityPath = "/etc/extra-ca.pem";

const words = z.array(z.string());

/** One stage of a build: a Debian root on disk, and what the instructions have set so far. Throws on the first step that fails. */
export class Stage {
  readonly root: string;
  readonly env: Record<string, string> = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
  workdir = "/";
  user = "root";
  entrypoint: readonly string[] = [];
  command: readonly string[] = [];
  healthCheck: readonly string[] = [];

  constructor(root: string) {
    this.root = root;
  }

  /** Carries out an instruction as `docker build` would, as far as files and processes go. */
  apply({ keyword, text, line }: Instruction, context: BuildContext): void {
    switch (keyword) {
      case "RUN":
        return this.#mustRun(["sh", "-c", text]);
      case "COPY":
        return this.#copy(text, context);
      case "WORKDIR":
        this.workdir = posix.resolve(this.workdir, text);
        mkdirSync(join(this.root, this.workdir), { recursive: true });
        return;
      case "ENV":
        return this.#setEnvironment(text);
      case "USER":
        this.#mustRun(["id", text]);
        this.user = text;
        return;
      case "VOLUME":
        if (!existsSync(join(this.root, text))) throw new Error(`VOLUME ${text}: no such folder in the image`);
        return;
      case "ENTRYPOINT":
        this.entrypoint = words.parse(JSON.parse(text));
        return;
      case "CMD":
        this.command = words.parse(JSON.parse(text));
        return;
      case "HEALTHCHECK":
        this.healthCheck = words.parse(JSON.parse(text.slice(text.indexOf("CMD") + 3)));
        return;
      case "EXPOSE":
      case "STOPSIGNAL":
        return;
      default:
        throw new Error(`Dockerfile:${line}: ${keyword} is not known to this check; teach it or leave it out`);
    }
  }

  /** The command line that runs `command` inside, as the stage's user, in its folder and with its environment alone. */
  commandLine(command: readonly string[]): readonly string[] {
    const environment = Object.entries(this.env).map(([name, value]) => `${name}=${value}`);
    const inside = ["env", "-i", `--chdir=${this.workdir}`, ...environment, ...command];
    return ["chroot", `--userspec=${this.user}`, this.root, ...inside];
  }

  #mustRun(command: readonly string[]): void {
    const [program = "", ...args] = this.commandLine(["env", ...networkEnvironment(), ...command]);
    const { status } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0) throw new Error(`status ${status}: ${command.join(" ")}`);
  }

  #copy(text: string, context: BuildContext): void {
    const parts = text.split(/\s+/);
    const from = parts[0]?.startsWith("--from=") === true ? parts.shift()?.slice("--from=".length) : undefined;
    const target = parts.pop() ?? "";
    for (const source of parts) {
      const path = from === undefined ? fromContext(source, context) : fromStage(from, source, context);
      const intoFolder = target.endsWith("/") || target === "./";
      const destination = posix.resolve(this.workdir, target, intoFolder ? basename(source) : "");
      cpSync(path, join(this.root, destination), { recursive: true, verbatimSymlinks: true });
    }
  }

  #setEnvironment(text: string): void {
    const [, name = "", value = ""] = /^(\w+)=(\S+)$/.exec(text) ?? [];
    if (name === "") throw new Error(`ENV ${text}: this check knows NAME=value only`);
    this.env[name] = value;
  }
}

/** What a build needs behind a network's own certificate authority; the image itself never gets it, as with Docker's build arguments. */
function networkEnvironment(): readonly string[] {
  return process.env["NODE_EXTRA_CA_CERTS"] === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${authorityPath}`];
}

function fromContext(source: string, { folder, names }: BuildContext): string {
  if (!names.has(source.split("/")[0] ?? ""))
    throw new Error(`COPY ${source}: .dockerignore keeps it out of the build`);
  const path = join(folder, source);
  statSync(path);
  return path;
}

function fromStage(name: string, source: string, { stages }: BuildContext): string {
  const stage = stages.get(name);
  if (stage === undefined) throw new Error(`COPY --from=${name}: no stage of that name before this line`);
  return join(stage.root, source);
}
