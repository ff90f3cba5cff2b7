import { asEntryId, isTestStream, type DeviceId, type EntryId, type LaneId, type StreamId } from "../core/ids.ts";
import type { Draft, Entry } from "../core/entry.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Slip } from "../core/slip.ts";
import type { Clock, Instant } from "../core/time.ts";
import type { Transaction } from "../core/transaction.ts";
import { linkKey, type Attribution } from "./attribution.ts";
import type { Persistence } from "./persistence.ts";
import type { PipelineEvents } from "./pipeline-events.ts";

/** A slip with where and when it was printed. */
export interface PrintedSlip {
  readonly streamId: StreamId;
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly slip: Slip;
  readonly firstByteAt: Instant;
  readonly lastByteAt: Instant;
}

/** What the recorder works with. */
export interface SlipRecorderParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly persistence: Persistence;
  readonly attribution: Attribution;
  readonly events: PipelineEvents;
  readonly newId: () => EntryId;
}

/**
 * Puts slips into the ledger, each once: in one commit with the note that its bytes are accounted for. A slip whose content is
 * already there (a POS that printed again because its line broke) is recorded as a repeat, never as a second sale.
 */
export class SlipRecorder {
  readonly #parts: SlipRecorderParts;

  constructor(parts: SlipRecorderParts) {
    this.#parts = parts;
  }

  /** Resolves when the slip is durable; keeps trying while the ledger refuses. Rejects only when the agent is stopping. */
  async record(printed: PrintedSlip): Promise<void> {
    const { persistence } = this.#parts;
    const { transaction } = printed.slip;
    if (transaction === undefined) {
      await persistence.persist(() => this.#parts.ledger.write({ settled: settledBy(printed) }));
      return;
    }
    const recorded = await persistence.persist(() => this.#write(printed, transaction));
    if (recorded !== undefined) await this.#parts.attribution.slip(recorded);
  }

  /** The transaction's entry, or nothing when the slip was a repeat. */
  async #write(printed: PrintedSlip, transaction: Transaction): Promise<Entry | undefined> {
    const { ledger, events } = this.#parts;
    const key = slipKey(printed);
    const settled = settledBy(printed);
    const first = ledger.find(key);
    if (first !== undefined && isOf(printed, first)) {
      // This very slip: its commit was taken for a failure, or its bytes are read again.
      await ledger.write({ settled });
      return ledger.find(linkKey(first.id)) === undefined ? first : undefined;
    }
    if (first !== undefined) {
      const [answer] = await ledger.write({ drafts: [this.#repeat(printed, first.id)], settled });
      if (answer?.status === "recorded") events.recorded(answer.entry, transaction.sequenceNumber);
      return undefined;
    }
    const [answer] = await ledger.write({ drafts: [this.#transaction(printed, transaction, key)], settled });
    if (answer?.status === "recorded") {
      events.recorded(answer.entry);
      return answer.entry;
    }
    // Another stream recorded the same slip between the look-up and the commit.
    if (answer !== undefined) await ledger.write({ drafts: [this.#repeat(printed, answer.entryId)] });
    return undefined;
  }

  #transaction(printed: PrintedSlip, transaction: Transaction, key: string): Draft {
    const { laneId, deviceId, streamId, firstByteAt, lastByteAt, slip } = printed;
    const place = { laneId, deviceId, streamId, startOffset: slip.startOffset, endOffset: slip.endOffset };
    return {
      id: asEntryId(this.#parts.newId()),
      kind: "transaction",
      key,
      at: this.#parts.clock.now(),
      data: { ...transaction, ...place, firstByteAt, lastByteAt, ...testMark(streamId) },
    };
  }

  #repeat({ laneId, deviceId, streamId, slip }: PrintedSlip, transactionEntryId: EntryId): Draft {
    const { startOffset, endOffset } = slip;
    return {
      id: asEntryId(this.#parts.newId()),
      kind: "transaction.repeat",
      key: `repeat:${streamId}:${startOffset}`,
      at: this.#parts.clock.now(),
      data: { laneId, deviceId, streamId, startOffset, endOffset, transactionEntryId, ...testMark(streamId) },
    };
  }
}

/** Idempotency key of a slip. One that was played in a test is never taken for the sale it looks like, nor that sale for a repeat of it. */
function slipKey({ streamId, slip }: PrintedSlip): string {
  const key = `slip:${slip.contentKey ?? `${streamId}:${slip.startOffset}`}`;
  return isTestStream(streamId) ? `test:${key}` : key;
}

function testMark(streamId: StreamId): { readonly isTest?: true } {
  return isTestStream(streamId) ? { isTest: true } : {};
}

/** Whether an entry was made of these bytes. */
function isOf({ streamId, slip }: PrintedSlip, { kind, data }: Entry): boolean {
  return kind === "transaction" && data.streamId === streamId && data.startOffset === slip.startOffset;
}

function settledBy({ streamId, slip }: PrintedSlip): { streamId: StreamId; upTo: number } {
  return { streamId, upTo: slip.endOffset };
}
