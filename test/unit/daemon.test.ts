import { expect, test } from "vitest";
import { runDaemon } from "../../agent/daemon.ts";
import { loadConfig } from "../../config/load-config.ts";
import { freePort } from "../support/free-port.ts";
import { PosSocket } from "../support/pos-socket.ts";
import { TempFolder } from "../support/temp-folder.ts";

test("refuses to start, and opens no print port, when the broker's authority cannot be read", async () => {
  using folder = new TempFolder();
  const port = await freePort();
  const text = `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: data, logLevel: error }
lanes:
  - { id: "05", devices: [{ id: till-5, type: printer-tcp, listen: "127.0.0.1:${port}" }] }
uplink: { url: "mqtts://127.0.0.1:9", caFile: nowhere.pem }
`;
  const loaded = loadConfig(text, { env: {}, readSecretFile: () => "", base: folder.path });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const running = runDaemon({ config: loaded.config, profiles: [] }, new AbortController().signal);
  await expect(running).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  await expect(PosSocket.connect(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
