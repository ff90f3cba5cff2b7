import { Courier } from "../../sync/courier.ts";
import type { CourierEvent, CourierTuning } from "../../sync/courier-options.ts";
import type { Logger } from "../../agent/core/logger.ts";
import { FakeCloud, type Fault, type Step } from "./fake-cloud.ts";
import { touchDraft } from "./entries.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryLedger } from "./memory-ledger.ts";

/** A logger that says nothing. */
export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A courier at work between a ledger and a cloud in memory, on a clock the test moves. */
export class RunningCourier implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly events: CourierEvent[] = [];
  readonly ledger: MemoryLedger;
  readonly cloud: FakeCloud;
  readonly #stopped = new AbortController();
  readonly #ran: Promise<void>;
  #appended = 0;

  constructor(
    options: {
      readonly script?: (step: Step) => Fault | undefined;
      readonly tuning?: CourierTuning;
      readonly entries?: number;
      readonly ledger?: MemoryLedger;
      /** Ships to the same cloud as one that has been disposed of. */
      readonly after?: RunningCourier;
    } = {},
  ) {
    this.clock = options.after?.clock ?? new ManualClock();
    this.ledger = options.ledger ?? new MemoryLedger();
    this.cloud = options.after?.cloud ?? new FakeCloud(this.clock, options.script);
    this.append(options.entries ?? 0);
    const courier = new Courier({
      ledger: this.ledger,
      uplink: this.cloud,
      clock: this.clock,
      logger: silent,
      emit: (event) => this.events.push(event),
      random: () => 0.5,
      ...(options.tuning !== undefined && { tuning: options.tuning }),
    });
    this.#ran = courier.run(this.#stopped.signal);
  }

  append(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#appended += 1;
      this.ledger.append(touchDraft(`key-${this.#appended}`));
    }
  }

  /** Gives everyone their turns, without moving the clock. */
  async settle(): Promise<void> {
    for (let index = 0; index < 20; index += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves time on until a condition holds; fails after half an hour of it. */
  async until(condition: () => boolean): Promise<void> {
    await this.settle();
    for (let step = 0; !condition(); step += 1) {
      if (step > 3600) throw new Error("half an hour has passed");
      await this.clock.advance(500);
      await this.settle();
    }
  }

  /** Moves time on until the receiver has acknowledged everything. */
  async untilShipped(): Promise<void> {
    await this.until(() => this.ledger.watermark().seq === this.ledger.head().seq);
  }

  /** Idempotency keys the cloud stored, in order. */
  get keys(): readonly string[] {
    return this.cloud.stored.map((entry) => entry.key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#ran;
  }
}

/** `key-1` to `key-N`, as {@link RunningCourier} appends them. */
export const keysUpTo = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `key-${i + 1}`);

/** The alarms it raised and cleared, as `CODE state`. */
export const alarms = (running: RunningCourier): readonly string[] =>
  running.events.flatMap((event) => (event.type === "alarm" ? [`${event.code} ${event.state}`] : []));
