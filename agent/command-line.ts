import { writeFileSync } from "node:fs";
import type { Config } from "../config/config.ts";
import { loadConfigFile } from "../config/load-config-file.ts";
import type { Operations } from "./cli/operations.ts";
import { runCli } from "./cli/run-cli.ts";
import type { Terminal } from "./cli/terminal.ts";
import { encodeHandOver } from "./hand-over.ts";
import { profileDesk } from "./profile-desk.ts";
import { readProfiles } from "./profiles-on-disk.ts";
import { replayProfiles } from "./replay-profiles.ts";
import { version } from "./version.ts";

/** Looking at the machine, and at the tables of charsets, is left to `doctor` and its like. */
const thisMachine: Pick<Operations<Config>, "root" | "foundDevices" | "cardService" | "isCharset"> = {
  root: "/",
  async foundDevices() {
    const { foundDevices } = await import("./found-devices.ts");
    return await foundDevices(this.root);
  },
  async cardService(signal) {
    const { askPcscd } = await import("./pcscd-service.ts");
    return await askPcscd(this.root, signal);
  },
  async isCharset(name) {
    const { charsetNamed } = await import("../drivers/printer/decoder/charset-names.ts");
    return charsetNamed(name) !== undefined;
  },
};

/**
 * Runs one command line and answers its exit code. For `run` it only reads and checks the files, and writes the settings of the daemon
 * to the file descriptor `handOverTo` (see {@link encodeHandOver}). What a command needs rarely is loaded when it needs it.
 */
export async function commandLine(argv: readonly string[], terminal: Terminal, handOverTo: number): Promise<number> {
  return await runCli<Config>(
    argv,
    {
      version,
      ...thisMachine,
      loadConfig: (flag) => loadConfigFile({ flag, env: terminal.env }),
      run: async (config) => handOver(config, handOverTo),
      verifyLedger: async ({ agent }, signal) => {
        const { checkClosedLedger } = await import("./ledger-check.ts");
        return await checkClosedLedger(agent.dataDir, agent.id, signal);
      },
      profiles: profileDesk,
      replayProfiles: async (wanted, profilesDir) => replayProfiles(wanted, profilesDir),
      replayClosed: async (config, request, signal) => {
        const { replayClosedLedger } = await import("./ledger-replay.ts");
        return await replayClosedLedger(config, request, signal);
      },
      decodeFile: async (bytes, options) => {
        const { readCapture } = await import("./capture-reading.ts");
        return readCapture(bytes, options);
      },
      drawFile: async (bytes, options) => {
        const { drawCapture } = await import("./receipt-drawing.ts");
        return drawCapture(bytes, options);
      },
      drawReceipt: async (receipt, bytes, config) => {
        const { drawReceipt } = await import("./receipt-drawing.ts");
        return drawReceipt(receipt, bytes, config);
      },
      htmlPage: async (page) => {
        const { htmlPage } = await import("./paper/page.ts");
        return htmlPage(page);
      },
    },
    terminal,
  );
}

function handOver(config: Config, to: number): void {
  const profiles = readProfiles(config.agent.profilesDir).map((profile) => profile.source);
  writeFileSync(to, encodeHandOver({ config, profiles }));
}
