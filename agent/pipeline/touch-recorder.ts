import { isPlayed, type Draft, type ScanEntry, type Tier, type TouchEntry } from "../core/entry.ts";
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
  /** When each card was last recorded on its lane, by the monotonic clock, and how well it proved itself. Holds the last few seconds only. */
  readonly #recent = new Map<string, { readonly atMs: Ms; readonly rank: number }>();

  constructor(parts: TouchRecorderParts) {
    this.#parts = parts;
  }

  /** Resolves when the touch is durable, or tells that it is not. */
  async record(observation: Presented): Promise<Outcome> {
    const { ledger, attribution, events } = this.#parts;
    const draft = this.#draft(observation);
    const card = cardOf(draft);
    const isAgain = card !== undefined && (this.#isRecent(card) || this.#isStillThere(observation, card));
    // Before it is durable: a reader may report the same tap twice at once.
    if (card !== undefined && !isAgain)
      this.#recent.set(card.name, { atMs: this.#parts.clock.monotonic(), rank: card.rank });
    try {
      if (isAgain) {
        await this.#keepProofs(draft);
        return { status: "duplicate" };
      }
      const [answer] = await ledger.write({ drafts: [draft] });
      if (answer?.status !== "recorded") return { status: "duplicate" };
      events.recorded(answer.entry);
      // The touch is safe: the shopper need not wait for its link.
      void attribution.touch(answer.entry).catch(() => undefined);
      return { status: "recorded" };
    } catch (error) {
      if (card !== undefined && !isAgain) this.#recent.delete(card.name);
      return { status: "refused", code: codeOf(error) };
    }
  }

  /** The same tap once more becomes no entry; its counter must not be shown again all the same. */
  async #keepProofs({ data }: PresentedDraft): Promise<void> {
    const proofs = data.evidence.filter(({ proof }) => proof !== undefined);
    if (proofs.length > 0) await this.#parts.ledger.write({ proofs });
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
          evidence: identification.scan(observation.code, observation.via),
        };
    }
  }

  #scanned({ via, symbology, code }: Scan): Omit<ScanEntry, "laneId" | "deviceId" | "readingId"> {
    const evidence = this.#parts.identification.scan(code, via);
    return { via, ...(symbology !== undefined && { symbology }), codeKind: code.kind, ...plainFacts(code), evidence };
  }

  /**
   * A card left on its reader is read again when the reader or its driver comes back: the latest card there is still that one. What
   * was seen there without being read may have been the same card.
   */
  #isStillThere(observation: Presented, { name, rank }: PresentedCard): boolean {
    if (observation.kind !== "nfc-tap" || observation.foundLying !== true) return false;
    const touches = this.#parts.ledger.latest(["touch"], touchesLookedAt).filter((entry) => !isPlayed(entry));
    const cards = touches.flatMap((entry) =>
      entry.kind === "touch" && entry.data.deviceId === observation.deviceId ? (cardOf(entry) ?? []) : [],
    );
    const [last] = cards;
    return last?.name === name && last.rank >= rank;
  }

  /** A card that proves more than it did a moment ago is recorded again: the first reading was not all of it. */
  #isRecent({ name, rank }: PresentedCard): boolean {
    const now = this.#parts.clock.monotonic();
    for (const [other, { atMs }] of this.#recent) if (now - atMs > sameTapMs) this.#recent.delete(other);
    return (this.#recent.get(name)?.rank ?? -1) >= rank;
  }
}

/** What a touch is known again by, and how far it can be trusted: 0 for the weakest. */
interface PresentedCard {
  readonly name: string;
  readonly rank: number;
}

const ranks: Readonly<Record<Tier, number>> = { nearby: 0, claimed: 1, presented: 2, proven: 3 };

/**
 * What makes a touch the same as the one before. A code is scanned as often as a person scans it. What is doubted is always told: two
 * forgeries are two. What is played in a test is never the same as what is real.
 */
function cardOf({ kind, data }: Pick<PresentedDraft, "kind" | "data">): PresentedCard | undefined {
  const [first] = data.evidence;
  if (kind === "scan" || first === undefined || data.evidence.some(({ doubt }) => doubt !== undefined))
    return undefined;
  const rank = Math.max(...data.evidence.map(({ tier }) => ranks[tier]));
  return { name: `${isPlayed({ data }) ? "test" : "real"}:${data.laneId}:${first.token}`, rank };
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
