import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "./config.ts";
import type { ConfigFault } from "./fault.ts";
import { fileTrouble } from "./file-trouble.ts";
import { loadConfig, type PlaceOf } from "./load-config.ts";
import type { Text } from "./rules.ts";
import { showConfig, type ShownConfig } from "./show-config.ts";

/** Which file is the configuration, and what chose it. */
export interface ConfigSource {
  readonly path: string;
  readonly chosenBy: "flag" | "env" | "default" | "embedded";
}

/** What came of looking for, reading and checking the configuration. */
export type ConfigFileResult =
  | ({
      readonly state: "ok";
      readonly source: ConfigSource;
      readonly config: Config;
      readonly placeOf: PlaceOf;
    } & ShownConfig)
  | { readonly state: "invalid"; readonly source: ConfigSource; readonly faults: readonly ConfigFault[] }
  | { readonly state: "unreadable"; readonly source: ConfigSource; readonly detail: Text };

/** What decides on the file. */
export interface ConfigLookup {
  /** Value of `--config`. */
  readonly flag: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a real store keeps its configuration; `/etc/storeloop/storeloop.yaml` unless a test says otherwise. */
  readonly systemPath?: string;
}

/**
 * Finds, reads and checks the configuration: `--config`, else `$STORELOOP_CONFIG`, else `/etc/storeloop/storeloop.yaml`, else the
 * embedded defaults of the virtual store (`config/demo.yaml`). A file that is named or exists but cannot be read is never passed
 * over for the defaults: a real store must not start as the demo. Relative paths in a file start from the folder it lies in.
 */
export function loadConfigFile(lookup: ConfigLookup): ConfigFileResult {
  const source = findConfig(lookup);
  let text: string;
  try {
    text = readFileSync(source.path, "utf8");
  } catch (error) {
    return { state: "unreadable", source, detail: fileTrouble(error) };
  }
  const result = loadConfig(text, {
    env: lookup.env,
    readSecretFile: (path) => readFileSync(path, "utf8"),
    base: dirname(source.path),
  });
  if (!result.ok) return { state: "invalid", source, faults: result.faults };
  const config = withProfilesBeside(source, result.config);
  return { state: "ok", source, config, placeOf: result.placeOf, ...showConfig(config, result.given) };
}

/** A store's own profiles lie beside its configuration unless it says otherwise. Beside the embedded one lie those that ship. */
function withProfilesBeside({ path, chosenBy }: ConfigSource, config: Config): Config {
  if (config.agent.profilesDir !== undefined || chosenBy === "embedded") return config;
  const profilesDir = join(dirname(path), "profiles");
  return isAbsent(profilesDir) ? config : { ...config, agent: { ...config.agent, profilesDir } };
}

function findConfig({ flag, env, systemPath = "/etc/storeloop/storeloop.yaml" }: ConfigLookup): ConfigSource {
  if (flag !== undefined) return { path: resolve(flag), chosenBy: "flag" };
  const named = env["STORELOOP_CONFIG"];
  if (named !== undefined && named !== "") return { path: resolve(named), chosenBy: "env" };
  if (!isAbsent(systemPath)) return { path: systemPath, chosenBy: "default" };
  return { path: fileURLToPath(new URL("demo.yaml", import.meta.url)), chosenBy: "embedded" };
}

/** Surely not there. A file in a folder that may not be entered is not surely absent: reading it then says what is wrong. */
function isAbsent(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  }
}
