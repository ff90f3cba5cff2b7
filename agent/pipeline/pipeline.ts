import type { Identification } from "../core/identification.ts";
import type { DeviceId, EntryId } from "../core/ids.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Linking } from "../core/linking.ts";
import type { Offer } from "../core/observation.ts";
import type { NewRedactor, NewSlipReader } from "../core/slip.ts";
import type { Clock, Ms } from "../core/time.ts";
import { Attribution } from "./attribution.ts";
import { Inbox } from "./inbox.ts";
import { Persistence } from "./persistence.ts";
import type { PipelineEvents } from "./pipeline-events.ts";
import type { PresenceRecorder, PresenceRecorderParts } from "./presence/presence-recorder.ts";
import { RefusalWatch, type OnTrouble } from "./refusal-watch.ts";
import { SlipRecorder } from "./slip-recorder.ts";
import { StreamCapture } from "./stream-capture.ts";
import { TouchRecorder } from "./touch-recorder.ts";

/** Everything the pipeline works with. */
export interface PipelineParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Aborted when the agent stops: nothing is tried again after that. */
  readonly signal: AbortSignal;
  readonly linker: Linking;
  /** Turns what was read into tokens; raw identifiers end here. */
  readonly identification: Identification;
  readonly newSlipReader: NewSlipReader;
  readonly newRedactor: NewRedactor;
  /** Silence after which a whole slip of a device is taken as ended. */
  readonly idleMs: (deviceId: DeviceId) => Ms;
  /** Whether the source of a device's streams outlives the agent. */
  readonly outlives: (deviceId: DeviceId) => boolean;
  readonly newId: () => EntryId;
  /** For a store with zones that radios cover. */
  readonly newPresence?: (parts: Omit<PresenceRecorderParts, "options" | "evidenceOf">) => PresenceRecorder;
  readonly events: PipelineEvents;
  /** Told of what should not have gone wrong with an observation. */
  readonly onDefect: (error: unknown) => void;
  readonly onTrouble: OnTrouble;
}

/** From observation to entry: the inbox, and behind it capture, recording and attribution. */
export class Pipeline {
  readonly #attribution: Attribution;
  readonly #presence: PresenceRecorder | undefined;
  readonly #inbox: Inbox;
  readonly #signal: AbortSignal;

  constructor(parts: PipelineParts) {
    const { ledger, clock, events, newId } = parts;
    this.#signal = parts.signal;
    const refusals = new RefusalWatch(parts.onTrouble);
    const persistence = new Persistence(clock, parts.signal, refusals);
    this.#attribution = new Attribution({ ledger, clock, persistence, linker: parts.linker, events, newId });
    const recording = { ledger, clock, events, newId, attribution: this.#attribution };
    const recorder = new SlipRecorder({ ...recording, persistence });
    this.#presence = parts.newPresence?.({ ledger, clock, events, newId, persistence });
    this.#inbox = new Inbox({
      onDefect: parts.onDefect,
      refusals,
      ledger,
      events,
      ...(this.#presence !== undefined && { presence: this.#presence }),
      outlives: parts.outlives,
      stop: parts.signal,
      touches: new TouchRecorder({ ...recording, identification: parts.identification }),
      newStream: (source, startOffset) =>
        new StreamCapture(
          { streamId: source.streamId, deviceId: source.deviceId, laneId: source.laneId },
          startOffset,
          {
            ledger,
            clock,
            persistence,
            recorder,
            newReader: (readFrom) =>
              parts.newSlipReader({ deviceId: source.deviceId, laneId: source.laneId, startOffset: readFrom }),
            redactor: parts.newRedactor(),
            idleMs: parts.idleMs(source.deviceId),
            stop: parts.signal,
            onDefect: parts.onDefect,
          },
        ),
    });
  }

  /** Takes one observation. Never rejects. */
  get offer(): Offer {
    return this.#inbox.offer;
  }

  /**
   * Takes up what an earlier life of the agent left behind, and from then on ends visits of which nothing is heard any more. To be done
   * before the first offer.
   */
  async recover(): Promise<void> {
    await this.#attribution.restore();
    await this.#inbox.recover();
    this.#presence?.restore();
    void this.#presence?.run(this.#signal);
  }
}
