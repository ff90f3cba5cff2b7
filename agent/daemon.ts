import { randomUUIDv7 } from "node:crypto";
import { readFileSync } from "node:fs";
import { carriesPrint, type Config } from "../config/config.ts";
import { Courier } from "../sync/courier.ts";
import { MqttLink } from "../sync/mqtt-link.ts";
import { SystemClock } from "../drivers/system-clock.ts";
import { openControl } from "./control/control-server.ts";
import type { ControlSource } from "./control/control-source.ts";
import { LiveFeed } from "./control/live-feed.ts";
import type { Driver } from "./core/driver.ts";
import { StoreloopError } from "./core/errors.ts";
import { asDeviceId, asEntryId, type EntryId } from "./core/ids.ts";
import type { Logger } from "./core/logger.ts";
import type { Offer } from "./core/observation.ts";
import type { IdentifyOutcome } from "./core/simulate.ts";
import type { Clock } from "./core/time.ts";
import { makeDataFolder } from "./data-folder.ts";
import { DeviceLog } from "./device-log.ts";
import { deviceDrivers, outlivesAgent } from "./device-drivers.ts";
import { watchDevices } from "./device-watch.ts";
import { entrySeal } from "./entry-seal.ts";
import { Identifier } from "./identity/identifier.ts";
import { Linker } from "./identity/linker.ts";
import { ProofMemory } from "./identity/proof-memory.ts";
import { Tokens } from "./identity/tokens.ts";
import { keyRules } from "./key-rules.ts";
import { checkChain, ledgerFile } from "./ledger-check.ts";
import type { DaemonSettings } from "./hand-over.ts";
import { openOrSalvage, setAsideFiles } from "./ledger/salvage.ts";
import type { SqliteLedger } from "./ledger/sqlite-ledger.ts";
import type { LedgerReplay } from "./ledger-replay.ts";
import { LiveReporter } from "./live-reporter.ts";
import { rootLogger } from "./logging.ts";
import { Pipeline } from "./pipeline/pipeline.ts";
import { slipReaders, warmUp } from "./receipt-reading.ts";
import { ReceiptQueries } from "./receipt-queries.ts";
import { PanRedactor } from "./receipts/pan.ts";
import { compileProfile, type Profile } from "./receipts/profile.ts";
import { regionKey } from "./region-key.ts";
import { StatusBoard } from "./status-board.ts";
import type { storePresence } from "./store-presence.ts";
import { version } from "./version.ts";

/** Parts that most of the daemon shares. */
interface Common {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ledger: SqliteLedger;
  readonly feed: LiveFeed;
  readonly reporter: LiveReporter;
}

/**
 * The agent: builds every part from the configuration, records what an earlier life left behind, and runs until aborted. What was
 * accepted before the end is durable or is taken up at the next start; nothing waits for the network.
 *
 * Rejects with a storeloop error when it cannot start: `LEDGER_*`, `CONTROL_*`, `REGION_KEY_INVALID`, `PROFILE_*`, `FILE_UNREADABLE`.
 */
