import type { Counters } from "./control/snapshot.ts";
import type { LiveFeed } from "./control/live-feed.ts";
import type {
  Entry,
  LinkEntry,
  RepeatEntry,
  ScanEntry,
  TouchEntry,
  TransactionEntry,
  VisitStartedEntry,
} from "./core/entry.ts";
import type { EntryId } from "./core/ids.ts";
import type { LiveEvent, SlipSummary } from "./core/live-event.ts";
import type { LaneObservation, Observation } from "./core/observation.ts";
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
  #counters: Counters = { receipts: 0, repeats: 0, touches: 0, links: 0, scans: 0, visits: 0, shed: 0, refused: 0 };

  constructor(feed: LiveFeed, clock: Clock) {
    this.#feed = feed;
    this.#clock = clock;
  }

  /** What was counted since the start. */
  get counters(): Counters {
    return this.#counters;
  }

  seen(observation: LaneObservation): void {
    const { deviceId, laneId, at, kind, isTest } = observation;
    const detail =
      kind === "print-bytes"
        ? { byteCount: observation.bytes.length }
        : kind === "nfc-tap"
          ? { technology: observation.technology }
          : kind === "nfc-unread"
            ? { reason: observation.reason }
            : {};
    this.#feed.publish({
      type: "seen",
      what: kind,
      atMs: at.wallMs,
      deviceId,
      laneId,
      ...detail,
      ...(isTest && { isTest }),
    });
  }

  recorded(entry: Entry, sequenceNumber?: string): void {
    const event = this.#event(entry, sequenceNumber);
    if (event !== undefined) this.#feed.publish(event);
  }

  lost(observation: Observation, status: "shed" | "refused", code?: string): void {
    this.#count(status);
    // Radios report every second: one line each would hide everything else.
    if (observation.kind === "ble-sighting") return;
    const { deviceId, laneId, at, kind } = observation;
    const extra = code === undefined ? {} : { code };
    this.#feed.publish({ type: status, what: kind, atMs: at.wallMs, deviceId, laneId, ...extra });
  }

  #event({ seq, id: entryId, kind, data }: Entry, number?: string): LiveEvent | undefined {
    const isTest = "isTest" in data && data.isTest;
    const place = { seq, entryId, atMs: this.#clock.now().wallMs, ...(isTest && { isTest }) };
    switch (kind) {
      case "transaction":
        this.#count("receipts", isTest);
        this.#remember(entryId, data.sequenceNumber);
        return { type: "recorded", kind, ...place, ...laneAndDevice(data), slip: summary(data) };
      case "transaction.repeat": {
        this.#count("repeats", isTest);
        const { transactionEntryId } = data;
        const named = number === undefined ? {} : { sequenceNumber: number };
        return { type: "recorded", kind, ...place, ...laneAndDevice(data), transactionEntryId, ...named };
      }
      case "touch": {
        this.#count("touches", isTest);
        const { technology, unreadReason } = data;
        const tier = strongest(data.evidence);
        const doubt = data.evidence[0]?.doubt;
        const extra = { ...(tier && { tier }), ...(unreadReason && { unreadReason }), ...(doubt && { doubt }) };
        return { type: "recorded", kind, ...place, ...laneAndDevice(data), technology, ...extra };
      }
      case "scan":
        this.#count("scans", isTest);
        return { type: "recorded", kind, ...place, ...laneAndDevice(data), codeKind: data.codeKind };
      case "link":
        this.#count("links", isTest);
        return { type: "linked", ...place, ...this.#link(data) };
      case "transaction.amended":
      case "agent.started":
        return undefined;
      case "visit.started":
        this.#count("visits", isTest);
        return { type: "recorded", kind, ...place, ...zoneAndBeacon(data) };
      case "visit.ended": {
        const { dwellMs, reason } = data;
        return { type: "recorded", kind, ...place, ...zoneAndBeacon(data), dwellMs, reason };
      }
    }
  }

  #link(link: LinkEntry) {
    const { laneId, state, transactionEntryId, touchEntryId, tier, candidateEntryIds } = link;
    const sequenceNumber = this.#numbers.get(transactionEntryId);
    const named = {
      ...(touchEntryId && { touchEntryId }),
      ...(tier && { tier }),
      ...(sequenceNumber && { sequenceNumber }),
    };
    return { laneId, state, transactionEntryId, candidateCount: candidateEntryIds.length, ...named };
  }

  #count(what: keyof Counters, isTest = false): void {
    if (isTest) return;
    this.#counters = { ...this.#counters, [what]: this.#counters[what] + 1 };
  }

  #remember(entryId: EntryId, sequenceNumber: string | undefined): void {
    if (sequenceNumber === undefined) return;
    this.#numbers.set(entryId, sequenceNumber);
    const [oldest] = this.#numbers.keys();
    if (this.#numbers.size > remembered && oldest !== undefined) this.#numbers.delete(oldest);
  }
}

function laneAndDevice({ laneId, deviceId }: TransactionEntry | RepeatEntry | TouchEntry | ScanEntry) {
  return { laneId, deviceId };
}

function zoneAndBeacon({ zoneId, beaconId }: Pick<VisitStartedEntry, "zoneId" | "beaconId">) {
  return { zoneId, beaconId };
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
