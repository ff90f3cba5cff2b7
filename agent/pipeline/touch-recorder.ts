import type { Draft, Evidence, TouchEntry } from "../core/entry.ts";
import type { EntryId } from "../core/ids.ts";
import type { Ledger } from "../core/ledger.ts";
import type { NfcTap, NfcUnread, Outcome } from "../core/observation.ts";
import type { Clock, Ms } from "../core/time.ts";
import { codeOf } from "../core/errors.ts";
import type { Attribution } from "./attribution.ts";
import type { PipelineEvents } from "./pipeline-events.ts";

/** A card that comes back to its reader within this time is the same tap: a shopper who was not sure of the beep. */
const sameTapMs: Ms = 3000;

/** Enough to hold the latest touch of every reader of a store. */
const touchesLookedAt = 100;

/** What the recorder works with. */
export interface TouchRecorderParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly attribution: Attribution;
  readonly events: PipelineEvents;
  readonly newId: () => EntryId;
  /** Turns what was read into tokens; raw identifiers end here. */
  readonly evidenceOf: (tap: NfcTap) => readonly Evidence[];
}

/** Puts touches into the ledger, as tokens, each once. */
export class TouchRecorder {
  readonly #parts: TouchRecorderParts;
  /** When each card was last recorded on its lane, by the monotonic clock. Holds the last few seconds only. */
  readonly #recent = new Map<string, Ms>();

  constructor(parts: TouchRecorderParts) {
    this.#parts = parts;
  }

  /** Resolves when the touch is durable, or tells that it is not. */
  async record(observation: NfcTap | NfcUnread): Promise<Outcome> {
    const { ledger, attribution, events } = this.#parts;
    const draft = this.#draft(observation);
    const card = cardOf(draft);
    if (card !== undefined && (this.#isRecent(card) || this.#isStillThere(observation, card)))
      return { status: "duplicate" };
    // Before it is durable: a reader may report the same tap twice at once.
    if (card !== undefined) this.#recent.set(card, this.#parts.clock.monotonic());
    try {
      const [answer] = await ledger.write({ drafts: [draft] });
      if (answer?.status !== "recorded") return { status: "duplicate" };
      events.recorded(answer.entry);
      // The touch is safe: the shopper need not wait for its link.
      void attribution.touch(answer.entry).catch(() => undefined);
      return { status: "recorded" };
    } catch (error) {
      if (card !== undefined) this.#recent.delete(card);
      return { status: "refused", code: codeOf(error) };
    }
  }

  #draft(observation: NfcTap | NfcUnread): Draft & { kind: "touch" } {
    const { laneId, deviceId, readingId, at } = observation;
    const read =
      observation.kind === "nfc-tap"
        ? { technology: observation.technology, evidence: this.#parts.evidenceOf(observation) }
        : { technology: "unknown", evidence: [], unreadReason: observation.reason };
    const data = { laneId, deviceId, readingId, ...read };
    return { id: this.#parts.newId(), kind: "touch", key: `touch:${readingId}`, at, data };
  }

  /**
   * A card left on its reader is read again when the reader or its driver comes back: the latest card there is still that one. What
   * was seen there without being read may have been the same card.
   */
  #isStillThere(observation: NfcTap | NfcUnread, card: string): boolean {
    if (observation.kind !== "nfc-tap" || observation.foundLying !== true) return false;
    const touches = this.#parts.ledger.latest(["touch"], touchesLookedAt);
    const cards = touches.flatMap((entry) =>
      entry.kind === "touch" && entry.data.deviceId === observation.deviceId ? (cardOf(entry) ?? []) : [],
    );
    return cards[0] === card;
  }

  #isRecent(card: string): boolean {
    const now = this.#parts.clock.monotonic();
    for (const [other, at] of this.#recent) if (now - at > sameTapMs) this.#recent.delete(other);
    return this.#recent.has(card);
  }
}

function cardOf({ data }: { readonly data: TouchEntry }): string | undefined {
  const token = data.evidence[0]?.token;
  return token === undefined ? undefined : `${data.laneId}:${token}`;
}