export async function runDaemon({ config, profiles }: DaemonSettings, signal: AbortSignal): Promise<void> {
  const { dataDir, id: agentId, logLevel } = config.agent;
  const clock = new SystemClock();
  const logger = rootLogger(logLevel);
  makeDataFolder(dataDir);
  const failure = new AbortController();
  const ended = AbortSignal.any([signal, failure.signal]);
  using ledger = openLedger(config, logger, (error) => failure.abort(error));
  const feed = new LiveFeed();
  const common: Common = { config, clock, logger, ledger, feed, reporter: new LiveReporter(feed, clock) };
  // Everything that can refuse to start does so before a device is opened.
  const courier = newCourier(common);
  // What only stores with zones need is loaded there.
  const presence = config.zones.length > 0 ? await import("./store-presence.ts") : undefined;
  const pipeline = newPipeline(common, profiles.map(compileProfile), presence?.storePresence, ended);
  const virtualHid = process.env["STORELOOP_VIRTUAL_HID"];
  const drivers = await deviceDrivers(config, { clock, logger, dataDir, ledger, virtualHid });
  const log = new DeviceLog();
  const offer = log.watching(pipeline.offer);
  const board = newBoard(common, drivers, log);
  feed.watch((event) => board.note(event));
  feed.watch((event) => log.note(event));
  tellSetAside(common);
  const recovered = Promise.withResolvers<void>();
  const served = { ...common, board, drivers, offer, recovered: recovered.promise };
  await using _control = await openControl(controlSource(served), dataDir);
  await recordStart(common);
  await pipeline.recover();
  recovered.resolve();
  logger.info({ version, agentId, pid: process.pid, headSeq: ledger.head().seq }, "agent started");
  feed.publish({ type: "agent", atMs: clock.now().wallMs, state: "started" });

  const parts = [
    ...drivers.map((driver) => driver.run(offer, ended)),
    watchDevices(drivers, clock, logger, (event) => feed.publish(event), ended),
    courier.run(ended),
  ];
  // A part that fails is a defect: the others are stopped and the process ends, to be started again by its supervisor.
  await Promise.allSettled(parts.map((part) => part.catch((error: unknown) => failure.abort(error))));
  feed.publish({ type: "agent", atMs: clock.now().wallMs, state: "stopping" });
  failure.signal.throwIfAborted();
  logger.info({ headSeq: ledger.head().seq }, "agent stopped");
}

function openLedger({ agent }: Config, logger: Logger, onCorrupt: (error: StoreloopError) => void): SqliteLedger {
  const { ledger, salvage } = openOrSalvage(ledgerFile(agent.dataDir), { seal: entrySeal(agent.id), onCorrupt });
  if (salvage !== undefined) logger.error({ code: "LEDGER_SALVAGED", ...salvage }, "ledger salvaged");
  return ledger;
}

/** The alarm lasts over restarts, until a person has taken the files away. */
function tellSetAside({ config, clock, feed }: Common): void {
  const files = setAsideFiles(ledgerFile(config.agent.dataDir));
  if (files.length === 0) return;
  const atMs = clock.now().wallMs;
  feed.publish({ type: "alarm", atMs, code: "LEDGER_SALVAGED", state: "raised", detail: files.join(", ") });
}

const newId = (): EntryId => asEntryId(randomUUIDv7());

function newPipeline(
  common: Common,
  profiles: readonly Profile[],
  presence: typeof storePresence | undefined,
  signal: AbortSignal,
): Pipeline {
  const { config, clock, logger, ledger, feed, reporter } = common;
  const { regionKey: key, keyVersion, touchBeforeMs, touchAfterMs } = config.identity;
  const newSlipReader = slipReaders(config.lanes, profiles);
  warmUp(config.lanes, newSlipReader);
  const tokens = new Tokens(regionKey(key?.reveal(), keyVersion, config.agent.dataDir));
  const identification = new Identifier(tokens, new ProofMemory(ledger), keyRules(config));
  const devices = config.lanes.flatMap((lane) => lane.devices);
  const idle = new Map(
    devices.flatMap((device) => (carriesPrint(device) ? [[asDeviceId(device.id), device.idleMs]] : [])),
  );
  const outliving = new Set(devices.filter(outlivesAgent).map((device) => asDeviceId(device.id)));
  return new Pipeline({
    ledger,
    clock,
    signal,
    newId,
    outlives: (deviceId) => outliving.has(deviceId),
    linker: new Linker({ beforeMs: touchBeforeMs, afterMs: touchAfterMs }),
    identification,
    ...(presence !== undefined && { newPresence: (parts) => presence(config, identification, parts) }),
    newSlipReader,
    newRedactor: () => new PanRedactor(),
    idleMs: (deviceId) => idle.get(deviceId) ?? 1500,
    events: reporter,
    onDefect: (error) => logger.error({ err: error }, "an observation could not be taken"),
    onTrouble: (code, error) => {
      const atMs = clock.now().wallMs;
      if (code === undefined) feed.publish({ type: "alarm", atMs, code: "LEDGER_UNWRITABLE", state: "cleared" });
      else feed.publish({ type: "alarm", atMs, code: "LEDGER_UNWRITABLE", state: "raised", detail: code });
      if (code !== undefined) logger.error({ code, err: error }, "ledger refuses");
    },
  });
}

