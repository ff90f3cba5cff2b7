import { ControlClient } from "../control/control-client.ts";
import { StoreloopError, type Locale } from "../core/errors.ts";
import type { CliConfig, CliConfigFault, CliConfigSource, LoadedConfig, Operations } from "./operations.ts";
import type { Terminal } from "./terminal.ts";
import type { Text } from "./text.ts";

/** One call of the command line, with what every command needs. */
export interface Invocation<C extends CliConfig> {
  readonly operations: Operations<C>;
  readonly terminal: Terminal;
  readonly locale: Locale;
  /** Whether machine-readable output was asked for. */
  readonly json: boolean;
  readonly loaded: LoadedConfig<C>;
  /** The sentence in the language of this call. */
  readonly say: (text: Text) => string;
}

/** The configuration has faults; they are shown with the error. */
export class ConfigRefused extends StoreloopError {
  readonly faults: readonly CliConfigFault[];
  readonly path: string;

  constructor(source: CliConfigSource, faults: readonly CliConfigFault[]) {
    super("CONFIG_INVALID", {
      "zh-CN": `${source.path}:${faults.length} 处错误`,
      en: `${source.path}: ${faults.length} fault${faults.length === 1 ? "" : "s"}`,
    });
    this.path = source.path;
    this.faults = faults;
  }
}

/** What was loaded for this call; throws `CONFIG_INVALID` or `CONFIG_UNREADABLE` when that is no configuration. */
export function loadedOf<C extends CliConfig>({ loaded }: Invocation<C>): Extract<LoadedConfig<C>, { state: "ok" }> {
  if (loaded.state === "ok") return loaded;
  if (loaded.state === "invalid") throw new ConfigRefused(loaded.source, loaded.faults);
  const { source, detail } = loaded;
  throw new StoreloopError("CONFIG_UNREADABLE", {
    "zh-CN": `${source.path}:${detail["zh-CN"]}`,
    en: `${source.path}: ${detail.en}`,
  });
}

/** The configuration of this call; throws what {@link loadedOf} throws. */
export function configOf<C extends CliConfig>(invocation: Invocation<C>): C {
  return loadedOf(invocation).config;
}

/** The daemon of this call's data folder. Asks nothing yet; throws what {@link configOf} throws. */
export function daemonOf<C extends CliConfig>(invocation: Invocation<C>): ControlClient {
  return new ControlClient(configOf(invocation).agent.dataDir);
}
