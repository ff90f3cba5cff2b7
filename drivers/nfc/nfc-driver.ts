import type { DeviceState, Driver } from "../../agent/core/driver.ts";
import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import { StoreloopError } from "../../agent/core/errors.ts";
import type { DeviceId } from "../../agent/core/ids.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { aborted } from "../aborted.ts";
import { appletsOf, keySetsOf, type CredentialOptions } from "./iso-dep/applets.ts";
import { matchReader } from "./match-reader.ts";
import { openNfcPcsc } from "./nfc.native.ts";
import { pcscdSocketPath, probePcscd, type PcscdState } from "./pcscd-probe.ts";
import type { OpenPcsc, PcscReader, PcscSession } from "./pcsc.ts";
import { ReaderStation, type NfcReaderConfig, type NfcTiming } from "./reader-station.ts";

/** What the driver is told. Plain data, so that it can cross into a child process. */
export interface NfcDriverOptions extends Partial<NfcTiming> {
  readonly readers: readonly NfcReaderConfig[];
  /** What cards and phones are asked for beyond UID and NDEF, and with which keys. */
  readonly credentials?: CredentialOptions;
  /** Where pcscd listens; by default where Linux has it. */
  readonly socketPath?: string;
  /** Between two looks at a pcscd that serves: how soon a hung one is told of. */
  readonly watchMs?: Ms;
  /** How long pcscd may take to say its version before it counts as hung. */
  readonly probeTimeoutMs?: Ms;
}

/** What the driver works with. `open` is there for tests of what no emulated reader can do. */
export interface NfcDriverParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the driver's last process said, if there was one. */
  readonly previous?: readonly DeviceState[];
  readonly open?: OpenPcsc;
}

/** Between two looks for a pcscd that is not there. */
const retryMs: Ms = 500;

/** How long after pcscd came up its readers may take to appear before they count as missing. */
const readersDueMs: Ms = 1_000;

const defaults = {
  socketPath: pcscdSocketPath,
  watchMs: 5_000,
  probeTimeoutMs: 2_000,
  readTimeoutMs: 2_000,
  repeatWindowMs: 1_500,
} satisfies Partial<NfcDriverOptions>;

/** What a technician reads of a pcscd that does not serve. */
const faults: Readonly<Record<Exclude<PcscdState, "answers">, { code: ErrorCode; detail: string }>> = {
  absent: { code: "NFC_PCSCD_DOWN", detail: "nothing listens on the socket of pcscd" },
  silent: { code: "NFC_PCSCD_HUNG", detail: "pcscd takes connections and does not answer" },
  denied: { code: "NFC_PCSCD_DENIED", detail: "pcscd turns this user away" },
};

/**
 * All PC/SC readers of one machine. Reads each card held to a configured reader, offers what it shows, and tells the shopper
 * by the reader's LED and buzzer. Waits for pcscd. A library call can block the process, so it belongs into a child process
 * (`drivers/host.ts`). `run` resolves when pcscd went away: the library never gives back the sockets that it had to it
 * (SCardReleaseContext, without anybody to tell, leaves them open), so the next pcscd is for a new process.
 */
export class NfcDriver implements Driver {
  readonly name = "nfc";
  readonly #stations: readonly ReaderStation[];
  readonly #options: typeof defaults;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #open: OpenPcsc;

