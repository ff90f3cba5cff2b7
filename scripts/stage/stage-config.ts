import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadConfigFile } from "../../config/load-config-file.ts";
import type { Config } from "../../config/config.ts";
import { root, type StageOptions } from "./options.ts";

/** The agent's configuration for the stage, and where it lies. */
export interface StageConfig {
  /** Value for `--config`; none: the agent finds the embedded configuration by itself, as any `scripts/storeloop` does. */
  readonly flag: string | undefined;
  readonly config: Config;
}

/**
 * The embedded configuration where it fits, so that `scripts/storeloop` without further words talks to the agent on the stage; else
 * the same with the folder, ports and broker asked for, written to `<state>/storeloop.yaml`.
 */
export function stageConfig(options: StageOptions): StageConfig {
  const state = resolve(options.state);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const isEmbedded =
    state === join(root, ".storeloop") &&
    options.broker === undefined &&
    options.printPort === 9100 &&
    options.brokerPort === 1883 &&
    options.mqtt === "auto" &&
    options.nfc;
  const path = isEmbedded ? join(root, "config/demo.yaml") : join(state, "storeloop.yaml");
  if (!isEmbedded) writeFileSync(path, yaml(options));
  const loaded = loadConfigFile({ flag: path, env: process.env });
  if (loaded.state !== "ok") throw new Error(`${path}: ${JSON.stringify(loaded)}`);
  return { flag: isEmbedded ? undefined : path, config: loaded.config };
}

function yaml({ broker, brokerPort, printPort, nfc, mqtt }: StageOptions): string {
  const lane = (id: string, printer: string, reader: string): string => {
    const readerLine = `\n      - { id: till-${Number(id)}-nfc, type: nfc, reader: "${reader}" }`;
    return `  - id: "${id}"\n    devices:\n      - { id: till-${Number(id)}-printer, ${printer} }${nfc ? readerLine : ""}\n`;
  };
  return `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: agent }
lanes:
${lane("05", `type: printer-tcp, listen: "127.0.0.1:${printPort}"`, "Virtual PCD 00 00")}${lane("07", "type: printer-serial, path: tty-till-7", "Virtual PCD 00 01")}identity: { touchBeforeMs: 20000, touchAfterMs: 700 }
uplink: { url: "${broker ?? `mqtt://127.0.0.1:${brokerPort}`}", protocolVersion: "${mqtt}" }
`;
}
