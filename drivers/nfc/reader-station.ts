import { randomUUID } from "node:crypto";
import type { DeviceState, Health } from "../../agent/core/driver.ts";
import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import type { DeviceId, LaneId } from "../../agent/core/ids.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock, Instant, Ms } from "../../agent/core/time.ts";
import { CardVisit, type Reading } from "./card-visit.ts";
import type { ReaderIdentity } from "./match-reader.ts";
import type { PcscReader } from "./pcsc.ts";
import type { CardFacts, CardTools } from "./read-card.ts";
import { RepeatFilter } from "./repeat-filter.ts";
import { sameCardKey } from "./same-card.ts";
import { canSignal, signalApdu, signalFor, signalForUnread, type ShopperSignal } from "./signal.ts";

/** One configured reader. */
export interface NfcReaderConfig extends ReaderIdentity {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
}

/** How readers behave. */
export interface NfcTiming {
  /** A card that is present and unread for this long is reported. */
  readonly readTimeoutMs: Ms;
  /** The same card back within this time is the same tap. */
  readonly repeatWindowMs: Ms;
}

interface StationParts {
  readonly config: NfcReaderConfig;
  readonly timing: NfcTiming;
  readonly tools: CardTools;
  readonly logger: Logger;
  /** How an earlier process left it. */
  readonly before?: Health;
}

/** Why a card gave nothing, and what it is, where that showed. */
interface Unread {
  readonly reason: ErrorCode;
  readonly technology?: string;
}

/** A card seen this soon after its reader came up was lying there already. */
const lyingWithinMs: Ms = 500;

/** Taps waiting for the ledger on one reader. Nobody taps faster than a person: more means that the ledger hangs. */
const maxWaiting = 16;

/** One configured reader: turns cards coming and going into taps, and tells the shopper what became of them. */
export class ReaderStation {
  readonly config: NfcReaderConfig;
  readonly #timing: NfcTiming;
  readonly #tools: CardTools;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #repeats: RepeatFilter;
  readonly #visits = new Set<Promise<void>>();
  #health: Health;
  #reader: PcscReader | undefined;
  #attachedAtMs: Ms = -Infinity;
  #visit: CardVisit | undefined;
  #unreadAtMs: Ms = -Infinity;
  #unreadReason: ErrorCode | undefined;

  constructor({ config, timing, tools, logger, before }: StationParts) {
    this.config = config;
    this.#timing = timing;
    this.#tools = tools;
    this.#clock = tools.clock;
    this.#logger = logger;
    this.#repeats = new RepeatFilter(timing.repeatWindowMs);
    // What was wrong is wrong until it is better.
    this.#health = before?.state === "down" ? before : { state: "starting", sinceMs: this.#clock.now().wallMs };
  }

  /** The PC/SC reader that serves it now. */
  get reader(): PcscReader | undefined {
    return this.#reader;
  }

