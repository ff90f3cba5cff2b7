import { SystemClock } from "../../drivers/system-clock.ts";
import { Courier } from "../../sync/courier.ts";
import type { CourierEvent, CourierTuning } from "../../sync/courier-options.ts";
import { MqttLink, type MqttLinkOptions } from "../../sync/mqtt-link.ts";
import { touchDraft } from "./entries.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { silent } from "./running-courier.ts";
import { until } from "./until.ts";

/** What a test may say about the way. */
export interface ShippingOptions {
  readonly url: string;
  readonly agentId: string;
  readonly link?: Partial<MqttLinkOptions>;
  readonly tuning?: CourierTuning;
  readonly ledger?: MemoryLedger;
}

/** The agent's half on real time and a real broker: ledger in memory, courier, MQTT link. */
export class Shipping implements AsyncDisposable {
  readonly ledger: MemoryLedger;
  readonly link: MqttLink;
  readonly events: CourierEvent[] = [];
  readonly #stopped = new AbortController();
  readonly #ran: Promise<void>;
  #appended = 0;

  constructor({ url, agentId, link = {}, tuning = {}, ledger = new MemoryLedger(agentId) }: ShippingOptions) {
    const clock = new SystemClock();
    this.ledger = ledger;
    const reconnect = { firstMs: 50, longestMs: 500 };
    this.link = new MqttLink({ url, agentId, agentVersion: "0.1.0", clock, logger: silent, reconnect, ...link });
    const courier = new Courier({
      ledger,
      uplink: this.link,
      clock,
      logger: silent,
      emit: (event) => this.events.push(event),
      tuning: { ackTimeoutMs: 2000, longestTimeoutMs: 4000, ...tuning },
    });
    this.#ran = courier.run(this.#stopped.signal);
  }

  /** Appends touches with keys `key-1`, `key-2` and so on. */
  append(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#appended += 1;
      this.ledger.append(touchDraft(`key-${this.#appended}`));
    }
  }

  async untilShipped(timeoutMs = 30_000): Promise<void> {
    const shipped = (): boolean => this.ledger.watermark().seq === this.ledger.head().seq;
    await until(shipped, { timeoutMs, what: "everything acknowledged" });
  }

  async untilAcknowledged(seq: number): Promise<void> {
    await until(() => this.ledger.watermark().seq >= seq, { timeoutMs: 30_000, what: `entry ${seq} acknowledged` });
  }

  async untilConnected(): Promise<void> {
    await until(() => this.link.protocolVersion !== undefined, { timeoutMs: 10_000, what: "a connection" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#ran;
  }
}
