import type { Draft, Entry, Evidence } from "../../core/entry.ts";
import type { EntryId } from "../../core/ids.ts";
import type { Ledger } from "../../core/ledger.ts";
import type { BleSighting, Outcome } from "../../core/observation.ts";
import { knownElapsedMs, type Clock, type Instant, type Ms } from "../../core/time.ts";
import type { Persistence } from "../persistence.ts";
import type { PipelineEvents } from "../pipeline-events.ts";
import { SerialQueue } from "../serial-queue.ts";
import { openVisits, type Began } from "./open-visits.ts";
import { PresenceEngine } from "./presence-engine.ts";
import type { PresenceOptions } from "./presence-options.ts";
import type { Heard, VisitEnded, VisitEvent, VisitStarted } from "./visit-event.ts";
import { Visit } from "./visit.ts";

/** How often visits whose time is up are looked for. */
const sweepMs: Ms = 1000;

/** The agent counts as away when nothing was recorded for so much longer than a beacon may be silent. */
const restartTakesMs: Ms = 900_000;

/** Beginnings and ends on their way to the ledger at one time. With more nothing new is decided until it takes them. */
const mostWaiting = 256;

/** What presence needs of a store. */
export interface PresenceParts {
  readonly options: PresenceOptions;
  /** Turns what tells a beacon from others into a token, `nearby`; raw identifiers end here. */
  readonly evidenceOf: (sighting: BleSighting) => readonly Evidence[];
}

/** What the recorder works with. */
export interface PresenceRecorderParts extends PresenceParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly persistence: Persistence;
  readonly events: PipelineEvents;
  readonly newId: () => EntryId;
}

/**
 * Makes visits of sightings and puts their beginnings and ends into the ledger. Sightings themselves never touch the disk: one that is
 * answered `recorded` was taken into account, and is lost with the power. What is durable is a visit, from the moment it is recorded.
 */
export class PresenceRecorder {
  readonly #parts: PresenceRecorderParts;
  readonly #engine: PresenceEngine;
  readonly #queue = new SerialQueue();
  /** What the end of an open visit has to name, by visit. */
  readonly #began = new Map<string, Began>();
  #waiting = 0;

  constructor(parts: PresenceRecorderParts) {
    this.#parts = parts;
    this.#engine = new PresenceEngine(parts.options, parts.newId);
  }

  /**
   * Takes a sighting. `recorded`: taken into account, in memory; `shed`: as many beacons have open visits as may be followed, and this is
   * another one, or its strength is none (Bluetooth Core 5.4, Vol 4 Part E, 7.7.65.2: -127 to +20 dBm, 127 where it is not known).
   */
  record(sighting: BleSighting): Outcome {
    if (!(sighting.rssiDbm >= -127 && sighting.rssiDbm <= 20)) return { status: "shed" };
    const evidence = this.#parts.evidenceOf(sighting);
    const key = keyOf(sighting, evidence[0]?.token ?? sighting.identifier);
    if (!this.#engine.note(heard(sighting, key))) return { status: "shed" };
    if (this.#isBehind()) return { status: "recorded" };
    for (const event of this.#engine.decide(key, sighting.at)) this.#put(event, sighting, evidence);
    return { status: "recorded" };
  }

  /** Goes on with the visits that an earlier life of the agent began. To be done before the first sighting. */
  restore(): void {
    const { ledger, clock } = this.#parts;
    const now = clock.now();
    for (const { entry, id, seenAt } of openVisits(ledger)) {
      const { visitId, zoneId, beaconId, firstSeenAt, evidence, isTest } = entry;
      const key = keyOf(entry, evidence[0]?.token ?? visitId);
      this.#began.set(visitId, { startedEntryId: id, ...(isTest && { isTest }) });
      const visit = { visitId, key, beaconId, zoneId, firstSeenAt };
      const over = this.#wasAway(seenAt, now)
        ? Visit.restored(visit, seenAt, now).ended("silent")
        : this.#engine.restore(visit, seenAt, now);
      if (over !== undefined) this.#write(this.#end(over));
    }
  }

  /** Whether the agent was away for so long, or nobody knows for how long, that whoever is here now has come again. */
  #wasAway(seenAt: Instant, now: Instant): boolean {
    const awayMs = knownElapsedMs(seenAt, now);
    return awayMs === undefined || awayMs > this.#parts.options.silentMs + restartTakesMs;
  }

  /** Ends visits whose time is up, until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#parts.clock.sleep(sweepMs, signal);
      } catch {
        return;
      }
      if (this.#isBehind()) continue;
      for (const ended of this.#engine.sweep(this.#parts.clock.now())) this.#write(this.#end(ended));
    }
  }

  /** The ledger has refused for long. Who is there goes on being noted; who came and went is told once it takes it. */
  #isBehind(): boolean {
    return this.#waiting >= mostWaiting;
  }

  #put(event: VisitEvent, sighting: BleSighting, evidence: readonly Evidence[]): void {
    this.#write(event.type === "ended" ? this.#end(event) : this.#start(event, sighting, evidence));
  }

  #start(visit: VisitStarted, { isTest }: BleSighting, evidence: readonly Evidence[]): Draft {
    const { visitId, zoneId, deviceId, beaconId, firstSeenAt } = visit;
    const id = this.#parts.newId();
    const marked = { ...(isTest && { isTest }) };
    this.#began.set(visitId, { startedEntryId: id, ...marked });
    const data = { visitId, zoneId, deviceId, beaconId, evidence, firstSeenAt, ...marked };
    return { id, kind: "visit.started", key: startKey(visitId), at: this.#parts.clock.now(), data };
  }

  #end(visit: VisitEnded): Draft {
    const { visitId, zoneId, beaconId, lastSeenAt, dwellMs, sightings, strongestRssiDbm, reason } = visit;
    const { startedEntryId, isTest } = this.#began.get(visitId) ?? { startedEntryId: this.#parts.newId() };
    this.#began.delete(visitId);
    const seen = { lastSeenAt, dwellMs, sightings, ...(strongestRssiDbm !== undefined && { strongestRssiDbm }) };
    const data = { visitId, zoneId, beaconId, startedEntryId, ...seen, reason, ...(isTest && { isTest }) };
    const id = this.#parts.newId();
    return { id, kind: "visit.ended", key: `visit:${visitId}:ended`, at: this.#parts.clock.now(), data };
  }

  #write(draft: Draft): void {
    const { ledger, persistence, events } = this.#parts;
    this.#waiting += 1;
    const written = this.#queue.run(async (): Promise<Entry | undefined> => {
      const [answer] = await persistence.persist(() => ledger.write({ drafts: [draft] }));
      return answer?.status === "recorded" ? answer.entry : undefined;
    });
    // It rejects only when the agent is stopping: what is not recorded then is decided anew from the ledger at the next start.
    void written
      .then((entry) => entry && events.recorded(entry))
      .catch(() => undefined)
      .finally(() => (this.#waiting -= 1));
  }
}

function startKey(visitId: string): string {
  return `visit:${visitId}:started`;
}

/** Played beacons are others than real ones of the same name. */
function keyOf({ beaconId, isTest }: { readonly beaconId: string; readonly isTest?: true }, token: string): string {
  return `${isTest === true ? "test" : "real"}:${beaconId}:${token}`;
}

function heard(sighting: BleSighting, key: string): Heard {
  const { beaconId, zoneId, deviceId, rssiDbm, txPowerDbm, at } = sighting;
  return { key, beaconId, zoneId, deviceId, rssiDbm, ...(txPowerDbm !== undefined && { txPowerDbm }), at };
}
