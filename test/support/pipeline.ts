import { asDeviceId, asEntryId, asLaneId, asStreamId, type EntryId } from "../../agent/core/ids.ts";
import { createHmac, randomUUID } from "node:crypto";
import type { Evidence } from "../../agent/core/entry.ts";
import type { BleSighting, NfcTap, Observation, Outcome, PrintBytes } from "../../agent/core/observation.ts";
import type { NewRedactor, NewSlipReader, Slip, SlipReader } from "../../agent/core/slip.ts";
import type { Transaction } from "../../agent/core/transaction.ts";
import { entrySeal } from "../../agent/entry-seal.ts";
import { Identifier } from "../../agent/identity/identifier.ts";
import { Linker } from "../../agent/identity/linker.ts";
import { ProofMemory } from "../../agent/identity/proof-memory.ts";
import { Tokens } from "../../agent/identity/tokens.ts";
import { SqliteLedger } from "../../agent/ledger/sqlite-ledger.ts";
import { Pipeline } from "../../agent/pipeline/pipeline.ts";
import { PresenceRecorder } from "../../agent/pipeline/presence/presence-recorder.ts";
import { defaultPresence, type PresenceOptions } from "../../agent/pipeline/presence/presence-options.ts";
import { FailingLedger } from "./failing-ledger.ts";
import { ManualClock } from "./manual-clock.ts";
import { someInstant } from "./entries.ts";
import type { TempFolder } from "./temp-folder.ts";

/** What a test may put in the place of what is there otherwise. */
export interface PipelineOptions {
  /** Which writes fail. */
  readonly fault?: ConstructorParameters<typeof FailingLedger>[1];
  readonly newSlipReader?: NewSlipReader;
  /** Streams may go on after a restart. */
  readonly outlives?: boolean;
  /** Nothing is masked otherwise. */
  readonly newRedactor?: NewRedactor;
  /** For a store with zones: what is not as by default. */
  readonly presence?: Partial<PresenceOptions>;
}

/**
 * The real pipeline over a real ledger, with the simplest of printers: each slip is a line of text that ends with `|`, and a line
 * is its own content key. It is a sale unless it begins with another kind; an empty one says nothing.
 */
export class PipelineUnderTest implements AsyncDisposable {
  readonly ledger: SqliteLedger;
  /** Codes the pipeline raised; `undefined` where the trouble was over. */
  readonly defects: unknown[] = [];
  readonly troubles: (string | undefined)[] = [];
  readonly #pipeline: Pipeline;
  readonly #stop = new AbortController();

  private constructor(ledger: SqliteLedger, clock: ManualClock, options: PipelineOptions) {
    this.ledger = ledger;
    this.#pipeline = new Pipeline({
      ledger: options.fault === undefined ? ledger : new FailingLedger(ledger, options.fault),
      clock,
      signal: this.#stop.signal,
      linker: new Linker({ beforeMs: 120_000, afterMs: 30_000 }),
      identification: new Identifier(new Tokens({ secret: Buffer.alloc(32), version: 1 }), new ProofMemory(ledger)),
      newSlipReader: options.newSlipReader ?? (({ startOffset }) => lineReader(startOffset)),
      newRedactor: options.newRedactor ?? (() => ({ push: (bytes) => bytes, flush: () => new Uint8Array(0) })),
      idleMs: () => 1500,
      outlives: () => options.outlives === true,
      ...(options.presence !== undefined && {
        newPresence: (parts) =>
          new PresenceRecorder({ ...parts, options: { ...defaultPresence, ...options.presence }, evidenceOf: nearby }),
      }),
      newId: () => asEntryId(randomUUID()) satisfies EntryId,
      events: { seen: () => undefined, recorded: () => undefined, lost: () => undefined },
      onDefect: (error) => this.defects.push(error),
      onTrouble: (code) => this.troubles.push(code),
    });
  }

  /** Opens the ledger in `folder`, takes up what was left, and is ready for observations. */
  static async start(
    folder: TempFolder,
    clock = new ManualClock(),
    options: PipelineOptions = {},
  ): Promise<PipelineUnderTest> {
    const ledger = SqliteLedger.open(folder.file("ledger.db"), entrySeal("0117-a"));
    const pipeline = new PipelineUnderTest(ledger, clock, options);
    await pipeline.#pipeline.recover();
    return pipeline;
  }

  offer(observation: Observation): Promise<Outcome> {
    return this.#pipeline.offer(observation);
  }

  /** Kinds of all entries, in order. */
  kinds(): string[] {
    return this.ledger
      .latest(["transaction", "transaction.repeat", "touch", "link", "visit.started", "visit.ended"], 1000)
      .toReversed()
      .map((entry) => entry.kind);
  }

  /** Status and text of all recorded slips, in order. */
  slips(): (readonly [string, string])[] {
    return this.ledger
      .latest(["transaction"], 1000)
      .toReversed()
      .flatMap(({ kind, data }) => (kind === "transaction" ? [[data.status, data.lines.join("\n")] as const] : []));
  }

  /** Lets everything that is under way without the clock come to rest. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async until(condition: () => boolean): Promise<void> {
    for (let turn = 0; turn < 1000 && !condition(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Makes the database refuse to grow: what SQLite says then is what it says on a full disk. */
  fillDisk(): void {
    this.ledger.limitPages(1);
  }

  freeDisk(): void {
    this.ledger.limitPages(1_000_000);
  }

  /** Tells the pipeline to stop, and leaves the ledger open. */
  stop(): void {
    this.#stop.abort();
  }

  /** Ends without a word to the pipeline, as `kill -9` does: only what was committed remains. */
  kill(): void {
    this.ledger[Symbol.dispose]();
    this.#stop.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled();
    this.kill();
  }
}

