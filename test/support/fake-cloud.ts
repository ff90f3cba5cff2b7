import type { Ms } from "../../agent/core/time.ts";
import { asEpoch, asSeq } from "../../agent/core/ids.ts";
import type { Batch, Birth, Uplink, UplinkEvent } from "../../agent/core/uplink.ts";
import { encodeAck, parseAck, type WireAck } from "../../sync/protocol/ack.ts";
import { encodeBatch, parseBatch, type ReceivedBatch } from "../../sync/protocol/batch.ts";
import { readEvent } from "../../sync/protocol/read-event.ts";
import { sameHash } from "../../sync/protocol/message.ts";
import { judge, type KnownEpoch } from "../../sync/receiver/judge.ts";
import type { ManualClock } from "./manual-clock.ts";

/** A place where something can go wrong. */
export type Step = "batch" | "ack" | "birth";

/** What goes wrong there. `lost` vanishes, `refused` is not taken, `twice` comes twice, `cut` breaks the connection before it, `restart` is a receiver that dies and forgets nothing. */
export type Fault = "lost" | "refused" | "twice" | "cut" | "restart";

/** An entry as the cloud stored it. */
export interface StoredAtCloud {
  readonly epoch: string;
  readonly seq: number;
  readonly key: string;
  readonly hash: Uint8Array;
}

const outageMs: Ms = 3000;

/**
 * A broker and a receiver in one, in memory, over the real bytes of the protocol and the real judgement of the receiver. A script
 * says, message by message, what goes wrong.
 */
export class FakeCloud implements Uplink {
  readonly stored: StoredAtCloud[] = [];
  readonly forks: string[] = [];
  /** Batches as they arrived, for tests that count. */
  readonly batches: ReceivedBatch[] = [];
  readonly #clock: ManualClock;
  readonly #script: (step: Step) => Fault | undefined;
  readonly #epochs = new Map<string, KnownEpoch>();
  #birth: (() => Birth) | undefined;
  #emit: ((event: UplinkEvent) => void) | undefined;
  #cut = Promise.withResolvers<void>();
  #connected = false;
  #held: (() => void)[] = [];
  /** Whether sends stay untaken until {@link release}. */
  holding = false;
  /** Whether the receiver is dead: batches are taken by the broker and vanish. */
  receiverDown = false;

  /** Whether the receiver keeps its acks to itself, and only what a test says is heard. */
  muted = false;
  /** Whether the receiver calls everything a fork. */
  disagreeing = false;

  constructor(clock: ManualClock, script: (step: Step) => Fault | undefined = () => undefined) {
    this.#clock = clock;
    this.#script = script;
  }

  /** Sends handed over and not taken. */
  get untaken(): number {
    return this.#held.length;
  }

