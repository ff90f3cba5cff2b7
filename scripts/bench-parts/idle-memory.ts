import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ControlClient } from "../../agent/control/control-client.ts";
import { broker } from "./far-end.ts";
import { freePort } from "./free-port.ts";
import { Part } from "./part.ts";

/** Resident memory in bytes, as the kernel counts it (proc(5), `VmRSS`, and what of it is anonymous). */
export interface IdleMemory {
  readonly daemon: number;
  readonly daemonAnonymous: number;
  readonly bareNode: number;
  readonly bareNodeAnonymous: number;
}

/** How long the daemon is left alone before it is measured. */
const settleMs = 8000;

/** The idle daemon with one TCP printer, one serial line and an uplink, against a Node.js that does nothing. */
export async function idleMemory(folder: string): Promise<IdleMemory> {
  await using parts = new AsyncDisposableStack();
  const url = await broker(folder, parts);
  const line = join(folder, "tty");
  // Without socat the port is absent, and the driver looks for it as it does in a store.
  parts.use(Part.start("socat", [`pty,link=${line},raw,echo=0`, "pty,raw,echo=0"], { quiet: true }));
  writeFileSync(join(folder, "storeloop.yaml"), config(url, line, await freePort()));
  // The first start fills the compile cache, as the first start in a store does.
  await daemonPages(folder, 500);
  const [anonymous, all] = await daemonPages(folder, settleMs);
  await using bare = Part.start(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1e6)"]);
  await bare.firstWords();
  await delay(500);
  const [bareAnonymous, bareAll] = residentBytes(bare.pid);
  return { daemon: all, daemonAnonymous: anonymous, bareNode: bareAll, bareNodeAnonymous: bareAnonymous };
}

async function daemonPages(folder: string, forMs: number): Promise<readonly [number, number]> {
  const script = join(import.meta.dirname, "../storeloop");
  await using daemon = Part.start(script, ["run", "--config", join(folder, "storeloop.yaml")]);
  const control = new ControlClient(join(folder, "data"));
  for (let attempt = 0; ; attempt += 1) {
    const pid = await control.status(AbortSignal.timeout(1000)).then(
      (status) => status.pid,
      () => undefined,
    );
    if (pid === daemon.pid) break;
    if (attempt > 100) throw new Error("the daemon does not come up");
    await delay(100);
  }
  await delay(forMs);
  return residentBytes(daemon.pid);
}

/** Anonymous and all resident bytes of a process. */
function residentBytes(pid: number): readonly [number, number] {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return [kilobytes("RssAnon") * 1024, kilobytes("VmRSS") * 1024];
}

function config(url: string, line: string, port: number): string {
  return `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: bench, dataDir: data, logLevel: error }
lanes:
  - id: "05"
    devices: [{ id: till-5-printer, type: printer-tcp, listen: "127.0.0.1:${port}" }]
  - id: "07"
    devices: [{ id: till-7-printer, type: printer-serial, path: "${line}" }]
uplink: { url: "${url}" }
`;
}
