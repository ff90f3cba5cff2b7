import { codeOf } from "../agent/core/errors.ts";
import type { ErrorCode } from "../agent/core/error-catalogue.ts";
import { asSeq } from "../agent/core/ids.ts";
import type { Head, Ledger } from "../agent/core/ledger.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Clock, EpochMs, Ms } from "../agent/core/time.ts";
import type { Ack, Batch, Birth, Uplink, UplinkEvent } from "../agent/core/uplink.ts";
import { backoffMs, type Random } from "./backoff.ts";
import { Bell } from "./bell.ts";
import { tuned, type CourierEvent, type CourierParts, type CourierTuning } from "./courier-options.ts";
import { nextBatch } from "./next-batch.ts";
import { Passage } from "./passage.ts";

/** The same gap told again this soon is about batches sent before the first telling. */
const sameGapMs: Ms = 1000;

/** The receiver has been silent for so many timeouts that a person should know. */
const silentStrikes = 3;

/** What to do next: send, or wait until a moment, a ring, or (with `growth`) another entry. */
type Step =
  | { readonly type: "send"; readonly batch: Batch }
  | { readonly type: "wait"; readonly untilMs?: Ms; readonly growth?: true };

/**
 * Ships the ledger to the receiver (PROTOCOL.md section 8): in order, several batches ahead, again after a gap, a silence or a new
 * connection, from where the receiver says it stands. It holds no entry: a resend reads the ledger. It advances the ledger's
 * watermark only on the receiver's word, and begins a new epoch when the two disagree.
 */
export class Courier {
  readonly #ledger: Ledger;
  readonly #uplink: Uplink;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #emit: (event: CourierEvent) => void;
  readonly #tuning: Required<CourierTuning>;
  readonly #random: Random;
  readonly #bell = new Bell();
  readonly #raised = new Set<ErrorCode>();
  #passage: Passage;
  /** Counts connections; undefined while there is none. */
  #connection: number | undefined;
  #connections = 0;
  /** Batches handed to the link that the broker has not taken. */
  #untaken = 0;
  /** While set, the receiver has not answered the birth. */
  #answerBy: Ms | undefined;
  #ackBy: Ms = Infinity;
  #holdUntil: Ms = -Infinity;
  /** Timeouts since an ack advanced. */
  #strikes = 0;
  #forks = 0;
  #troubles = 0;
  #gap: { readonly seq: number; readonly atMs: Ms } | undefined;

  constructor(parts: CourierParts) {
    this.#ledger = parts.ledger;
    this.#uplink = parts.uplink;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#emit = parts.emit ?? (() => undefined);
    this.#tuning = tuned(parts.tuning);
    this.#random = parts.random ?? Math.random;
    this.#passage = new Passage({ seq: asSeq(0), hash: new Uint8Array(32) });
  }