  state(): DeviceState {
    const { deviceId, laneId } = this.config;
    return { deviceId, laneId, type: "nfc", health: this.#health };
  }

  /** A reader of the configured name is there. */
  attach(reader: PcscReader): void {
    this.#reader = reader;
    this.#attachedAtMs = this.#clock.monotonic();
    this.setHealth("up", undefined, reader.name);
  }

  /** The reader, or pcscd with all readers, went away. */
  detach(code: ErrorCode, detail: string): void {
    this.#visit?.end();
    this.#visit = undefined;
    if (this.#reader) this.#repeats.readerLost(this.#clock.monotonic());
    this.#reader = undefined;
    this.setHealth("down", code, detail);
  }

  /** Says how the device is doing; a state that only repeats the last one keeps its beginning. */
  setHealth(state: Health["state"], code: ErrorCode | undefined, detail: string): void {
    if (this.#health.state === state && this.#health.code === code) return;
    this.#health = { state, sinceMs: this.#clock.now().wallMs, detail, ...(code && { code }) };
    const fields = { deviceId: this.config.deviceId, state, code, detail };
    if (state === "up") this.#logger.info(fields, "reader is up");
    else this.#logger.warn(fields, "reader is not up");
  }

  /** A card came onto the reader. */
  cardPresent(atr: Uint8Array, offer: Offer): void {
    if (!this.#reader) return;
    this.#visit?.end();
    const visit = new CardVisit(this.#reader, atr, this.#tools);
    this.#visit = visit;
    const done = this.#serve(visit, offer).finally(() => this.#visits.delete(done));
    this.#visits.add(done);
  }

  /** The card left the reader. */
  cardGone(): void {
    this.#visit?.end();
    this.#visit = undefined;
    this.#repeats.left(this.#clock.monotonic());
  }

  /** Lights up and beeps, by way of the card that lies there or without one. Answers false when it cannot. */
  async identify(): Promise<boolean> {
    const reader = this.#reader;
    if (reader === undefined || !canSignal(reader.name)) return false;
    const apdu = signalApdu("refused");
    if (this.#visit?.isPresent === true) return await this.#visit.tell(apdu);
    return await reader.escape(apdu, 16).then(
      () => true,
      () => false,
    );
  }

  /** Resolves when every tap seen so far has its outcome. */
  async settled(): Promise<void> {
    await Promise.all(this.#visits);
  }

  async #serve(visit: CardVisit, offer: Offer): Promise<void> {
    const at = this.#clock.now();
    const foundLying = at.monotonicMs - this.#attachedAtMs < lyingWithinMs;
    const first = await visit.read(this.#timing.readTimeoutMs);
    if (first.status === "slow") await this.#unread(visit, at, { reason: "NFC_READ_TIMEOUT" }, offer);
    const last: Reading = first.status === "slow" ? await first.later : first;
    if (last.status === "read") await this.#tap(visit, at, last.facts, foundLying, offer);
    else if (last.status === "unsuitable") await this.#unread(visit, at, last, offer);
    else if (first.status === "gone") await this.#unread(visit, at, { reason: "NFC_CARD_REMOVED" }, offer);
  }

  async #tap(visit: CardVisit, at: Instant, facts: CardFacts, foundLying: boolean, offer: Offer): Promise<void> {
    const card = sameCardKey(facts);
    const continued = this.#repeats.continued(card, foundLying, this.#clock.monotonic());
    if (continued) return await this.#signal(visit, signalFor(await continued));
    if (this.#visits.size > maxWaiting) return await this.#signal(visit, "refused");
    const outcome = offer({ kind: "nfc-tap", readingId: randomUUID(), ...this.#seen(at), ...facts, foundLying });
    this.#repeats.remember(card, outcome);
    if (!visit.isPresent) this.#repeats.left(this.#clock.monotonic());
    await this.#signal(visit, signalFor(await outcome));
  }

  /**
   * A card waved at the edge of the field comes and goes many times, and so does one that is no use: once in a while is enough. One that
   * lies there unread is always told of.
   */
  async #unread(visit: CardVisit, at: Instant, { reason, technology }: Unread, offer: Offer): Promise<void> {
    const signal = signalForUnread(reason);
    const isRecent = at.monotonicMs - this.#unreadAtMs < this.#timing.repeatWindowMs;
    const isTold = isRecent && (reason === "NFC_CARD_REMOVED" || reason === this.#unreadReason);
    if (isTold && reason !== "NFC_READ_TIMEOUT") return await this.#signal(visit, signal);
    if (this.#visits.size > maxWaiting) return;
    this.#unreadAtMs = at.monotonicMs;
    this.#unreadReason = reason;
    const kind = technology === undefined ? { reason } : { reason, technology };
    const outcome = await offer({ kind: "nfc-unread", readingId: randomUUID(), ...this.#seen(at), ...kind });
    this.#logger.info({ deviceId: this.config.deviceId, ...kind, outcome: outcome.status }, "card was not read");
    await this.#signal(visit, signal);
  }

  async #signal(visit: CardVisit, signal: ShopperSignal): Promise<void> {
    if (this.#reader && canSignal(this.#reader.name)) await visit.tell(signalApdu(signal));
  }

  #seen(at: Instant): { deviceId: DeviceId; laneId: LaneId; at: Instant } {
    return { deviceId: this.config.deviceId, laneId: this.config.laneId, at };
  }
}
