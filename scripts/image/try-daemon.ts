import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stage } from "./stage.ts";

/** A store without any hardware and with a broker that is not there: the daemon must run, and say that it is healthy, all the same. */
const config = `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "image-check", dataDir: /var/lib/storeloop }
lanes:
  - id: "05"
    devices:
      - { id: till-5-printer, type: printer-tcp, listen: "127.0.0.1:19100" }
      - { id: till-5-nfc, type: nfc, reader: "Nobody's reader 00 00" }
uplink: { url: "mqtt://127.0.0.1:19183" }
`;

const nativeAddOns = [
  "better-sqlite3",
  "nfc-pcsc",
  "serialport",
  "node-hid",
  "@abandonware/bluetooth-hci-socket",
  "@stoprocent/bluetooth-hci-socket",
];
const healthyWithinMs = 30_000;
const stopsWithinMs = 15_000;

/** Loads the native add-ons, then starts the image's command as its user and waits for its health check; throws when one fails. */
export async function tryDaemon(image: Stage): Promise<void> {
  if (image.user === "root") throw new Error("the image runs as root");
  for (const name of nativeAddOns) {
    const load = runInside(image, ["node", "--input-type=module", "--eval", `await import(${JSON.stringify(name)})`]);
    if (load.status !== 0) throw new Error(`${name} does not load in the image: ${load.stderr}`);
    console.log(`check-image: ok  ${name} loads as ${image.user}`);
  }
  writeFileSync(join(image.root, "etc/storeloop/storeloop.yaml"), config);
  if (runInside(image, image.healthCheck).status === 0) throw new Error("the health check passes without a daemon");
  const [program = "", ...args] = image.commandLine([...image.entrypoint, ...image.command]);
  const daemon = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  try {
    await becomesHealthy(image, daemon);
    console.log(`check-image: ok  healthy: ${image.healthCheck.join(" ")}`);
    await stops(daemon);
    console.log("check-image: ok  stopped by SIGTERM with status 0");
  } finally {
    daemon.kill("SIGKILL");
  }
}

async function becomesHealthy(image: Stage, daemon: ChildProcess): Promise<void> {
  const deadline = Date.now() + healthyWithinMs;
  for (;;) {
    const { status, stdout, stderr } = runInside(image, image.healthCheck);
    if (status === 0) return;
    if (daemon.exitCode !== null) throw new Error(`the daemon ended with status ${daemon.exitCode}`);
    if (Date.now() > deadline) throw new Error(`not healthy after ${healthyWithinMs} ms: ${stdout}${stderr}`);
    await delay(500);
  }
}

async function stops(daemon: ChildProcess): Promise<void> {
  const ended = once(daemon, "exit", { signal: AbortSignal.timeout(stopsWithinMs) });
  daemon.kill("SIGTERM");
  await ended;
  if (daemon.exitCode !== 0)
    throw new Error(`SIGTERM ended the daemon with ${daemon.signalCode ?? daemon.exitCode}, not with status 0`);
}

function runInside(
  image: Stage,
  command: readonly string[],
): { status: number | null; stdout: string; stderr: string } {
  const [program = "", ...args] = image.commandLine(command);
  return spawnSync(program, args, { encoding: "utf8" });
}