  /** Ships until aborted, then resolves. Rejects with LEDGER_CORRUPT when an entry is damaged, else only on a programming error. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const stop = (): void => {
      ended.abort(signal.reason);
      this.#bell.ring();
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    this.#passage = new Passage(this.#ledger.watermark());
    const link = this.#uplink.run(
      () => this.#birth(),
      (event) => this.#onEvent(event),
      ended.signal,
    );
    // Whichever part fails takes the other down with it.
    const parts = [link, this.#ship(ended.signal)].map((part) => part.finally(stop));
    await Promise.allSettled(parts);
    signal.removeEventListener("abort", stop);
    await Promise.all(parts);
  }

  #birth(): Birth {
    return { epoch: this.#ledger.epoch(), head: this.#ledger.head(), watermark: this.#ledger.watermark() };
  }

  async #ship(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const step = this.#guarded(() => this.#next(), "LEDGER_CORRUPT") ?? { type: "wait", untilMs: this.#holdUntil };
      if (step.type === "send") this.#send(step.batch, signal);
      else await this.#wait(step, signal);
    }
  }

  #next(): Step {
    const now = this.#clock.monotonic();
    if (this.#connection === undefined) return { type: "wait" };
    if (now < this.#holdUntil) return { type: "wait", untilMs: this.#holdUntil };
    if (this.#answerBy !== undefined && now < this.#answerBy) return { type: "wait", untilMs: this.#answerBy };
    if (this.#answerBy !== undefined) this.#unanswered();
    if (this.#passage.unacknowledged > 0 && now >= this.#ackBy) this.#unanswered();
    const ahead = this.#strikes > 0 ? 1 : this.#tuning.ahead;
    if (this.#untaken >= this.#tuning.window || this.#passage.unacknowledged >= ahead) return this.#waitForAck();
    const limits = { entries: this.#tuning.batchEntries, bytes: this.#tuning.batchBytes };
    const batch = nextBatch(this.#ledger, this.#passage.cursor, limits);
    if (batch === "none") return { ...this.#waitForAck(), growth: true };
    if (batch !== "hole") return { type: "send", batch };
    this.#beginEpoch("the receiver lacks entries that the ledger no longer keeps");
    return this.#next();
  }

  #waitForAck(): { readonly type: "wait"; readonly untilMs?: Ms } {
    return this.#passage.unacknowledged > 0 ? { type: "wait", untilMs: this.#ackBy } : { type: "wait" };
  }

  async #wait(step: Extract<Step, { type: "wait" }>, signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const reasons: Promise<void>[] = [this.#bell.rung()];
    if (step.untilMs !== undefined) {
      reasons.push(this.#clock.sleep(Math.max(0, step.untilMs - this.#clock.monotonic()), done.signal));
    }
    if (step.growth === true) reasons.push(this.#ledger.grown(this.#passage.cursor.seq, done.signal));
    try {
      if (!signal.aborted) await Promise.race(reasons);
    } finally {
      done.abort();
    }
  }

  #send(batch: Batch, signal: AbortSignal): void {
    const last = batch.entries.at(-1) ?? this.#passage.cursor;
    const firstSeq = asSeq(this.#passage.cursor.seq + 1);
    if (this.#passage.unacknowledged === 0) this.#ackBy = this.#clock.monotonic() + this.#timeoutMs();
    const attempt = this.#passage.sent(last);
    const connection = this.#connection;
    this.#untaken += 1;
    void this.#uplink
      .send(batch, signal)
      .catch((error: unknown) => {
        // A batch lost with its connection is sent again after the next one; one that the broker would not take, after a pause.
        if (this.#connection === connection && !signal.aborted) this.#trouble(error);
      })
      .finally(() => {
        this.#untaken -= 1;
        this.#bell.ring();
      });
    this.#emit({ type: "sent", atMs: this.#wallMs(), firstSeq, lastSeq: last.seq, attempt });
  }

  #onEvent(event: UplinkEvent): void {
    this.#guarded(() => {
      if (event.type === "ack") this.#onAck(event.ack);
      else if (event.type === "connected") this.#onConnected();
      else this.#onDisconnected(event.code, event.detail);
    });
    this.#bell.ring();
  }

  #onConnected(): void {
    this.#connections += 1;
    this.#connection = this.#connections;
    // The answer, or its absence, rewinds: what was under way is gone.
    this.#answerBy = this.#clock.monotonic() + this.#timeoutMs();
    this.#emit({ type: "uplink", atMs: this.#wallMs(), state: "connected" });
  }

  #onDisconnected(code: string, detail: string): void {
    this.#connection = undefined;
    this.#answerBy = undefined;
    this.#emit({ type: "uplink", atMs: this.#wallMs(), state: "disconnected", code, detail });
  }

  #onAck(ack: Ack): void {
    if (ack.epoch !== this.#ledger.epoch().epoch) return;
    if (ack.status === "fork") {
      this.#beginEpoch(`the receiver's contents differ after entry ${ack.seq}`);
      return;
    }
    const answering = this.#answerBy !== undefined;
    const behind = ack.seq < this.#passage.mark.seq;
    // An old word that arrives late says nothing new.
    if (behind && ack.status === "ok" && !answering) return;
    const before = this.#ledger.watermark().seq;
    const verdict = this.#ledger.acknowledge({ epoch: ack.epoch, seq: ack.seq, hash: ack.hash });
    if (verdict === "refused") {
      this.#beginEpoch(`the receiver's hash at entry ${ack.seq} is not the ledger's`);
      return;
    }
    if (ack.seq < before) this.#raise("SYNC_RECEIVER_BEHIND", `at entry ${ack.seq}, acknowledged ${before} before`);
    if (verdict === "advanced") this.#advanced(asSeq(before + 1), ack);
    this.#answerBy = undefined;
    this.#take(ack, answering);
  }

  /** Takes the receiver's position over, and sends from there when it asks for it. */
  #take(ack: Ack, answering: boolean): void {
    const now = this.#clock.monotonic();
    const moved = ack.seq > this.#passage.mark.seq;
    const known = this.#gap?.seq === ack.seq && now - this.#gap.atMs < sameGapMs;
    this.#passage.moved({ seq: ack.seq, hash: ack.hash });
    if (moved) this.#ackBy = now + this.#timeoutMs();
    if (ack.status === "gap" && !known) this.#gap = { seq: ack.seq, atMs: now };
    if (answering || (ack.status === "gap" && !known)) {
      this.#strikes = 0;
      this.#passage.rewind();
    }
  }

  #advanced(firstSeq: ReturnType<typeof asSeq>, ack: Ack): void {
    this.#strikes = 0;
    this.#forks = 0;
    this.#troubles = 0;
    this.#clear("SYNC_RECEIVER_SILENT");
    if (ack.seq >= this.#ledger.head().seq) this.#clear("SYNC_RECEIVER_BEHIND");
    this.#emit({ type: "acknowledged", atMs: this.#wallMs(), firstSeq, lastSeq: ack.seq });
  }

  /** The receiver kept silent for too long: everything after its last word again, carefully. */
  #unanswered(): void {
    this.#answerBy = undefined;
    this.#strikes += 1;
    this.#passage.rewind();
    this.#logger.debug({ afterSeq: this.#passage.mark.seq, strikes: this.#strikes }, "receiver silent, sending again");
    if (this.#strikes >= silentStrikes) this.#raise("SYNC_RECEIVER_SILENT", `no word for ${this.#strikes} timeouts`);
  }

  #beginEpoch(why: string): void {
    const start = this.#ledger.beginEpoch();
    const base: Head = { seq: asSeq(start.firstSeq - 1), hash: start.baseHash };
    this.#passage.restart(base);
    this.#answerBy = undefined;
    this.#gap = undefined;
    // The first time at once; a receiver that disagrees every time must not make an epoch a round trip.
    if (this.#forks > 0) this.#hold(this.#forks - 1);
    this.#forks += 1;
    this.#logger.warn({ epoch: start.epoch, firstSeq: start.firstSeq, why }, "new epoch begun");
    this.#raise("SYNC_FORK", `${why}; new epoch from entry ${start.firstSeq}`);
  }

  /** Runs a step that touches the ledger; a ledger that refuses pauses the shipping, and ends it with `fatal`. */
  #guarded<T>(step: () => T, fatal?: ErrorCode): T | undefined {
    try {
      return step();
    } catch (error) {
      if (codeOf(error) === fatal) throw error;
      this.#trouble(error);
      return undefined;
    }
  }

  #trouble(error: unknown): void {
    this.#logger.warn({ code: codeOf(error), err: error }, "shipping paused");
    this.#hold(this.#troubles);
    this.#troubles += 1;
    this.#passage.rewind();
  }

  #hold(attempt: number): void {
    const wait = backoffMs({ firstMs: 1000, longestMs: this.#tuning.longestTimeoutMs }, attempt, this.#random);
    this.#holdUntil = this.#clock.monotonic() + wait;
  }

  #timeoutMs(): Ms {
    const { ackTimeoutMs, longestTimeoutMs } = this.#tuning;
    return backoffMs({ firstMs: ackTimeoutMs, longestMs: longestTimeoutMs }, this.#strikes, this.#random);
  }

  #wallMs(): EpochMs {
    return this.#clock.now().wallMs;
  }

  #raise(code: ErrorCode, detail: string): void {
    // Every fork is news; a state that lasts is told once.
    if (this.#raised.has(code) && code !== "SYNC_FORK") return;
    this.#raised.add(code);
    this.#emit({ type: "alarm", atMs: this.#wallMs(), code, state: "raised", detail });
  }

  #clear(code: ErrorCode): void {
    if (this.#raised.delete(code)) this.#emit({ type: "alarm", atMs: this.#wallMs(), code, state: "cleared" });
  }
}