  async run(birth: () => Birth, onEvent: (event: UplinkEvent) => void, signal: AbortSignal): Promise<void> {
    this.#birth = birth;
    this.#emit = onEvent;
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    while (!signal.aborted) {
      this.#cut = Promise.withResolvers();
      this.#connected = true;
      onEvent({ type: "connected" });
      this.#heard("ok");
      await Promise.race([this.#cut.promise, aborted.promise]);
      this.#connected = false;
      this.release();
      if (signal.aborted) return;
      onEvent({ type: "disconnected", code: "SYNC_BROKER_LOST", detail: "cut" });
      await this.#clock.sleep(outageMs, signal).catch(() => undefined);
    }
  }

  async send(batch: Batch): Promise<void> {
    const fault = this.#script("batch");
    if (fault === "cut") this.disconnect();
    if (!this.#connected) throw new Error("not connected");
    if (fault === "refused") throw new Error("quota exceeded");
    const payload = payloadOf(batch);
    if (this.holding) await new Promise<void>((resolve) => this.#held.push(resolve));
    // The broker's PUBACK and the receiver's ack both come later, in their own turns.
    await turn();
    if (!this.#connected) throw new Error("not connected");
    if (fault === "restart") this.restartReceiver();
    if (fault !== "lost" && fault !== "restart" && !this.receiverDown) this.#arrived(payload);
    if (fault === "twice") this.#arrived(payload);
  }

  /** Lets the broker take what was held. */
  release(): void {
    for (const take of this.#held.splice(0)) take();
  }

  /** Breaks the connection. */
  disconnect(): void {
    this.#connected = false;
    this.#cut.resolve();
  }

  /** The receiver dies and is back: it reads the retained birth. */
  restartReceiver(): void {
    this.receiverDown = false;
    this.#heard("gap");
  }

  /** The receiver's database is set back to before `seq`. */
  setBack(seq: number): void {
    const kept = this.stored.filter((entry) => entry.seq <= seq);
    this.stored.splice(0, this.stored.length, ...kept);
    for (const [name, known] of this.#epochs) {
      const last = kept.findLast((entry) => entry.epoch === name);
      this.#epochs.set(name, { ...known, mark: last ?? { seq: known.firstSeq - 1, hash: known.baseHash } });
    }
  }

  /** Sends an ack of the test's own making. */
  say(ack: WireAck): void {
    const fault = this.#script("ack");
    if (fault === "cut") this.disconnect();
    if (fault === "restart") this.restartReceiver();
    if (fault === "lost" || fault === "restart" || fault === "refused" || !this.#connected) return;
    const read = parseAck(encodeAck(ack));
    if (!read.ok) throw new Error(read.fault.detail);
    const { status, epoch, seq, hash } = read.value;
    const event: UplinkEvent = { type: "ack", ack: { status, epoch: asEpoch(epoch), seq: asSeq(seq), hash } };
    this.#emit?.(event);
    if (fault === "twice") this.#emit?.(event);
  }

  /** Where the receiver stands in the epoch of an entry that it stored. */
  markAt(seq: number): { readonly epoch: string; readonly seq: number; readonly hash: Uint8Array } {
    const there = this.stored.find((entry) => entry.seq === seq);
    if (there === undefined) throw new Error(`entry ${seq} has not arrived`);
    return { epoch: there.epoch, seq, hash: there.hash };
  }

  #heard(status: "ok" | "gap"): void {
    const fault = this.#script("birth");
    const birth = this.#birth?.();
    if (fault === "lost" || birth === undefined || this.receiverDown) return;
    const known = this.#known(birth.epoch);
    void turn().then(() => this.#answer({ status, epoch: known.epoch, ...known.mark }));
  }

  #arrived(payload: Uint8Array): void {
    const read = parseBatch(payload);
    if (!read.ok) throw new Error(read.fault.detail);
    const batch = read.value;
    this.batches.push(batch);
    const known = this.#known(batch.epoch);
    const judgement = judge(known, batch);
    if (
      this.disagreeing ||
      judgement.type === "fork" ||
      (judgement.type === "older" && !this.#agrees(known.epoch, judgement.last))
    ) {
      this.forks.push(known.epoch);
      this.#answer({ status: "fork", epoch: known.epoch, ...known.mark });
      return;
    }
    for (const entry of judgement.type === "fresh" ? judgement.entries : []) {
      const event = readEvent(entry.bytes);
      if (!event.ok) throw new Error(event.fault.detail);
      this.stored.push({ epoch: known.epoch, seq: entry.seq, key: event.value.key, hash: entry.hash });
      this.#epochs.set(known.epoch, { ...known, mark: entry });
    }
    const { mark } = this.#known(batch.epoch);
    this.#answer({
      status: judgement.type === "gap" ? "gap" : "ok",
      epoch: known.epoch,
      seq: mark.seq,
      hash: mark.hash,
    });
  }

  #answer(ack: WireAck): void {
    if (!this.muted) this.say(ack);
  }

  #agrees(epoch: string, last: { readonly seq: number; readonly hash: Uint8Array }): boolean {
    const there = this.stored.find((entry) => entry.epoch === epoch && entry.seq === last.seq);
    return there === undefined || sameHash(there.hash, last.hash);
  }

  #known(start: ReceivedBatch["epoch"]): KnownEpoch {
    const known = this.#epochs.get(start.epoch) ?? {
      ...start,
      mark: { seq: start.firstSeq - 1, hash: start.baseHash },
    };
    this.#epochs.set(start.epoch, known);
    return known;
  }
}

function payloadOf(batch: Batch): Uint8Array {
  const first = batch.entries[0];
  const last = batch.entries.at(-1);
  if (first === undefined || last === undefined) throw new Error("an empty batch was sent");
  const { epoch, previousHash } = batch;
  const header = { agent: "store-0117", epoch, firstSeq: first.seq, previousHash, lastHash: last.hash };
  return encodeBatch(
    header,
    batch.entries.map((entry) => entry.bytes),
  );
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
