import { randomUUID } from "node:crypto";
import type { TransactionEntry } from "../../agent/core/entry.ts";
import { asDeviceId, asLaneId, asStreamId } from "../../agent/core/ids.ts";
import { encodeBatch, parseBatch, type ReceivedBatch } from "../../sync/protocol/batch.ts";
import { chainHash, genesisHash } from "../../sync/protocol/chain.ts";
import { encodeEvent, eventSource } from "../../sync/protocol/encode-event.ts";
import type { WireEpoch } from "../../sync/protocol/epoch.ts";
import { someInstant } from "./entries.ts";

/** What an agent would ship, made by hand: any line may be put into it, also one that no agent would write. */
export class WireLedger {
  readonly agent: string;
  epoch: WireEpoch = { epoch: randomUUID(), firstSeq: 1, baseHash: genesisHash };
  readonly lines: Uint8Array[] = [];

  constructor(agent: string) {
    this.agent = agent;
  }

  /** Appends an event; answers its id. */
  add(kind: string, data: unknown, key: string = randomUUID()): string {
    const id = randomUUID();
    const entry = { id, seq: this.lines.length + 1, kind, key, at: someInstant, data };
    this.lines.push(encodeEvent(entry, eventSource(this.agent)));
    return id;
  }

  addLine(line: Uint8Array): void {
    this.lines.push(line);
  }

  /** The chain hash at a place. */
  hashAt(seq: number): Uint8Array {
    return this.lines.slice(0, seq).reduce((hash, line) => chainHash(hash, line), genesisHash);
  }

  /** A copy that goes its own way from here. */
  copy(lines = this.lines.length): WireLedger {
    const copy = new WireLedger(this.agent);
    copy.epoch = this.epoch;
    copy.lines.push(...this.lines.slice(0, lines));
    return copy;
  }

  /** Begins a new epoch after a place. */
  beginEpoch(afterSeq: number): void {
    this.epoch = { epoch: randomUUID(), firstSeq: afterSeq + 1, baseHash: this.hashAt(afterSeq) };
  }

  /** The payload with entries `from` to `to`, both included. */
  payload(from: number, to: number): Uint8Array {
    const { agent, epoch } = this;
    const header = { agent, epoch, firstSeq: from, previousHash: this.hashAt(from - 1), lastHash: this.hashAt(to) };
    return encodeBatch(header, this.lines.slice(from - 1, to));
  }

  /** The batch with entries `from` to `to`, as the receiver reads it. */
  batch(from: number, to: number): ReceivedBatch {
    const read = parseBatch(this.payload(from, to));
    if (!read.ok) throw new Error(read.fault.detail);
    return read.value;
  }
}

/** The data of a sale of four lines, 92.01 CNY, one of them voided, partly paid by card. */
export const someSale: TransactionEntry = {
  kind: "sale",
  status: "completed",
  retailStoreId: "0117",
  workstationId: "05",
  sequenceNumber: "0003364",
  operatorId: "1021",
  endDateTime: "2026-03-14T09:26:53",
  currencyCode: "CNY",
  currencyExponent: 2,
  lineItems: [
    { itemId: "6901234567892", description: "牛奶 1L", quantity: "2", extendedAmountMinor: 2580, voided: false },
    { description: "苹果", quantity: "1.236", unitPriceMinor: 1280, extendedAmountMinor: 1582, voided: false },
    { description: "Bread", quantity: "1", extendedAmountMinor: 5139, discountMinor: 100, voided: false },
    { description: "Bag", quantity: "1", extendedAmountMinor: 50, voided: true },
  ],
  discounts: [{ description: "会员", amountMinor: 100 }],
  taxes: [{ amountMinor: 1058, rate: "13", included: true }],
  tenders: [
    { tenderType: "cash", amountMinor: 5000 },
    { tenderType: "card", amountMinor: 4201, reference: "A12345" },
  ],
  totalMinor: 9201,
  itemCount: 4,
  barcodes: [],
  qrCodes: [],
  fiscal: [],
  reconciliation: { state: "reconciled", reasons: [] },
  profile: "cn01",
  confidence: 0.99,
  lines: ["…"],
  laneId: asLaneId("05"),
  deviceId: asDeviceId("till-5-printer"),
  streamId: asStreamId("s"),
  startOffset: 0,
  endOffset: 10,
  firstByteAt: someInstant,
  lastByteAt: someInstant,
};

/** The data of a touch with one token. */
export const someTouch = {
  laneId: "05",
  deviceId: "till-5-nfc",
  readingId: "r-1",
  technology: "ntag213",
  evidence: [{ type: "nfc.uid", tier: "presented", token: "q83vEjRWeJA", keyVersion: 1 }],
};
