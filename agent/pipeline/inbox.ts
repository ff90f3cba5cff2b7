import { codeOf } from "../core/errors.ts";
import type { DeviceId, StreamId } from "../core/ids.ts";
import type { Ledger, PendingStream } from "../core/ledger.ts";
import type { Observation, Offer, Outcome, PrintBytes, PrintEnd } from "../core/observation.ts";
import type { PipelineEvents } from "./pipeline-events.ts";
import type { PresenceRecorder } from "./presence/presence-recorder.ts";
import type { RefusalWatch } from "./refusal-watch.ts";
import type { StreamCapture } from "./stream-capture.ts";
import type { Presented, TouchRecorder } from "./touch-recorder.ts";

/** Touches on their way to the ledger at one time. More than this is a broken reader, not a busy shop. */
const mostTouches = 256;

/** What the inbox hands observations to. */
export interface InboxParts {
  readonly ledger: Ledger;
  readonly touches: TouchRecorder;
  /** Absent in a store without zones; sightings are shed then. */
  readonly presence?: PresenceRecorder;
  readonly newStream: (
    source: Pick<PrintBytes, "streamId" | "deviceId" | "laneId">,
    startOffset: number,
  ) => StreamCapture;
  readonly events: PipelineEvents;
  readonly refusals: RefusalWatch;
  /** Told of what should not have gone wrong. */
  readonly onDefect: (error: unknown) => void;
  /** Whether the source of a device's streams outlives the agent, so that a stream may go on after a restart. */
  readonly outlives: (deviceId: DeviceId) => boolean;
  /** Aborted when the agent stops: what is refused from then on is taken up at the next start. */
  readonly stop: AbortSignal;
}

/**
 * Where drivers hand in what they see. Bounded by class: a driver of print bytes waits until they are on disk and never loses any;
 * touches beyond a bound are shed and counted, and so are sightings of more beacons than may be followed.
 */
export class Inbox {
  readonly #parts: InboxParts;
  readonly #streams = new Map<StreamId, StreamCapture>();
  #touches = 0;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** Takes one observation. Never rejects: whatever goes wrong with one is told, and stops no other. */
  readonly offer: Offer = async (observation) => {
    const outcome = await this.#dispatch(observation).catch((error: unknown): Outcome => {
      this.#parts.onDefect(error);
      return { status: "refused", code: codeOf(error) };
    });
    if (outcome.status === "shed") this.#parts.events.lost(observation, "shed");
    if (outcome.status === "refused") this.#parts.events.lost(observation, "refused", outcome.code);
    this.#watchRefusals(observation, outcome);
    return outcome;
  };

  /**
   * Records what an earlier life of the agent received and did not get to record. Streams that may go on stay open. One that cannot be
   * read is told and left as it is: it must not keep the agent from starting.
   */
  async recover(): Promise<void> {
    for (const unread of this.#parts.ledger.pending()) {
      try {
        await this.#takeUp(unread);
      } catch (error) {
        if (this.#parts.stop.aborted) throw error;
        this.#parts.onDefect(error);
      }
    }
  }

  /** A ledger that refuses is a trouble of the agent, whichever device is the first to find out. */
  #watchRefusals({ kind }: Observation, outcome: Outcome): void {
    const { refusals } = this.#parts;
    if (outcome.status === "refused" && outcome.code.startsWith("LEDGER_")) refusals.refused(outcome.code);
    // Sightings are not written.
    else if (outcome.status === "recorded" && kind !== "ble-sighting") refusals.taken();
  }

  async #takeUp(unread: PendingStream): Promise<void> {
    // Its bytes are read here: never those of all streams at once.
    const pending = { ...unread };
    const startOffset = pending.chunks[0]?.offset ?? this.#parts.ledger.received(pending.streamId);
    const stream = this.#parts.newStream(pending, startOffset);
    const goesOn = this.#parts.outlives(pending.deviceId);
    if (goesOn) this.#streams.set(pending.streamId, stream);
    await stream.restore(pending, goesOn);
  }

  async #dispatch(observation: Observation): Promise<Outcome> {
    switch (observation.kind) {
      case "print-bytes":
        return this.#printBytes(observation);
      case "print-end":
        return this.#printEnd(observation);
      case "nfc-tap":
      case "nfc-unread":
      case "scan":
        return this.#touch(observation);
      case "ble-sighting":
        // Radios report all the time: what becomes of sightings is told by visits.
        return Promise.resolve(this.#parts.presence?.record(observation) ?? { status: "shed" });
    }
  }

  #printBytes(piece: PrintBytes): Promise<Outcome> {
    let stream = this.#streams.get(piece.streamId);
    if (stream === undefined) {
      this.#parts.events.seen(piece);
      stream = this.#parts.newStream(piece, this.#parts.ledger.received(piece.streamId));
      this.#streams.set(piece.streamId, stream);
    }
    return stream.accept(piece);
  }

  async #printEnd(end: PrintEnd): Promise<Outcome> {
    const stream = this.#streams.get(end.streamId);
    if (stream === undefined) return { status: "duplicate" };
    this.#streams.delete(end.streamId);
    try {
      await stream.end(end.reason);
      return { status: "recorded" };
    } catch (error) {
      if (!this.#parts.stop.aborted) throw error;
      return { status: "refused", code: "AGENT_STOPPING" };
    }
  }

  async #touch(observation: Presented): Promise<Outcome> {
    if (this.#touches >= mostTouches) return { status: "shed" };
    this.#touches += 1;
    this.#parts.events.seen(observation);
    try {
      return await this.#parts.touches.record(observation);
    } finally {
      this.#touches -= 1;
    }
  }
}
