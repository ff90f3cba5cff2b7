import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ControlClient } from "../agent/control/control-client.ts";
import type { Locale } from "../agent/core/errors.ts";
import type { Clock, EpochMs } from "../agent/core/time.ts";
import { Tokens } from "../agent/identity/tokens.ts";
import { regionKey } from "../agent/region-key.ts";
import { SystemClock } from "../drivers/system-clock.ts";
import type { Deaths } from "../drivers/virtual/disturbance.ts";
import type { Played } from "../drivers/virtual/player.ts";
import { asObjects } from "../sync/receiver/show-table.ts";
import { askSql } from "../sync/receiver/sql-socket.ts";
import { SerialCable } from "../drivers/virtual/serial-cable.ts";
import { Display } from "./stage/display.ts";
import { root, stageOptions, type StageOptions } from "./stage/options.ts";
import { stageConfig, type StageConfig } from "./stage/stage-config.ts";
import { isRight, receiptName, summarise, type Summary } from "./stage/summary.ts";
import { SupervisedProcess } from "./stage/supervised-process.ts";
import { VirtualEntrance } from "./stage/virtual-entrance.ts";
import { holdVirtualReaders } from "./stage/virtual-readers.ts";
import { holdVirtualScanners, type HeldScanners } from "./stage/virtual-scanners.ts";
import { VirtualStore } from "./stage/virtual-store.ts";

/** How long the cloud may take to be there, and to have everything once the morning is over. */
const patienceMs = 60_000;

const withoutSocat = "socat is not installed; as root: apt-get install -y socat";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());

