import type { Entry, Evidence, LinkEntry, Tier } from "../core/entry.ts";
import { asSeq, type EntryId } from "../core/ids.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Clock } from "../core/time.ts";
import type { LinkableSlip, LinkableTouch, Linking } from "../core/linking.ts";
import type { Persistence } from "./persistence.ts";
import type { PipelineEvents } from "./pipeline-events.ts";

/** Entries looked back at when the agent starts: far more than a link's window ever holds. */
const lookBack = 500;

/** Among so many of all kinds: a store of visits and scans may not have had a receipt for months. */
const lookBackAmong = 20_000;

/** What attribution works with. */
export interface AttributionParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly persistence: Persistence;
  readonly linker: Linking;
  readonly events: PipelineEvents;
  readonly newId: () => EntryId;
}

/** Brings recorded touches and slips together and records the links. A slip has at most one link from here. */
export class Attribution {
  readonly #parts: AttributionParts;

  constructor(parts: AttributionParts) {
    this.#parts = parts;
  }

  /** Takes a recorded touch. Resolves when the link it makes, if any, is durable. */
  async touch(entry: Entry): Promise<void> {
    const touch = linkableTouch(entry);
    if (touch !== undefined) await this.#record(this.#parts.linker.touch(touch));
  }

  /** Takes a recorded slip. Resolves when the link it makes, if any, is durable. */
  async slip(entry: Entry): Promise<void> {
    const slip = linkableSlip(entry);
    if (slip !== undefined) await this.#record(this.#parts.linker.slip(slip));
  }

  /** Goes through the latest entries in their order, so that touches and slips from before a restart still find each other. */
  async restore(): Promise<void> {
    const { ledger, linker } = this.#parts;
    const after = asSeq(Math.max(0, ledger.head().seq - lookBackAmong));
    const entries = ledger.latest(["transaction", "touch", "link"], lookBack, { after }).toReversed();
    const links = entries.flatMap((entry) => (entry.kind === "link" ? [entry.data] : []));
    const linkedSlips = new Set(links.map((link) => link.transactionEntryId));
    const claimed = new Set(links.flatMap((link) => link.touchEntryId ?? []));
    for (const entry of entries) {
      const slip = linkableSlip(entry);
      if (slip !== undefined && linkedSlips.has(entry.id)) linker.settle(slip);
      else if (slip !== undefined) await this.#record(linker.slip(slip));
      else if (!claimed.has(entry.id)) await this.touch(entry);
    }
  }

  async #record(link: LinkEntry | undefined): Promise<void> {
    if (link === undefined) return;
    const { ledger, clock, persistence, events, newId } = this.#parts;
    const key = linkKey(link.transactionEntryId);
    const [answer] = await persistence.persist(() =>
      ledger.write({ drafts: [{ id: newId(), kind: "link", key, at: clock.now(), data: link }] }),
    );
    if (answer?.status === "recorded") events.recorded(answer.entry);
  }
}

/** Idempotency key of the link of a slip. */
export function linkKey(transactionEntryId: EntryId): string {
  return `link:${transactionEntryId}`;
}

function linkableSlip(entry: Entry): LinkableSlip | undefined {
  if (entry.kind !== "transaction" || entry.data.status !== "completed") return undefined;
  if (entry.data.kind !== "sale" && entry.data.kind !== "refund") return undefined;
  const { laneId, firstByteAt, lastByteAt, isTest } = entry.data;
  return { entryId: entry.id, laneId, firstByteAt, lastByteAt, ...(isTest && { isTest }) };
}

function linkableTouch(entry: Entry): LinkableTouch | undefined {
  if (entry.kind !== "touch") return undefined;
  const tier = strongest(entry.data.evidence.filter(countsForSale));
  if (tier === undefined) return undefined;
  const { laneId, isTest } = entry.data;
  return { entryId: entry.id, laneId, at: entry.at, tier, ...(isTest && { isTest }) };
}

/** What is doubted takes no sale from an honest shopper. That nobody knows the hour is no fault of the shopper's. */
function countsForSale({ doubt }: Evidence): boolean {
  return doubt === undefined || doubt === "clock-untrusted";
}

const tiers: readonly Tier[] = ["proven", "presented", "claimed", "nearby"];

/** The strongest tier among pieces of evidence. */
export function strongest(evidence: readonly Evidence[]): Tier | undefined {
  return tiers.find((tier) => evidence.some((piece) => piece.tier === tier));
}
