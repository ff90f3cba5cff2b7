import { execFile } from "node:child_process";
import { chmodSync, chownSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runCli } from "../../agent/cli/run-cli.ts";
import { CapturedTerminal } from "./captured-terminal.ts";
import { ScriptedOperations } from "./scripted-operations.ts";

/** One check of a report of `doctor --json`. */
export interface Check {
  readonly id: string;
  readonly state: "ok" | "warn" | "fail";
  readonly what: string;
  readonly remedy?: string;
  readonly commands?: readonly string[];
}

/** Runs `doctor --json` over the machine at `root`. */
export async function runDoctor(config: string, root: string, lang = "en"): Promise<readonly Check[]> {
  const [operations, terminal] = [new ScriptedOperations(), new CapturedTerminal()];
  operations.root = root;
  await runCli(["doctor", "--json", "--lang", lang, "--config", config], operations, terminal);
  return (JSON.parse(terminal.text) as { readonly checks: readonly Check[] }).checks;
}

/** A user that owns nothing: `nobody` of Debian. */
const nobody = 65_534;

/**
 * The same as a user without rights, who is given the tree. Where tests do not run as root, they run as such a user anyway.
 */
export async function runDoctorUnprivileged(config: string, root: string): Promise<readonly Check[]> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) return await runDoctor(config, root);
  giveAway(root);
  const argv = [fileURLToPath(import.meta.url), config, root];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { uid: nobody, gid: nobody });
  return JSON.parse(stdout) as readonly Check[];
}

function giveAway(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  if (!found.isDirectory()) {
    chownSync(path, nobody, nobody);
    return;
  }
  chmodSync(path, 0o755);
  chownSync(path, nobody, nobody);
  for (const name of readdirSync(path)) giveAway(join(path, name));
}

if (import.meta.main) {
  const [config = "", root = ""] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await runDoctor(config, root)));
}