const options = stageOptions(process.argv.slice(2));
const locale: Locale = (process.env["LANG"] ?? "").startsWith("zh") ? "zh-CN" : "en";
process.exitCode = await main(options).catch((error: unknown) => {
  process.stderr.write(`storeloop: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

async function main(given: StageOptions): Promise<number> {
  await using resources = new AsyncDisposableStack();
  const clock = new SystemClock();
  const hasReaders = given.nfc && (await holdReaders(clock, resources));
  const scanners = await holdScanners(resources);
  const beacons = SerialCable.isAvailable();
  if (!beacons) tellMissing(`no beacons: ${withoutSocat}`);
  const stage = stageConfig(given, { nfc: hasReaders, scanners: scanners !== undefined, beacons });
  const { config } = stage;
  const display = new Display({ quiet: given.quiet, timeZone: config.store.timeZone, locale });
  const cloud = resources.use(cloudProcess(given, display));
  const entrance = await openEntrance(stage, clock, resources);
  const deaths: EpochMs[] = [];
  const agent = resources.use(agentProcess(given, stage, scanners, display, deaths));
  cloud.start();
  await until("the receiver", async () => (await ask(given, "SELECT 1 AS one")).length === 1);
  agent.start();
  const control = new ControlClient(config.agent.dataDir);
  await until("the agent", async () => (await control.status(stop.signal)).pid > 0);
  const watching = watchAgent(control, display);
  resources.defer(() => watching);
  const store = resources.use(
    await VirtualStore.open({
      config,
      clock,
      signal: stop.signal,
      state: resolve(given.state),
      seed: given.seed,
      scanners,
      entrance,
      onMissing: tellMissing,
      onEvent: (event) => display.store(event),
      onVisit: (event) => display.visit(event),
    }),
  );
  await until("the devices", () => areUp(control));
  return await playAndCompare({ given, stage, control, store, display, deaths });
}

async function holdReaders(clock: Clock, resources: AsyncDisposableStack): Promise<boolean> {
  const readers = await holdVirtualReaders(clock, stop.signal);
  if (readers.status === "held") resources.use(readers.readers);
  else tellMissing(`no taps: ${readers.reason}`);
  return readers.status === "held";
}

async function holdScanners(resources: AsyncDisposableStack): Promise<HeldScanners | undefined> {
  const scanners = await holdVirtualScanners();
  if (scanners.status === "held") return resources.use(scanners.scanners);
  tellMissing(`no scans: ${scanners.reason}`);
  return undefined;
}

/** The radio is there before the agent looks for it: one that is missing is looked for again only after a while. */
async function openEntrance(
  { config }: StageConfig,
  clock: Clock,
  resources: AsyncDisposableStack,
): Promise<VirtualEntrance | undefined> {
  const port = config.zones[0]?.devices[0]?.path;
  return port === undefined ? undefined : resources.use(await VirtualEntrance.open(port, clock));
}

async function areUp(control: ControlClient): Promise<boolean> {
  const { devices } = await control.status(stop.signal);
  const waiting = devices.filter(({ type, health }) => health.state !== "up" && type !== "printer-serial");
  if (waiting.length === 0) return true;
  throw new Error(waiting.map(({ deviceId, health }) => `${deviceId}: ${health.detail ?? health.state}`).join("; "));
}

/** Everything that a morning is played and compared with. */
interface Stage {
  readonly given: StageOptions;
  readonly stage: StageConfig;
  readonly control: ControlClient;
  readonly store: VirtualStore;
  readonly display: Display;
  readonly deaths: Deaths;
}

/** Plays the morning, compares, and stays open unless it is to be played once. Answers the exit status. */
async function playAndCompare(all: Stage): Promise<number> {
  const { given, stage, store, display } = all;
  const began = Date.now();
  display.note("The store opens: a busy morning, played fast.", "开店:加速播放一个繁忙的上午。");
  const played = await store.play();
  display.note("The last receipt is printed; comparing with the cloud.", "最后一张小票已打印,正在与云端核对。");
  const summary = await settle(all, played);
  display.summary(summary, Math.round((Date.now() - began) / 1000));
  if (!given.once && !stop.signal.aborted) await stayOpen(display, stage);
  stop.abort();
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  return isRight(summary) ? 0 : 1;
}

function tellMissing(line: string): void {
  process.stderr.write(`storeloop: ${line}\n`);
}

function cloudProcess(given: StageOptions, display: Display): SupervisedProcess {
  const state = resolve(given.state);
  const broker =
    given.broker === undefined ? ["--embedded-broker", `127.0.0.1:${given.brokerPort}`] : ["--broker", given.broker];
  const database =
    given.database === undefined
      ? { DATABASE_URL: `pglite:${join(state, "cloud")}` }
      : { DATABASE_URL: given.database };
  return new SupervisedProcess({
    name: "receiver",
    command: join(root, "scripts/receiver"),
    arguments: ["run", ...broker, "--socket", cloudSocket(given)],
    env: database,
    folder: state,
    onDeath: (how) => display.note(`The receiver died (${how}) and is started again.`, `接收端退出(${how}),正在重启。`),
  });
}

function agentProcess(
  given: StageOptions,
  { path }: StageConfig,
  scanners: HeldScanners | undefined,
  display: Display,
  deaths: EpochMs[],
): SupervisedProcess {
  return new SupervisedProcess({
    name: "agent",
    command: join(root, "scripts/storeloop"),
    arguments: ["run", "--config", path],
    ...(scanners && { env: scanners.environment }),
    folder: resolve(given.state),
    onDeath: (how) => {
      deaths.push(Date.now());
      display.note(`The agent died (${how}) and is started again.`, `门店程序退出(${how}),正在重启。`);
    },
  });
}

function cloudSocket(given: StageOptions): string {
  return join(resolve(given.state), "cloud.sock");
}

async function ask(given: StageOptions, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return asObjects(await askSql(cloudSocket(given), sql));
}

/** Shows the agent's live events; looks for the agent again after it died. */
async function watchAgent(control: ControlClient, display: Display): Promise<void> {
  while (!stop.signal.aborted) {
    try {
      for await (const event of control.watch(stop.signal)) display.agent(event);
    } catch {
      // It is being started again.
    }
    await delay(100);
  }
}

/** Waits until the cloud has everything the agent recorded, then compares. */
async function settle({ given, stage, control, deaths }: Stage, played: Played): Promise<Summary> {
  const { config } = stage;
  const { regionKey: key, keyVersion } = config.identity;
  const tokens = new Tokens(regionKey(key?.reveal(), keyVersion, config.agent.dataDir));
  const recordedNumbers = new Set<string>();
  const look = async (): Promise<Summary> => {
    // More than a morning's worth.
    for (const { workstationId, sequenceNumber } of await control.receipts({ limit: 500 }, AbortSignal.timeout(5000))) {
      recordedNumbers.add(receiptName(workstationId ?? "", sequenceNumber ?? ""));
    }
    return await summarise({ played, deaths, recordedNumbers, ask: (sql) => ask(given, sql), tokens });
  };
  let last: Summary | undefined;
  await until("the cloud", async () => {
    last = await look();
    const { ledger } = await control.status(AbortSignal.timeout(5000));
    return ledger.backlog === 0 && isRight(last);
  }).catch(() => undefined);
  return last ?? (await look());
}

async function stayOpen(display: Display, { path, config }: StageConfig): Promise<void> {
  const { dataDir } = config.agent;
  const words = dataDir === join(root, ".storeloop/agent") ? "" : ` --config ${path}`;
  display.note(
    `Still open. Print to 127.0.0.1:9100, look with scripts/storeloop status${words} (data in ${dataDir}) and scripts/receiver sql "select * from visits". Ctrl+C ends it.`,
    `继续运行。可向 127.0.0.1:9100 打印,用 scripts/storeloop status${words} 查看(数据在 ${dataDir}),或 scripts/receiver sql "select * from visits"。按 Ctrl+C 结束。`,
  );
  await new Promise<void>((done) => stop.signal.addEventListener("abort", () => done(), { once: true }));
}

/** Asks until the answer is yes; an answer that fails counts as no, and is named if it stays so. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  let why = "";
  for (;;) {
    try {
      if (await isSo()) return;
    } catch (error) {
      why = error instanceof Error ? ` (${error.message})` : "";
    }
    if (stop.signal.aborted) throw new Error("stopped");
    if (Date.now() > deadline) {
      throw new Error(`${what}: not ready after ${patienceMs / 1000} s${why}; the logs are in ${options.state}`);
    }
    await delay(100);
  }
}
