import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ControlClient } from "../../agent/control/control-client.ts";
import { RelayLink } from "../../drivers/relay-link.ts";
import { freePort } from "./free-port.ts";
import { Part } from "./part.ts";
import { median } from "./rounds.ts";

/**
 * What lies between POS and paper at the 99th percentile, in microseconds beyond the median of a direct connection; the median of some
 * rounds.
 */
export interface PrintLatency {
  readonly storeloop: number;
  readonly bareRelay: number;
}

const chunkBytes = 64;

/** A serial line at 115200 baud, 8N1: ten bits a byte. */
const bytesPerSecond = 11_520;
const chunks = 300;
const rounds = 5;

/** Prints at the pace of a serial line: straight to the printer, through a bare relay and through storeloop, in turn. */
export async function printLatency(folder: string): Promise<PrintLatency> {
  await using parts = new AsyncDisposableStack();
  const printer = createServer({ noDelay: true }).listen(0, "127.0.0.1");
  await once(printer, "listening");
  parts.defer(() => void printer.close());
  const direct = (printer.address() as AddressInfo).port;
  const proxy = await freePort();
  await storeloopBetween(proxy, direct, join(folder, "latency"), parts);
  goAhead(parts);
  const relay = parts.use(
    Part.start(process.execPath, [...process.execArgv, join(import.meta.dirname, "bare-relay.ts"), String(direct)]),
  );
  const bare = Number(await relay.firstWords());
  const ports = { direct, bare, proxy };
  const added = { bare: [] as number[], proxy: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const base = quantile(await delays(ports.direct, printer), 0.5);
    for (const name of ["bare", "proxy"] as const) {
      const taken = await delays(ports[name], printer);
      // The first round warms the code up.
      if (round > 0) added[name].push(quantile(taken, 0.99) - base);
    }
  }
  return { storeloop: median(added.proxy), bareRelay: median(added.bare) };
}

/** Where it may, the measurement goes before what else the machine does, as storeloop's relay does; the bare relay is given the same. */
function goAhead(parts: AsyncDisposableStack): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
    parts.defer(() => setPriority(constants.priority.PRIORITY_NORMAL));
  } catch {
    // Only root may.
  }
}

/** A daemon with a proxy in front of the printer, as a store has it. */
async function storeloopBetween(port: number, printer: number, folder: string, parts: AsyncDisposableStack) {
  const config = `${folder}.yaml`;
  writeFileSync(
    config,
    `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: bench, dataDir: "${folder}", logLevel: error }
lanes:
  - id: "05"
    devices: [{ id: till-5, type: printer-tcp, listen: "127.0.0.1:${port}", forwardTo: "127.0.0.1:${printer}" }]
uplink: { url: "mqtt://127.0.0.1:9" }
`,
  );
  const daemon = parts.use(Part.start(join(import.meta.dirname, "../storeloop"), ["run", "--config", config]));
  const control = new ControlClient(folder);
  const isUp = async (): Promise<boolean> => {
    const { devices, pid } = await control.status(AbortSignal.timeout(1000));
    return pid === daemon.pid && devices.every(({ health }) => health.state === "up");
  };
  for (let attempt = 0; !(await isUp().catch(() => false)); attempt += 1) {
    if (attempt > 200) throw new Error("the daemon does not come up");
    await delay(100);
  }
  // Relays outlive their daemon: this one is told that it is no longer wanted.
  parts.defer(() => retireRelays(join(folder, "relay")));
}

async function retireRelays(folder: string): Promise<void> {
  const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  for (const name of readdirSync(folder)) {
    const link = await RelayLink.to(join(folder, name), {
      offer: () => Promise.resolve({ status: "recorded" }),
      logger: silent,
      onMet: ignore,
      onDevices: ignore,
      onFailed: ignore,
    });
    link?.retire();
    const never = new AbortController().signal;
    await link?.over(never, never);
  }
}

const ignore = (): void => undefined;

/** Sends chunks at the pace of the line; answers how long each took to the printer, in microseconds. */
async function delays(port: number, printer: Server): Promise<readonly number[]> {
  const accepted = once(printer, "connection");
  const pos = connect({ host: "127.0.0.1", port, noDelay: true });
  const [paper] = (await accepted) as [ReturnType<typeof connect>];
  const sentAt: bigint[] = [];
  const taken: number[] = [];
  let received = 0;
  paper.on("data", (bytes: Buffer) => {
    const now = process.hrtime.bigint();
    received += bytes.length;
    while (taken.length < Math.floor(received / chunkBytes))
      taken.push(Number(now - (sentAt[taken.length] ?? now)) / 1000);
  });
  const chunk = Buffer.alloc(chunkBytes, "PRINTED\n");
  const start = performance.now();
  for (let index = 0; index < chunks; index += 1) {
    sentAt.push(process.hrtime.bigint());
    pos.write(chunk);
    await delay(Math.max(0, start + ((index + 1) * chunkBytes * 1000) / bytesPerSecond - performance.now()));
  }
  while (taken.length < chunks) await delay(5);
  pos.destroy();
  paper.destroy();
  return taken;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
