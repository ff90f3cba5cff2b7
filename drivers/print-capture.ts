import { randomUUID } from "node:crypto";
import { asStreamId, type DeviceId, type LaneId, type StreamId } from "../agent/core/ids.ts";
import type { Observation, Offer, Outcome, PrintEnd } from "../agent/core/observation.ts";
import type { Clock, Instant } from "../agent/core/time.ts";
import { BackOff } from "./back-off.ts";
import { PrintPiece } from "./print-piece.ts";

/** What a capture works with. */
export interface PrintCaptureParts {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly offer: Offer;
  readonly clock: Clock;
  /** Aborted when nothing may be waited for any more. */
  readonly giveUp: AbortSignal;
  /** Offers that may await their answer at one time; any number when absent. What comes meanwhile is put together. */
  readonly mostOffers?: number;
  /** An offer was refused, with the stable code; it is being retried. */
  readonly onRefused: (code: string) => void;
  /** Everything that was refused is recorded now. */
  readonly onRecovered: () => void;
}

interface Waiter {
  readonly offset: number;
  readonly run: () => void;
}

/**
 * One stream of print bytes on its way from a line to the agent. Bytes are offered at once and in order, without waiting for earlier
 * answers; what is refused is kept and offered again until it is taken. It never drops a byte: whoever reads the line bounds it by
 * looking at {@link unrecordedBytes}.
 *
 * A ledger that no longer knows the beginning of the stream (its data folder was replaced) is given the rest as a stream of its own.
 */
export class PrintCapture {
  readonly #parts: PrintCaptureParts;
  /** In order, from the first that is not recorded. */
  readonly #pieces: PrintPiece[] = [];
  readonly #waiters: Waiter[] = [];
  /** What it is known by: the id of its first stream, also while a later one is under way. */
  readonly id: StreamId = asStreamId(randomUUID());
  #streamId: StreamId = this.id;
  /** Position on the line at which the present stream begins. */
  #base = 0;
  #offset = 0;
  #recordedTo = 0;
  /** How many of the pieces, from the first on, have been offered. */
  #offered = 0;
  #retrying = false;

  constructor(parts: PrintCaptureParts) {
    this.#parts = parts;
  }

  /** Which stream the next bytes belong to. */
  get streamId(): StreamId {
    return this.#streamId;
  }

  /** Bytes taken so far: the position of the next one. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes taken and not known to be recorded. */
  get unrecordedBytes(): number {
    return this.#offset - this.#recordedTo;
  }

  /** Takes the next bytes of the line; they must not be changed afterwards. Never throws, never waits. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const at = this.#parts.clock.now();
    if (this.#pieces.at(-1)?.append(bytes, at) !== true) this.#pieces.push(new PrintPiece(this.#offset, at, bytes));
    this.#offset += bytes.length;
    // While earlier bytes are refused, later ones queue behind them: a full disk is not asked again for every chunk.
    if (!this.#retrying) this.#offerNext();
  }

  /**
   * Calls back once all bytes before `offset` are recorded: at once if they are. Callbacks come in the order of their offsets. It never
   * comes if the capture is given up first.
   */
  whenRecorded(offset: number, run: () => void): void {
    if (offset <= this.#recordedTo) return run();
    const place = this.#waiters.findLastIndex((waiter) => waiter.offset <= offset) + 1;
    this.#waiters.splice(place, 0, { offset, run });
  }

  /**
   * No byte follows. Resolves when all bytes and then the end are recorded, or when the capture is given up: then the stream is left
   * open, and what of it is on disk is taken up at the next start. A stream without bytes has no end to tell of.
   */
  async finish(reason: PrintEnd["reason"]): Promise<void> {
    if (this.#offset === 0) return;
    const { clock, giveUp } = this.#parts;
    const at = clock.now();
    const work = async (): Promise<void> => {
      await new Promise<void>((resolve) => this.whenRecorded(this.#offset, resolve));
      const end = this.#end(reason, at);
      const backOff = newBackOff();
      while (!giveUp.aborted && !isSafe(await this.#offer(end))) await clock.sleep(backOff.next(), giveUp);
    };
    await untilAborted(work(), giveUp);
  }

  #end(reason: PrintEnd["reason"], at: Instant): PrintEnd {
    const { deviceId, laneId } = this.#parts;
    return { kind: "print-end", deviceId, laneId, at, streamId: this.#streamId, reason };
  }

  #offerNext(): void {
    const most = this.#parts.mostOffers ?? Infinity;
    for (let piece = this.#pieces[this.#offered]; piece !== undefined; piece = this.#pieces[this.#offered]) {
      if (this.#offered >= most) return;
      this.#offered += 1;
      piece.answer = this.#ask(piece);
    }
  }

  async #ask(piece: PrintPiece): Promise<boolean> {
    const { deviceId, laneId, onRefused } = this.#parts;
    piece.offered = true;
    const streamId = this.#streamId;
    const { at, bytes } = piece;
    const offset = piece.offset - this.#base;
    const outcome = await this.#offer({ kind: "print-bytes", deviceId, laneId, at, streamId, offset, bytes });
    if (isSafe(outcome)) {
      piece.recorded = true;
      this.#advance();
      return true;
    }
    piece.answer = undefined;
    const { code, resumeAt } = outcome.status === "refused" ? outcome : { code: "PRINT_NOT_RECORDED" };
    if (resumeAt !== undefined && streamId === this.#streamId) this.#beginAnew();
    onRefused(code);
    if (!this.#retrying) void this.#retry();
    return false;
  }

  /** The ledger misses bytes that were recorded once: what is still here goes on as a new stream, and the old one is ended. */
  #beginAnew(): void {
    void this.#offer(this.#end("lost", this.#parts.clock.now()));
    this.#streamId = asStreamId(randomUUID());
    this.#base = this.#recordedTo;
  }

  /** An offer promises not to reject; if it does all the same (its process died), the bytes are simply not safe yet. */
  async #offer(observation: Observation): Promise<Outcome> {
    try {
      return await this.#parts.offer(observation);
    } catch {
      return { status: "refused", code: "UNEXPECTED" };
    }
  }

  async #retry(): Promise<void> {
    const { clock, giveUp } = this.#parts;
    const backOff = newBackOff();
    this.#retrying = true;
    try {
      await clock.sleep(backOff.next(), giveUp);
      for (let head = this.#pieces[0]; head !== undefined; head = this.#pieces[0]) {
        head.answer ??= this.#ask(head);
        this.#offered = Math.max(this.#offered, 1);
        if (await head.answer) backOff.reset();
        else await clock.sleep(backOff.next(), giveUp);
      }
      this.#retrying = false;
      this.#parts.onRecovered();
    } catch (error) {
      if (!giveUp.aborted) throw error;
    }
  }

  #advance(): void {
    for (let head = this.#pieces[0]; head?.recorded === true; head = this.#pieces[0]) {
      this.#recordedTo = head.endOffset;
      this.#pieces.shift();
      this.#offered = Math.max(0, this.#offered - 1);
    }
    if (!this.#retrying) this.#offerNext();
    for (let next = this.#waiters[0]; next !== undefined && next.offset <= this.#recordedTo; next = this.#waiters[0]) {
      this.#waiters.shift();
      next.run();
    }
  }
}

function newBackOff(): BackOff {
  return new BackOff(100, 5_000);
}

function isSafe({ status }: Outcome): boolean {
  return status === "recorded" || status === "duplicate";
}

/** Resolves when `work` does or the signal is aborted, whichever is first. */
function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}
