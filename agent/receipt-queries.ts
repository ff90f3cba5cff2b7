import { setImmediate as nextTurn } from "node:timers/promises";
import type { Receipt, ReceiptKey, ReceiptQuery } from "./control/control-source.ts";
import type { Entry } from "./core/entry.ts";
import type { EntryRange, Ledger } from "./core/ledger.ts";
import { currentReading } from "./pipeline/amendments.ts";
import { asSeq, type Seq } from "./core/ids.ts";

/** Places in the ledger gone through before other work gets its turn: some milliseconds. */
const slice = 500;

/** Receipts put together before other work gets its turn. */
const together = 50;

/** Texts that entries are searched for at once; with more, every receipt is looked at. */
const mostTexts = 20;

type Named = Exclude<ReceiptKey, { seq: Seq }>;

/**
 * Answers questions about recorded receipts from the ledger, each as it reads now. A ledger of years is gone through in slices, so that
 * no printer and no reader waits meanwhile. All reject with the signal's reason when it is aborted.
 */
export class ReceiptQueries {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Receipts, newest first. */
  async list({ limit, before }: ReceiptQuery, signal: AbortSignal): Promise<readonly Receipt[]> {
    const receipts: Receipt[] = [];
    for (let range = this.#lastSlice(before); range !== undefined && receipts.length < limit;) {
      const most = Math.min(together, limit - receipts.length);
      const found = this.#ledger.latest(["transaction"], most, range);
      receipts.push(...found.flatMap((entry) => this.#receipt(entry)));
      const oldest = found.length === most ? found.at(-1)?.seq : undefined;
      range = oldest === undefined ? sliceBefore(range) : { ...range, before: oldest };
      await turn(signal);
    }
    return receipts;
  }

  /** The newest receipt that goes by this name. */
  async find(key: ReceiptKey, signal: AbortSignal): Promise<Receipt | undefined> {
    if ("seq" in key) {
      const place = { before: asSeq(key.seq + 1), after: asSeq(key.seq - 1) };
      return this.#ledger.latest(["transaction"], 1, place).flatMap((entry) => this.#receipt(entry))[0];
    }
    const texts = new Set(["entryId" in key ? key.entryId : key.sequenceNumber]);
    for (let range = this.#lastSlice(); range !== undefined; range = sliceBefore(range)) {
      const found = this.#mentioning(texts, range).find((entry) => this.#matches(entry, key));
      if (found !== undefined) return this.#receipt(found)[0];
      await turn(signal);
    }
    return undefined;
  }

  /** The bytes of the newest receipt that goes by this name, as far as they are kept. */
  async captured(key: ReceiptKey, signal: AbortSignal): Promise<Uint8Array> {
    const receipt = await this.find(key, signal);
    if (receipt === undefined) return new Uint8Array(0);
    return this.#ledger.captured(receipt.streamId, receipt.startOffset, receipt.endOffset);
  }

  #lastSlice(before: Seq = asSeq(this.#ledger.head().seq + 1)): (EntryRange & { readonly after: Seq }) | undefined {
    return sliceBefore({ after: asSeq(before - 1) });
  }

  /**
   * The transactions of a slice that have one of the texts. What an amendment says is said of a transaction before it: that one's name
   * is searched for, too, from then on.
   */
  #mentioning(texts: Set<string>, range: EntryRange): readonly Entry[] {
    if (texts.size > mostTexts) return this.#ledger.latest(["transaction"], slice, range);
    const containing = [...texts];
    const entries = this.#ledger.latest(["transaction", "transaction.amended"], slice, { ...range, containing });
    for (const { kind, data } of entries) if (kind === "transaction.amended") texts.add(data.transactionEntryId);
    return texts.size > containing.length ? this.#mentioning(texts, range) : entries;
  }

  #matches(entry: Entry, key: Named): boolean {
    if (entry.kind !== "transaction") return false;
    if ("entryId" in key) return entry.id === key.entryId;
    const { laneId, sequenceNumber } = currentReading(this.#ledger, entry);
    return sequenceNumber === key.sequenceNumber && (key.laneId ?? laneId) === laneId;
  }

  #receipt(entry: Entry): readonly Receipt[] {
    if (entry.kind !== "transaction") return [];
    const link = this.#ledger.find(`link:${entry.id}`);
    const facts = { seq: entry.seq, entryId: entry.id, recordedAtMs: entry.at.wallMs };
    return [{ ...currentReading(this.#ledger, entry), ...facts, ...(link?.kind === "link" && { link: link.data }) }];
  }
}

/** The places right before those after `after`, if there are any. */
function sliceBefore({ after }: { readonly after: Seq }): { readonly before: Seq; readonly after: Seq } | undefined {
  if (after < 1) return undefined;
  return { before: asSeq(after + 1), after: asSeq(Math.max(0, after - slice)) };
}

/** Lets other work have its turn. */
async function turn(signal: AbortSignal): Promise<void> {
  await nextTurn();
  signal.throwIfAborted();
}
