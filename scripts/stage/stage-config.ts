import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isMap, isSeq, parseDocument, type Document } from "yaml";
import { loadConfigFile } from "../../config/load-config-file.ts";
import type { Config } from "../../config/config.ts";
import { root, type StageOptions } from "./options.ts";
import { tagKey, tagKeyFile } from "./tag-key.ts";

/** The agent's configuration for the stage, and where it lies. */
export interface StageConfig {
  readonly path: string;
  readonly config: Config;
}

/** What can be played on this machine. What cannot is left out: nobody would be at the other end of it. */
export interface Playable {
  /** An agent with readers that this store does not hold would read and acknowledge somebody else's cards. */
  readonly nfc: boolean;
  readonly scanners: boolean;
  readonly beacons: boolean;
}

/**
 * Writes the agent's configuration, `<state>/storeloop.yaml`: that of the virtual store, config/demo.yaml, with the ports and the broker
 * asked for. In the default folder `scripts/storeloop` without further words talks to the agent on the stage, since both configurations
 * name the same data folder.
 */
export function stageConfig(options: StageOptions, playable: Playable): StageConfig {
  const state = resolve(options.state);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const path = join(state, "storeloop.yaml");
  const demo = readFileSync(join(root, "config/demo.yaml"), "utf8").replaceAll("../.storeloop/", "");
  // What stands above the first key is about the file it comes from.
  const document = parseDocument(demo.slice(demo.indexOf("version:")));
  adapt(document, options, playable);
  writeFileSync(path, document.toString({ lineWidth: 0 }));
  const loaded = loadConfigFile({ flag: path, env: process.env });
  if (loaded.state !== "ok") throw new Error(`${path}: ${JSON.stringify(loaded)}`);
  return { path, config: loaded.config };
}

function adapt(document: Document, options: StageOptions, { nfc, scanners, beacons }: Playable): void {
  const { broker, brokerPort, printPort, mqtt } = options;
  for (const lane of itemsOf(document.get("lanes"))) {
    const devices = isMap(lane) ? lane.get("devices") : undefined;
    if (!isSeq(devices)) continue;
    devices.items = devices.items.filter((device) => {
      const type = isMap(device) ? device.get("type") : undefined;
      if (isMap(device) && type === "printer-tcp") device.set("listen", `127.0.0.1:${printPort}`);
      return (type !== "nfc" || nfc) && (type !== "hid" || scanners);
    });
  }
  if (!beacons) document.delete("zones");
  if (nfc) {
    tagKey(resolve(options.state));
    const key = { name: "tags", metaReadKeyFile: tagKeyFile, fileReadKeyFile: tagKeyFile };
    document.set("nfc", document.createNode({ ntag424: [key] }));
  }
  document.setIn(["uplink", "url"], broker ?? `mqtt://127.0.0.1:${brokerPort}`);
  document.setIn(["uplink", "protocolVersion"], mqtt);
}

function itemsOf(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : [];
}
