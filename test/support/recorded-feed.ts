import { ControlClient } from "../../agent/control/control-client.ts";
import type { LiveEvent } from "../../agent/core/live-event.ts";
import { until } from "./until.ts";

/** Follows what a daemon records, as `storeloop watch` does, with the moment at which each word of it came. */
export class RecordedFeed implements AsyncDisposable {
  readonly #stopping = new AbortController();
  readonly #receipts = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #following: Promise<void> = Promise.resolve();

  private constructor() {}

  /** Resolves once nothing more can be missed. */
  static async of(dataDir: string): Promise<RecordedFeed> {
    const feed = new RecordedFeed();
    const opened = Promise.withResolvers<void>();
    feed.#following = feed.#follow(new ControlClient(dataDir), opened.resolve).catch(opened.reject);
    await opened.promise;
    return feed;
  }

  /** How many entries of a kind were recorded since. */
  count(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** When a receipt was known to be durable, by `performance.now`; waits for it. */
  async receiptAt(number: string, timeoutMs = 20_000): Promise<number> {
    return await until(() => this.#receipts.get(number), { timeoutMs, everyMs: 5, what: `receipt ${number} recorded` });
  }

  /** What was recorded so far, by receipt number. */
  get receipts(): ReadonlyMap<string, number> {
    return this.#receipts;
  }

  async #follow(client: ControlClient, onOpen: () => void): Promise<void> {
    try {
      for await (const event of client.watch(this.#stopping.signal, onOpen)) this.#note(event);
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error;
    }
  }

  #note(event: LiveEvent): void {
    if (event.type !== "recorded") return;
    this.#counts.set(event.kind, this.count(event.kind) + 1);
    if (event.kind === "transaction" && event.slip.sequenceNumber !== undefined)
      this.#receipts.set(event.slip.sequenceNumber, performance.now());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#following.catch(() => undefined);
  }
}
