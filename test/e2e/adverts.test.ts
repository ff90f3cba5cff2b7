import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { getPriority, setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { structure } from "../../drivers/ble/virtual/advert-writer.ts";
import { SystemClock } from "../../drivers/system-clock.ts";
import { SerialCable } from "../../drivers/virtual/serial-cable.ts";
import type { AirOrder, AirPlan, AirReport } from "../support/ble/air-process.ts";
import { plantedBeacon, radioSections } from "../support/ble/planted-beacon.ts";
import { RadioBench } from "../support/ble/radio-bench.ts";
import { percentile, show } from "../support/figures.ts";
import { freePort } from "../support/free-port.ts";
import { devicesOf, driverLibraries, printed } from "../support/full-store.ts";
import { entriesIn } from "../support/ledger-entries.ts";
import { LoneDaemon } from "../support/lone-daemon.ts";
import { cablePid, childWith, cpuSeconds, rssBytes } from "../support/process-tree.ts";
import { RecordedFeed } from "../support/recorded-feed.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { until } from "../support/until.ts";

/** With every run a little; the long run: STORELOOP_SOAK=1 npm test -- test/e2e/adverts.test.ts */
const isLong = process.env["STORELOOP_SOAK"] === "1";
const plan = { beacons: 20, advertsPerSecond: 10_000, addresses: 100_000 };
/** Loud phases bring 500,000 adverts in the long run. */
const phases = isLong ? { rounds: 10, eachMs: 5_000 } : { rounds: 2, eachMs: 2_000 };
/** The daemon's heap has its size after some thousand receipts. */
const warmUpReceipts = isLong ? 5_000 : 100;
/** A till prints less in an hour than this does in a minute. */
const betweenReceiptsMs = 20;
const megabyte = 1_024 * 1_024;

const note = SerialCable.isAvailable() ? "" : " (skipped: socat is not installed)";

/** The air around a radio, in a process of its own. */
class Air implements AsyncDisposable {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async start(of: AirPlan): Promise<Air> {
    const program = new URL("../support/ble/air-process.ts", import.meta.url);
    const child = fork(program, [JSON.stringify(of)], { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    await once(child, "message");
    return new Air(child);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Brings the crowd, or takes it away. Answers how many adverts went out so far. */
  async order(order: AirOrder): Promise<number> {
    const answered = once(this.#process, "message") as Promise<[AirReport]>;
    this.#process.send(order);
    return (await answered)[0].sent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#process, "exit");
    this.#process.kill();
    await gone;
  }
}

/** A radio among its beacons, a till, and the daemon. */
async function setUp(stack: AsyncDisposableStack) {
  const folder = stack.use(new TempFolder());
  const socketPath = folder.file("controller");
  const air = stack.use(await Air.start({ ...plan, socketPath }));
  const portPath = folder.file("radio");
  const cable = stack.use(new SerialCable({ portPath, socketPath, clock: new SystemClock() }));
  await cable.plug();
  // Both stand for hardware, which takes no processor from a store's computer: theirs is what the others leave.
  for (const pid of [air.pid, cablePid(portPath) ?? 0]) setPriority(pid, 19);
  const printPort = await freePort();
  const lanes = `  - { id: "05", devices: [{ id: till-5, type: printer-tcp, listen: "127.0.0.1:${printPort}" }] }`;
  const daemon = stack.use(new LoneDaemon(folder.path, lanes, undefined, { sections: radioSections(portPath) }));
  await daemon.start();
  const feed = stack.use(await RecordedFeed.of(daemon.dataDir));
  return { air, daemon, feed, printPort };
}

let lastNumber = 0;
const nextNumber = (): string => String((lastNumber += 1)).padStart(6, "0");

/** Prints for a while; answers how long each receipt took to be durable. */
async function printFor(store: Awaited<ReturnType<typeof setUp>>, durationMs: number): Promise<readonly number[]> {
  const untilMs = performance.now() + durationMs;
  const tookMs: number[] = [];
  while (performance.now() < untilMs) {
    tookMs.push(await printed(store, nextNumber()));
    await delay(betweenReceiptsMs);
  }
  return tookMs;
}

describe.skipIf(!SerialCable.isAvailable())(`a radio in a crowd${note}`, () => {
  it(`costs receipts nothing: ${plan.advertsPerSecond} adverts a second from ${plan.addresses} addresses, ${phases.rounds} times for ${phases.eachMs} ms`, async () => {
    await using stack = new AsyncDisposableStack();
    const store = await setUp(stack);
    const { air, daemon, feed } = store;
    await until(() => feed.count("visit.started") === plan.beacons, { timeoutMs: 30_000, what: "twenty visits" });
    const radio = childWith(daemon.pid, driverLibraries.ble) ?? 0;
    // Everything is compiled, and every buffer has its size, before it is measured.
    for (let receipt = 0; receipt < warmUpReceipts; receipt += 1) await printed(store, nextNumber());
    const idle = rssBytes(daemon.pid);
    await air.order({ isLoud: true });
    await delay(phases.eachMs);
    await air.order({ isLoud: false });
    const before = { idle, daemon: rssBytes(daemon.pid), radio: rssBytes(radio) };
    const quiet: PhaseFigures[] = [];
    const loud: PhaseFigures[] = [];
    const radioMb: number[] = [];
    let adverts = 0;
    let loudCpuSeconds = 0;
    for (let round = 0; round < phases.rounds; round += 1) {
      quiet.push(figuresOf(await printFor(store, phases.eachMs)));
      const sentBefore = await air.order({ isLoud: true });
      const cpuBefore = cpuSeconds(radio);
      loud.push(figuresOf(await printFor(store, phases.eachMs)));
      loudCpuSeconds += cpuSeconds(radio) - cpuBefore;
      adverts += (await air.order({ isLoud: false })) - sentBefore;
      radioMb.push(Math.round(rssBytes(radio) / megabyte));
    }
    const after = rssBytes(daemon.pid);
    const loudSeconds = (phases.rounds * phases.eachMs) / 1_000;
    const p99 = { quiet: medianOf(quiet, "p99"), loud: medianOf(loud, "p99") };
    show("adverts", {
      adverts,
      advertsPerSecond: Math.round(adverts / loudSeconds),
      radioCpuShare: round2(loudCpuSeconds / loudSeconds),
      radioNiceness: getPriority(radio),
      heard: (await devicesOf(daemon)).get("radio-1")?.health.detail,
      p50: { quiet: medianOf(quiet, "p50"), loud: medianOf(loud, "p50") },
      p99: { ...p99, ratio: round2(p99.loud / p99.quiet) },
      daemonMb: [before.idle, before.daemon, after].map((bytes) => Math.round(bytes / megabyte)),
      radioMb: { before: Math.round(before.radio / megabyte), most: Math.max(...radioMb) },
      receipts: lastNumber,
      rounds: { quiet: quiet.map(({ p99: each }) => each), loud: loud.map(({ p99: each }) => each) },
    });
    expect(childWith(daemon.pid, driverLibraries.ble)).toBe(radio);
    // A receipt goes before whatever a radio hears.
    expect(getPriority(radio)).toBeGreaterThan(getPriority(daemon.pid));
    expect(adverts).toBeGreaterThan(loudSeconds * plan.advertsPerSecond * 0.9);
    expect(Math.max(...radioMb)).toBeLessThan(300);
    expect(before.daemon / before.idle).toBeLessThan(1.1);
    // A few receipts have no 99th percentile to speak of, and grow the daemon as receipts do.
    if (isLong) expect(p99.loud / p99.quiet).toBeLessThan(1.5);
    if (isLong) expect(after / before.daemon).toBeLessThan(1.1);
    await daemon.end("SIGTERM");
    const entries = entriesIn(daemon.dataDir);
    const numbers = entries.flatMap(({ kind, data }) => (kind === "transaction" ? [data.sequenceNumber] : []));
    expect([numbers.length, new Set(numbers).size]).toEqual([lastNumber, lastNumber]);
    const visits = entries.filter(({ kind }) => kind === "visit.started" || kind === "visit.ended");
    expect(visits.map(({ kind }) => kind)).toEqual(Array.from({ length: plan.beacons }, () => "visit.started"));
  }, 600_000);
});

describe.skipIf(!SerialCable.isAvailable())(`a radio whose process outgrows its memory${note}`, () => {
  it("is replaced in order, again and again, in a crowd, and goes on hearing every beacon", async () => {
    const transmitters = Array.from({ length: plan.beacons }, (_, index) => plantedBeacon(index + 1));
    const crowd = { ...plan, bytes: structure(0xff, new Uint8Array(9)), rssiDbm: -80 };
    // What a process holds before it has loaded its library is allowed, what it holds with it is not: each lives from one beat to the next.
    const limits = { maxRssBytes: 95 * megabyte, beatMs: 3_000 };
    await using radio = await RadioBench.start("stoprocent", { transmitters, crowd, limits });
    const replaced = () => radio.logger.of("driver process is replaced").length;
    await until(() => replaced() >= 3, { timeoutMs: 40_000, what: "three new processes" });
    await radio.sightsAgain();
    await delay(1_000);
    const sightings = Map.groupBy(radio.running.of("ble-sighting"), ({ identifier }) => identifier);
    const gapsMs = [...sightings.values()].map((of) => longestGap(of.map(({ at }) => at.monotonicMs)));
    const figures = {
      replaced: replaced(),
      longestGapMs: Math.round(Math.max(...gapsMs)),
      adverts: radio.controller.sent,
    };
    show("radio replaced", figures);
    expect(sightings.size).toBe(plan.beacons);
    expect(figures.longestGapMs).toBeLessThan(5_000);
    expect(radio.logger.of("driver process is gone")).toEqual([]);
  }, 120_000);
});

function longestGap(timesMs: readonly number[]): number {
  return Math.max(...timesMs.slice(1).map((time, index) => time - (timesMs[index] ?? time)));
}

interface PhaseFigures {
  readonly p50: number;
  readonly p99: number;
}

const round2 = (value: number): number => Math.round(value * 100) / 100;

const figuresOf = (tookMs: readonly number[]): PhaseFigures => ({
  p50: round2(percentile(tookMs, 0.5)),
  p99: round2(percentile(tookMs, 0.99)),
});

const medianOf = (rounds: readonly PhaseFigures[], which: "p50" | "p99"): number =>
  percentile(
    rounds.map((round) => round[which]),
    0.5,
  );