/** A token as the agent makes them. */
function nearby({ identifier }: BleSighting): readonly Evidence[] {
  const token = createHmac("sha256", Buffer.alloc(32)).update(`ble:${identifier}`).digest("hex");
  return [{ type: "ble", tier: "nearby", token, keyVersion: 1 }];
}

/** Reads slips as {@link PipelineUnderTest} says. */
export const lineReader = (startOffset: number): SlipReader => new LineReader(startOffset);

class LineReader implements SlipReader {
  #startOffset: number;
  #text = "";

  constructor(startOffset: number) {
    this.#startOffset = startOffset;
  }

  feed(bytes: Uint8Array): Slip[] {
    this.#text += Buffer.from(bytes).toString("latin1");
    const slips: Slip[] = [];
    for (let end = this.#text.indexOf("|"); end !== -1; end = this.#text.indexOf("|")) {
      slips.push(this.#take(end + 1, "completed"));
    }
    return slips;
  }

  idle(): Slip[] {
    return [];
  }

  end(): Slip[] {
    return this.#text === "" ? [] : [this.#take(this.#text.length, "truncated")];
  }

  #take(length: number, status: "completed" | "truncated"): Slip {
    const text = this.#text.slice(0, length).replace("|", "");
    const startOffset = this.#startOffset;
    this.#text = this.#text.slice(length);
    this.#startOffset += length;
    const place = { startOffset, endOffset: this.#startOffset };
    if (text === "") return place;
    const slip = { ...place, transaction: transaction(text, status) };
    return status === "completed" ? { ...slip, contentKey: text } : slip;
  }
}

const kinds = ["refund", "void", "nosale", "x-report", "z-report", "copy", "training", "suspended", "other"] as const;

function transaction(text: string, status: "completed" | "truncated"): Transaction {
  return {
    kind: kinds.find((kind) => text.startsWith(`${kind} `)) ?? "sale",
    status,
    lineItems: [],
    discounts: [],
    taxes: [],
    tenders: [],
    barcodes: [],
    qrCodes: [],
    fiscal: [],
    reconciliation: { state: "not-applicable", reasons: [] },
    profile: "none",
    confidence: 1,
    lines: [text],
  };
}

/** A piece of print bytes as a driver offers it. */
export function printBytes(streamId: string, offset: number, text: string): PrintBytes {
  return {
    kind: "print-bytes",
    deviceId: asDeviceId("till-5-printer"),
    laneId: asLaneId("05"),
    at: someInstant,
    streamId: asStreamId(streamId),
    offset,
    bytes: Buffer.from(text, "latin1"),
  };
}

/** A tap on the same lane, at the same moment. */
export function tap(readingId: string, uid: string, uri?: string): NfcTap {
  return {
    kind: "nfc-tap",
    deviceId: asDeviceId("till-5-nfc"),
    laneId: asLaneId("05"),
    at: someInstant,
    readingId,
    uid,
    technology: "ntag213",
    ndef: uri === undefined ? [] : [{ type: "uri", uri }],
  };
}
