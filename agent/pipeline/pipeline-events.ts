import type { Entry } from "../core/entry.ts";
import type { LaneObservation, Observation } from "../core/observation.ts";

/** What the pipeline tells whoever watches. Nothing is decided by it; every method returns at once and never throws. */
export interface PipelineEvents {
  /** A device saw something; nothing is durable yet. Of print bytes only the first of a slip are told. */
  seen(observation: LaneObservation): void;
  /** An entry is durable. `sequenceNumber` is the receipt number of a repeat, which its entry does not hold. */
  recorded(entry: Entry, sequenceNumber?: string): void;
  /** An observation was dropped or refused. */
  lost(observation: Observation, status: "shed" | "refused", code?: string): void;
}