function newBoard(
  { config, clock, ledger, reporter }: Common,
  drivers: readonly Driver[],
  log: DeviceLog,
): StatusBoard {
  return new StatusBoard({
    version,
    store: config.store,
    agentId: config.agent.id,
    uplinkUrl: config.uplink.url,
    ledgerFile: ledgerFile(config.agent.dataDir),
    ledger,
    clock,
    devices: () => drivers.flatMap((driver) => driver.devices()).map((device) => log.statusOf(device)),
    counters: () => reporter.counters,
  });
}

/** What the control socket serves from, beside what most of the daemon shares. */
interface Served extends Common {
  readonly board: StatusBoard;
  readonly drivers: readonly Driver[];
  readonly offer: Offer;
  /** Resolves when what an earlier life left behind is taken up: nothing is offered before. */
  readonly recovered: Promise<void>;
}

function controlSource({ config, clock, ledger, feed, board, drivers, offer, recovered }: Served): ControlSource {
  // Loaded when somebody asks for one, and then kept: it lets one caller in at a time.
  let replay: Promise<LedgerReplay> | undefined;
  const loadReplay = async (): Promise<LedgerReplay> => {
    const module = await import("./ledger-replay.ts");
    return new module.LedgerReplay({ ledger, clock, lanes: config.lanes });
  };
  const receipts = new ReceiptQueries(ledger);
  return {
    snapshot: () => board.snapshot(),
    receipts: (query, signal) => receipts.list(query, signal),
    receipt: (key, signal) => receipts.find(key, signal),
    captured: (key, signal) => receipts.captured(key, signal),
    verify: (signal) => checkChain(ledger, entrySeal(config.agent.id), signal),
    replay: async (request, signal) => (await (replay ??= loadReplay())).run(request, signal),
    simulate: async (request, signal) => {
      const { Simulation } = await import("./simulation.ts");
      await recovered;
      return await new Simulation({ config, clock, ledger, offer }).run(request, signal);
    },
    identify: (deviceId, signal) => identify(drivers, deviceId, signal),
    watch: (listener) => feed.watch(listener),
  };
}

async function identify(drivers: readonly Driver[], deviceId: string, signal: AbortSignal): Promise<IdentifyOutcome> {
  const driver = drivers.find((one) => one.devices().some((device) => device.deviceId === deviceId));
  if (driver === undefined) throw new StoreloopError("DEVICE_UNKNOWN", `no device is named ${deviceId}`);
  return (await driver.identify?.(asDeviceId(deviceId), signal)) === true ? "shown" : "cannot";
}

function newCourier({ config, clock, logger, ledger, feed }: Common): Courier {
  const { url, protocolVersion, topicPrefix, username, password, caFile } = config.uplink;
  const uplink = new MqttLink({
    url,
    agentId: config.agent.id,
    agentVersion: version,
    clock,
    logger,
    protocolVersion,
    topicPrefix,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: password.reveal() }),
    ...(caFile !== undefined && { ca: readAuthority(caFile) }),
  });
  return new Courier({ ledger, uplink, clock, logger, emit: (event) => feed.publish(event) });
}

function readAuthority(caFile: string): Buffer {
  try {
    return readFileSync(caFile);
  } catch (error) {
    throw new StoreloopError("FILE_UNREADABLE", `cannot read uplink.caFile ${caFile}`, { cause: error });
  }
}

async function recordStart({ config, clock, ledger }: Common): Promise<void> {
  const id = newId();
  const data = { version, retailStoreId: config.store.retailStoreId };
  await ledger.write({ drafts: [{ id, kind: "agent.started", key: `start:${id}`, at: clock.now(), data }] });
}
