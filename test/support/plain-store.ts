import { writeFileSync } from "node:fs";
import type { TempFolder } from "./temp-folder.ts";

/** The configuration of a store without a device; `agent` is what its agent has besides, e.g. `, locale: en`. */
export function plainStore(agent = ""): string {
  return `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: data${agent} }
lanes: [{ id: "05", devices: [] }]
uplink: { url: "mqtt://127.0.0.1:1883" }
`;
}

/** Writes it into a folder, in which its data folder lies too; answers the path of the file. */
export function writePlainStore(folder: TempFolder): string {
  const path = folder.file("store.yaml");
  writeFileSync(path, plainStore());
  return path;
}
