import type { Receipt, ReceiptKey, ReceiptQuery } from "./control/control-source.ts";
import type { Entry } from "./core/entry.ts";
import type { Ledger } from "./core/ledger.ts";
import { currentReading } from "./pipeline/amendments.ts";
import { asSeq, type Seq } from "./core/ids.ts";

/** Entries looked at in one go while searching for a receipt by its number. */
const page = 500;

/** Answers questions about recorded receipts from the ledger, each as it reads now. */
export class ReceiptQueries {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Receipts, newest first. */
  list({ limit, before }: ReceiptQuery): readonly Receipt[] {
    return this.#ledger.latest(["transaction"], limit, before).flatMap((entry) => this.#receipt(entry));
  }

  /** The newest receipt that goes by this name. */
  find(key: ReceiptKey): Receipt | undefined {
    if ("seq" in key) return this.#page(asSeq(key.seq + 1), 1).find((receipt) => receipt.seq === key.seq);
    let before: Seq | undefined;
    for (;;) {
      const receipts = this.#page(before, page);
      const found = receipts.find((receipt) => matches(receipt, key));
      before = receipts.at(-1)?.seq;
      if (found !== undefined || before === undefined) return found;
    }
  }

  /** The bytes of the newest receipt that goes by this name, as far as they are kept. */
  captured(key: ReceiptKey): Uint8Array {
    const receipt = this.find(key);
    if (receipt === undefined) return new Uint8Array(0);
    return this.#ledger.captured(receipt.streamId, receipt.startOffset, receipt.endOffset);
  }

  #page(before: Seq | undefined, limit: number): readonly Receipt[] {
    return this.list({ limit, ...(before !== undefined && { before }) });
  }

  #receipt(entry: Entry): readonly Receipt[] {
    if (entry.kind !== "transaction") return [];
    const link = this.#ledger.find(`link:${entry.id}`);
    const facts = { seq: entry.seq, entryId: entry.id, recordedAtMs: entry.at.wallMs };
    return [{ ...currentReading(this.#ledger, entry), ...facts, ...(link?.kind === "link" && { link: link.data }) }];
  }
}

function matches(receipt: Receipt, key: Exclude<ReceiptKey, { seq: Seq }>): boolean {
  if ("entryId" in key) return receipt.entryId === key.entryId;
  const lane = key.laneId === undefined || key.laneId === receipt.laneId;
  return lane && receipt.sequenceNumber === key.sequenceNumber;
}
