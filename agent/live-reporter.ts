import type { Counters } from "./control/snapshot.ts";
import type { LiveFeed } from "./control/live-feed.ts";
import type { Entry, TransactionEntry } from "./core/entry.ts";
import type { EntryId } from "./core/ids.ts";
import type { SlipSummary } from "./core/live-event.ts";
import type { Observation } from "./core/observation.ts";
import type { Clock } from "./core/time.ts";
import { strongest } from "./pipeline/attribution.ts";
import type { PipelineEvents } from "./pipeline/pipeline-events.ts";

/** Receipt numbers remembered, so that a link can name the receipt it is about. */
const remembered = 256;

/** Tells watchers what the pipeline does, and counts it. */
export class LiveReporter implements PipelineEvents {
  readonly #feed: LiveFeed;
  readonly #clock: Clock;
  readonly #numbers = new Map<EntryId, string>();
  #counters: Counters = { receipts: 0, repeats: 0, touches: 0, links: 0, shed: 0, refused: 0 };

  constructor(feed: LiveFeed, clock: Clock) {
    this.#feed = feed;
    this.#clock = clock;
  }

  /** What was counted since the start. */
  get counters(): Counters {
    return this.#counters;
  }

  seen(observation: Observation): void {
    const { deviceId, laneId, at, kind } = observation;
    const detail =
      kind === "print-bytes"
        ? { byteCount: observation.bytes.length }
        : kind === "nfc-tap"
          ? { technology: observation.technology }
          : kind === "nfc-unread"
            ? { reason: observation.reason }
            : {};
    this.#feed.publish({ type: "seen", what: kind, atMs: at.wallMs, deviceId, laneId, ...detail });
  }

  recorded(entry: Entry, sequenceNumber?: string): void {
    const { seq, id: entryId, kind, data } = entry;
    const atMs = this.#clock.now().wallMs;
    switch (kind) {
      case "transaction": {
        this.#count("receipts");
        this.#remember(entryId, data.sequenceNumber);
        const { laneId, deviceId } = data;
        this.#feed.publish({ type: "recorded", kind, seq, entryId, atMs, laneId, deviceId, slip: summary(data) });
        break;
      }
      case "transaction.repeat": {
        this.#count("repeats");
        const { laneId, deviceId, transactionEntryId } = data;
        const number = sequenceNumber === undefined ? {} : { sequenceNumber };
        const place = { seq, entryId, atMs, laneId, deviceId, transactionEntryId };
        this.#feed.publish({ type: "recorded", kind, ...place, ...number });
        break;
      }
      case "touch": {
        this.#count("touches");
        const { laneId, deviceId, technology, evidence, unreadReason } = data;
        const tier = strongest(evidence);
        const extra = { ...(tier && { tier }), ...(unreadReason && { unreadReason }) };
        this.#feed.publish({ type: "recorded", kind, seq, entryId, atMs, laneId, deviceId, technology, ...extra });
        break;
      }
      case "link": {
        this.#count("links");
        const { laneId, state, transactionEntryId, touchEntryId, tier, candidateEntryIds } = data;
        const number = this.#numbers.get(transactionEntryId);
        const extra = {
          ...(touchEntryId && { touchEntryId }),
          ...(tier && { tier }),
          ...(number && { sequenceNumber: number }),
        };
        const candidateCount = candidateEntryIds.length;
        const place = { seq, entryId, atMs, laneId, transactionEntryId, candidateCount };
        this.#feed.publish({ type: "linked", state, ...place, ...extra });
        break;
      }
      case "agent.started":
        break;
    }
  }

  lost(observation: Observation, status: "shed" | "refused", code?: string): void {
    this.#count(status);
    const { deviceId, laneId, at, kind } = observation;
    const extra = code === undefined ? {} : { code };
    this.#feed.publish({ type: status, what: kind, atMs: at.wallMs, deviceId, laneId, ...extra });
  }

  #count(what: keyof Counters): void {
    this.#counters = { ...this.#counters, [what]: this.#counters[what] + 1 };
  }

  #remember(entryId: EntryId, sequenceNumber: string | undefined): void {
    if (sequenceNumber === undefined) return;
    this.#numbers.set(entryId, sequenceNumber);
    const [oldest] = this.#numbers.keys();
    if (this.#numbers.size > remembered && oldest !== undefined) this.#numbers.delete(oldest);
  }
}

function summary(slip: TransactionEntry): SlipSummary {
  const { kind, status, sequenceNumber, totalMinor, currencyCode, currencyExponent, profile } = slip;
  return {
    kind,
    status,
    ...(sequenceNumber !== undefined && { sequenceNumber }),
    ...(totalMinor !== undefined && { totalMinor }),
    ...(currencyCode !== undefined && { currencyCode }),
    ...(currencyExponent !== undefined && { currencyExponent }),
    lineItemCount: slip.lineItems.length,
    reconciliation: slip.reconciliation.state,
    profile,
  };
}
