import { LiveFeed } from "../../agent/control/live-feed.ts";
import type {
  ChainCheck,
  ControlSource,
  Receipt,
  ReceiptKey,
  ReceiptQuery,
} from "../../agent/control/control-source.ts";
import type { Snapshot } from "../../agent/control/snapshot.ts";
import type { ReplayReport, ReplayRequest } from "../../agent/core/replay.ts";
import type { IdentifyOutcome, SimulateReport, SimulateRequest } from "../../agent/core/simulate.ts";
import { asDeviceId, asEntryId, asEpoch, asLaneId, asSeq, asStreamId } from "../../agent/core/ids.ts";

/** When everything in the script happened: 2026-03-14 10:02:31 in Shanghai. */
export const scriptedAtMs = Date.parse("2026-03-14T02:02:31Z");

const instant = { wallMs: scriptedAtMs, monotonicMs: 1000, bootId: "boot-1", trusted: true };

/** A recorded sale, with what a test wants to differ. */
export function scriptedReceipt(more: Partial<Receipt> = {}): Receipt {
  return {
    seq: asSeq(12),
    entryId: asEntryId("0195934b-7c00-7000-8000-000000000012"),
    recordedAtMs: scriptedAtMs,
    kind: "sale",
    status: "completed",
    retailStoreId: "0117",
    workstationId: "05",
    sequenceNumber: "0003364",
    endDateTime: "2026-03-14T10:02:29",
    currencyCode: "CNY",
    currencyExponent: 2,
    lineItems: [
      { description: "可口可乐 500ml", quantity: "2", extendedAmountMinor: 700, voided: false },
      { description: "Milk", quantity: "1", extendedAmountMinor: 8501, voided: false },
    ],
    discounts: [],
    taxes: [],
    tenders: [{ tenderType: "cash", amountMinor: 10000 }],
    totalMinor: 9201,
    changeMinor: 799,
    barcodes: [],
    qrCodes: [],
    fiscal: [],
    reconciliation: { state: "reconciled", reasons: [] },
    profile: "cn-grocery",
    confidence: 0.98,
    lines: ["        某某超市", "可口可乐 500ml       7.00", "合计                92.01"],
    laneId: asLaneId("05"),
    deviceId: asDeviceId("till-5-printer"),
    streamId: asStreamId("0195934b-0000-7000-8000-000000000001"),
    startOffset: 0,
    endOffset: 400,
    firstByteAt: instant,
    lastByteAt: instant,
    ...more,
  };
}

/** A daemon that is well, with what a test wants to differ. */
export function scriptedSnapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    version: "0.1.0",
    pid: 4711,
    startedAtMs: scriptedAtMs - 11_520_000,
    atMs: scriptedAtMs,
    store: { retailStoreId: "0117", timeZone: "Asia/Shanghai", currencyCode: "CNY" },
    agentId: "0117-a",
    devices: [
      {
        deviceId: asDeviceId("till-5-printer"),
        laneId: asLaneId("05"),
        type: "printer-tcp",
        health: { state: "up", sinceMs: scriptedAtMs - 11_520_000 },
        faults: 0,
        lastSeenAtMs: scriptedAtMs - 42_000,
      },
      {
        deviceId: asDeviceId("till-5-nfc"),
        laneId: asLaneId("05"),
        type: "nfc",
        health: { state: "up", sinceMs: scriptedAtMs - 60_000 },
        faults: 2,
        lastFault: { code: "NFC_READER_GONE", atMs: scriptedAtMs - 65_000 },
      },
    ],
    ledger: { headSeq: asSeq(120), ackedSeq: asSeq(120), backlog: 0, epoch: asEpoch("epoch-1"), fileBytes: 4_212_345 },
    uplink: { state: "connected", sinceMs: scriptedAtMs - 3_600_000, url: "mqtt://127.0.0.1:1883" },
    counters: { receipts: 61, repeats: 1, touches: 23, scans: 0, visits: 0, links: 22, shed: 0, refused: 0 },
    alarms: [],
    ...more,
  };
}

/** A daemon's inside as a script: a test sets what it answers and publishes what happens. */
export class ScriptedSource implements ControlSource {
  readonly feed = new LiveFeed();
  current = scriptedSnapshot();
  all: readonly Receipt[] = [];
  verification: (signal: AbortSignal) => Promise<ChainCheck> = () =>
    Promise.resolve({ state: "intact", entryCount: 120, headSeq: 120, epoch: "epoch-1" });

  snapshot(): Snapshot {
    return this.current;
  }

  receipts({ limit, before }: ReceiptQuery): Promise<readonly Receipt[]> {
    return Promise.resolve(this.all.filter(({ seq }) => before === undefined || seq < before).slice(0, limit));
  }

  receipt(key: ReceiptKey): Promise<Receipt | undefined> {
    const found = this.all.find((receipt) => {
      if ("entryId" in key) return receipt.entryId === key.entryId;
      if ("seq" in key) return receipt.seq === key.seq;
      return receipt.sequenceNumber === key.sequenceNumber && (key.laneId ?? receipt.laneId) === receipt.laneId;
    });
    return Promise.resolve(found);
  }

  /** What was kept of each receipt. */
  bytes = new Uint8Array(0);

  async captured(key: ReceiptKey): Promise<Uint8Array> {
    return (await this.receipt(key)) === undefined ? new Uint8Array(0) : this.bytes;
  }

  verify(signal: AbortSignal): Promise<ChainCheck> {
    return this.verification(signal);
  }

  replayed: (request: ReplayRequest) => Promise<ReplayReport> = () =>
    Promise.reject(new Error("no replay is scripted"));

  replay(request: ReplayRequest): Promise<ReplayReport> {
    return this.replayed(request);
  }

  simulated: (request: SimulateRequest) => Promise<SimulateReport> = () =>
    Promise.reject(new Error("nothing to play is scripted"));

  simulate(request: SimulateRequest): Promise<SimulateReport> {
    return this.simulated(request);
  }

  identified: (deviceId: string) => Promise<IdentifyOutcome> = () => Promise.resolve("cannot");

  identify(deviceId: string): Promise<IdentifyOutcome> {
    return this.identified(deviceId);
  }

  watch(listener: Parameters<LiveFeed["watch"]>[0]): () => void {
    return this.feed.watch(listener);
  }
}
