import type { DecodeOptions, Operations } from "../../agent/cli/operations.ts";
import { profileDesk } from "../../agent/profile-desk.ts";
import type { ChainCheck } from "../../agent/control/control-source.ts";
import type { Config } from "../../config/config.ts";
import { loadConfigFile } from "../../config/load-config-file.ts";

/** The command line's operations over real configuration files, with a script in the place of the daemon and the ledger. */
export class ScriptedOperations implements Operations<Config> {
  version = "0.1.0";
  ledger: () => Promise<ChainCheck | { readonly state: "absent" }> = () => Promise.resolve({ state: "absent" });
  segments: readonly object[] = [];
  readonly profiles = profileDesk;
  daemon: (config: Config, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  readonly decoded: { bytes: Uint8Array; options: DecodeOptions }[] = [];

  loadConfig(flag: string | undefined): ReturnType<Operations<Config>["loadConfig"]> {
    return loadConfigFile({ flag, env: {}, systemPath: "/nowhere/storeloop.yaml" });
  }

  run(config: Config, signal: AbortSignal): Promise<void> {
    return this.daemon(config, signal);
  }

  verifyLedger(): Promise<ChainCheck | { readonly state: "absent" }> {
    return this.ledger();
  }

  decodeFile(bytes: Uint8Array, options: DecodeOptions): Promise<readonly object[]> {
    this.decoded.push({ bytes, options });
    return Promise.resolve(this.segments);
  }
}