  /** Throws a RangeError when a configured key is not usable. */
  constructor(options: NfcDriverOptions, { clock, logger, previous = [], open }: NfcDriverParts) {
    this.#options = { ...defaults, ...options };
    const timing = this.#options;
    const keySets = keySetsOf(options.credentials);
    const tools = { clock, keySets, applets: appletsOf(options.credentials, keySets) };
    this.#stations = options.readers.map((config) => {
      const before = previous.find(({ deviceId }) => deviceId === config.deviceId)?.health;
      return new ReaderStation({ config, timing, tools, logger, ...(before && { before }) });
    });
    this.#clock = clock;
    this.#logger = logger;
    this.#open = open ?? openNfcPcsc;
  }

  devices(): readonly DeviceState[] {
    return this.#stations.map((station) => station.state());
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const state = await this.#probe(signal);
      if (state === "answers" && (await this.#session(offer, signal)) === "lost") break;
      if (state !== "answers")
        for (const station of this.#stations) station.setHealth("down", faults[state].code, faults[state].detail);
      await this.#pause(retryMs, signal);
    }
    await Promise.all(this.#stations.map((station) => station.settled()));
  }

  async identify(deviceId: DeviceId): Promise<boolean> {
    return (await this.#stations.find(({ config }) => config.deviceId === deviceId)?.identify()) === true;
  }

  async #probe(signal: AbortSignal): Promise<PcscdState> {
    return await probePcscd(this.#options.socketPath, this.#options.probeTimeoutMs, signal);
  }

  /** One life of pcscd. `lost`: it went away; `closed`: there never was a session, or the driver stops. */
  async #session(offer: Offer, signal: AbortSignal): Promise<"lost" | "closed"> {
    const ended = new AbortController();
    const over = AbortSignal.any([signal, ended.signal]);
    const session = await this.#openOrGiveUp(offer, ended, signal);
    if (!session) return "closed";
    this.#logger.info({}, "connected to pcscd");
    await Promise.all([this.#reportMissing(over), this.#watch(over), aborted(over)]);
    for (const station of this.#stations) {
      if (ended.signal.aborted) station.detach("NFC_PCSCD_DOWN", "pcscd went away");
      else station.cardGone();
    }
    await session.close();
    return ended.signal.aborted ? "lost" : "closed";
  }

  async #openOrGiveUp(offer: Offer, ended: AbortController, signal: AbortSignal): Promise<PcscSession | undefined> {
    try {
      return await this.#open({
        readerFound: (reader) => this.#attach(reader),
        readerGone: (reader) => this.#stationOf(reader)?.detach("NFC_READER_GONE", "the reader was unplugged"),
        cardPresent: (reader, atr) => this.#stationOf(reader)?.cardPresent(atr, offer),
        cardGone: (reader) => this.#stationOf(reader)?.cardGone(),
        failed: (error) => ended.abort(error),
      });
    } catch (error) {
      const isMissing = error instanceof StoreloopError && error.code === "NFC_LIBRARY_MISSING";
      const code = isMissing ? "NFC_LIBRARY_MISSING" : "NFC_PCSCD_DOWN";
      this.#logger.error({ code, err: error }, "cannot open nfc-pcsc");
      for (const station of this.#stations) station.setHealth(isMissing ? "failed" : "down", code, String(error));
      // A library that is not there will not come while this process lives.
      if (isMissing) await aborted(signal);
      return undefined;
    }
  }

  #attach(reader: PcscReader): void {
    const free = this.#stations.filter((station) => station.reader === undefined);
    const index = matchReader(
      reader.name,
      free.map((station) => station.config),
    );
    const station = free[index];
    if (station) station.attach(reader);
    else this.#logger.info({ reader: reader.name }, "reader is not configured");
  }

  #stationOf(reader: PcscReader): ReaderStation | undefined {
    return this.#stations.find((station) => station.reader === reader);
  }

  async #reportMissing(signal: AbortSignal): Promise<void> {
    await this.#pause(readersDueMs, signal);
    if (signal.aborted) return;
    for (const station of this.#stations) {
      if (!station.reader) station.setHealth("down", "NFC_READER_GONE", missing(station.config));
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#pause(this.#options.watchMs, signal);
      const state = signal.aborted ? "answers" : await this.#probe(signal);
      if (signal.aborted) return;
      // A hung pcscd is told of, not left: closing the connection would hang as well, and only its administrator can mend it.
      for (const station of this.#stations.filter(({ reader }) => reader !== undefined)) {
        if (state === "answers") station.setHealth("up", undefined, station.reader?.name ?? "");
        else station.setHealth("down", faults[state].code, faults[state].detail);
      }
    }
  }

  async #pause(durationMs: Ms, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(durationMs, signal).catch(() => undefined);
  }
}

/** Makes the driver: what a child process imports this module for. */
export function createDriver(options: NfcDriverOptions, parts: NfcDriverParts): NfcDriver {
  return new NfcDriver(options, parts);
}

function missing({ reader, serial }: NfcReaderConfig): string {
  return `no reader is named ${reader}${serial === undefined ? "" : ` (${serial})`}`;
}
