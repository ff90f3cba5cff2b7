import { isPlayed, type Draft, type ScanEntry, type TouchEntry } from "../core/entry.ts";
import type { Identification } from "../core/identification.ts";
import type { EntryId } from "../core/ids.ts";
import type { Ledger } from "../core/ledger.ts";
import type { NfcTap, NfcUnread, Outcome, Scan } from "../core/observation.ts";
import type { ScannedCode } from "../core/scanned-code.ts";
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
  readonly identification: Identification;
}

/** What a person does at a counter with a card, a phone or a code. */
export type Presented = NfcTap | NfcUnread | Scan;

type PresentedDraft = Draft & { readonly kind: "touch" | "scan" };

/** Puts touches and scans into the ledger, as tokens, each once. */
export class TouchRecorder {
  readonly #parts: TouchRecorderParts;
  /** When each card was last recorded on its lane, by the monotonic clock. Holds the last few seconds only. */
  readonly #recent = new Map<string, Ms>();

  constructor(parts: TouchRecorderParts) {
    this.#parts = parts;
  }

  /** Resolves when the touch is durable, or tells that it is not. */
  async record(observation: Presented): Promise<Outcome> {
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

  #draft(observation: Presented): PresentedDraft {
    const { laneId, deviceId, readingId, at, isTest } = observation;
    const common = { laneId, deviceId, readingId, ...(isTest && { isTest }) };
    const id = this.#parts.newId();
    // A member number is a touch, whatever it was shown with; any other code is a scan.
    if (observation.kind === "scan" && observation.code.kind !== "member")
      return { id, kind: "scan", key: `scan:${readingId}`, at, data: { ...common, ...this.#scanned(observation) } };
    return { id, kind: "touch", key: `touch:${readingId}`, at, data: { ...common, ...this.#touched(observation) } };
  }

  #touched(observation: Presented): Pick<TouchEntry, "technology" | "evidence" | "unreadReason"> {
    const { identification } = this.#parts;
    switch (observation.kind) {
      case "nfc-tap":
        return { technology: observation.technology, evidence: identification.tap(observation) };
      case "nfc-unread":
        return { technology: observation.technology ?? "unknown", evidence: [], unreadReason: observation.reason };
      case "scan":
        return {
          technology: observation.via === "magstripe" ? "magstripe" : "barcode",
          evidence: identification.scan(observation.code),
        };
    }
  }

  #scanned({ via, symbology, code }: Scan): Omit<ScanEntry, "laneId" | "deviceId" | "readingId"> {
    const evidence = this.#parts.identification.scan(code);
    return { via, ...(symbology !== undefined && { symbology }), codeKind: code.kind, ...plainFacts(code), evidence };
  }

  /**
   * A card left on its reader is read again when the reader or its driver comes back: the latest card there is still that one. What
   * was seen there without being read may have been the same card.
   */
  #isStillThere(observation: Presented, card: string): boolean {
    if (observation.kind !== "nfc-tap" || observation.foundLying !== true) return false;
    const touches = this.#parts.ledger.latest(["touch"], touchesLookedAt).filter((entry) => !isPlayed(entry));
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

/**
 * What makes a touch the same as the one before. A code is scanned as often as a person scans it. What is doubted is always told: two
 * forgeries are two. What is played in a test is never the same as what is real.
 */
function cardOf({ kind, data }: Pick<PresentedDraft, "kind" | "data">): string | undefined {
  const [first] = data.evidence;
  if (kind === "scan" || first === undefined || first.doubt !== undefined) return undefined;
  return `${isPlayed({ data }) ? "test" : "real"}:${data.laneId}:${first.token}`;
}

/** What a code says that is nobody's: kept as it is. */
function plainFacts(code: ScannedCode): Pick<ScanEntry, "gtin" | "elements" | "scheme" | "number"> {
  switch (code.kind) {
    case "gtin":
      return { gtin: code.gtin };
    case "gs1":
      return { elements: code.elements };
    case "payment":
      return { scheme: code.scheme };
    case "invoice":
      return { scheme: code.scheme, number: code.number };
    case "member":
    case "voucher":
    case "payment-card":
    case "other":
      return {};
  }
}
