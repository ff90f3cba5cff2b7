import type { Clock, Ms } from "../../agent/core/time.ts";
import type { Transmit } from "./apdu.ts";
import type { PcscReader } from "./pcsc.ts";
import { readCard, type CardReading, type CardTools } from "./read-card.ts";
import { passesThrough } from "./read-signature.ts";

/** How a visit's reading went so far. */
export type Reading =
  | CardReading
  /** Nothing was read in time; the card is still there and reading goes on. */
  | { readonly status: "slow"; readonly later: Promise<Reading> }
  /** The card left, or the reader did, before anything was read. */
  | { readonly status: "gone" };

/** Between two tries to read a card that answers badly: a card at the edge of the field. */
const retryMs: Ms = 100;

/** One card on one reader, from coming to going. */
export class CardVisit {
  readonly #reader: PcscReader;
  readonly #atr: Uint8Array;
  readonly #tools: CardTools;
  readonly #clock: Clock;
  readonly #gone = new AbortController();

  constructor(reader: PcscReader, atr: Uint8Array, tools: CardTools) {
    this.#reader = reader;
    this.#atr = atr;
    this.#tools = tools;
    this.#clock = tools.clock;
  }

  /** Whether the card is still there, as far as is known. */
  get isPresent(): boolean {
    return !this.#gone.signal.aborted;
  }

  /** The card left, or its reader did. */
  end(): void {
    this.#gone.abort(new Error("the card is gone"));
  }

  /** Reads the card, trying again until it leaves. Answers `slow` once when that takes longer than `timeoutMs`. Never rejects. */
  async read(timeoutMs: Ms): Promise<Reading> {
    const reading = this.#readUntilGone();
    const done = new AbortController();
    const slow = this.#clock.sleep(timeoutMs, AbortSignal.any([done.signal, this.#gone.signal])).then(
      (): Reading => ({ status: "slow", later: reading }),
      (): Promise<Reading> => reading,
    );
    try {
      return await Promise.race([reading, slow]);
    } finally {
      done.abort();
    }
  }

  /** Sends one APDU that asks for no data, if the card is still there. Answers whether it went through. */
  async tell(apdu: Uint8Array): Promise<boolean> {
    if (!this.isPresent) return false;
    return await this.#orGone(this.#reader.transmit(apdu, 16)).then(
      () => true,
      () => false,
    );
  }

  async #readUntilGone(): Promise<Reading> {
    for (let tries = 0; this.isPresent; tries++) {
      try {
        await this.#orGone(tries === 0 ? this.#reader.connect() : this.#reader.reconnect());
        return await this.#orGone(this.#readOnce());
      } catch {
        // Whatever went wrong, the card is tried again for as long as it lies there; the timeout tells of it.
        await this.#clock.sleep(retryMs, this.#gone.signal).catch(() => undefined);
      }
    }
    return { status: "gone" };
  }

  #readOnce(): Promise<CardReading> {
    const reader = this.#reader;
    const transmit: Transmit = (apdu, max) =>
      this.isPresent ? reader.transmit(apdu, max) : Promise.reject(new Error("the card is gone"));
    return readCard(this.#atr, transmit, this.#tools, passesThrough(reader.name));
  }

  /** The library cannot cancel: when the card is gone, nobody waits any longer for what it may still answer. */
  async #orGone<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = () => reject(this.#gone.signal.reason);
    this.#gone.signal.addEventListener("abort", leave);
    if (!this.isPresent) leave();
    try {
      return await Promise.race([work, promise]);
    } finally {
      this.#gone.signal.removeEventListener("abort", leave);
    }
  }
}
