import { randomUUID } from "node:crypto";
import { asStreamId, type DeviceId, type LaneId, type StreamId } from "../agent/core/ids.ts";
import type { Observation, Offer, Outcome, PrintBytes, PrintEnd } from "../agent/core/observation.ts";
import type { Clock } from "../agent/core/time.ts";
import { BackOff } from "./back-off.ts";

/** What a capture works with. */
export interface PrintCaptureParts {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly offer: Offer;
  readonly clock: Clock;
  /** Aborted when nothing may be waited for any more. */
  readonly giveUp: AbortSignal;
  /** An offer was refused, with the stable code; it is being retried. */
  readonly onRefused: (code: string) => void;
  /** Everything that was refused is recorded now. */
  readonly onRecovered: () => void;
}

interface Piece {
  readonly observation: PrintBytes;
  readonly endOffset: number;
  recorded: boolean;
  /** The offer under way or kept; absent when it must be made (again). */
  answer: Promise<boolean> | undefined;
}

interface Waiter {
  readonly offset: number;
  readonly run: () => void;
}

/**
 * One stream of print bytes on its way from a line to the agent. Bytes are offered at once and in order, without waiting for earlier
 * answers; what is refused is kept and offered again until it is taken. It never drops a byte: whoever reads the line bounds it by
 * looking at {@link unrecordedBytes}.
 */
export class PrintCapture {
  readonly streamId: StreamId = asStreamId(randomUUID());
  readonly #parts: PrintCaptureParts;
  /** In order, from the first that is not recorded. */
  readonly #pieces: Piece[] = [];
  readonly #waiters: Waiter[] = [];
  #offset = 0;
  #recordedTo = 0;
  #retrying = false;

  constructor(parts: PrintCaptureParts) {
    this.#parts = parts;
  }

  /** Bytes taken so far: the stream position of the next one. */
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
    const { clock } = this.#parts;
    const observation: PrintBytes = { kind: "print-bytes", ...this.#seen(clock), offset: this.#offset, bytes };
    this.#offset += bytes.length;
    const piece: Piece = { observation, endOffset: this.#offset, recorded: false, answer: undefined };
    this.#pieces.push(piece);
    // While earlier bytes are refused, later ones queue behind them: a full disk is not asked again for every chunk.
    if (!this.#retrying) piece.answer = this.#ask(piece);
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
   * open, and what of it is on disk is taken up at the next start.
   */
  async finish(reason: PrintEnd["reason"]): Promise<void> {
    const { clock, giveUp } = this.#parts;
    const end: PrintEnd = { kind: "print-end", ...this.#seen(clock), reason };
    const work = async (): Promise<void> => {
      await new Promise<void>((resolve) => this.whenRecorded(this.#offset, resolve));
      const backOff = newBackOff();
      while (!giveUp.aborted && !isSafe(await this.#offer(end))) await clock.sleep(backOff.next(), giveUp);
    };
    await untilAborted(work(), giveUp);
  }

  #seen(clock: Clock): Pick<PrintBytes, "deviceId" | "laneId" | "at" | "streamId"> {
    const { deviceId, laneId } = this.#parts;
    return { deviceId, laneId, at: clock.now(), streamId: this.streamId };
  }

  async #ask(piece: Piece): Promise<boolean> {
    const outcome = await this.#offer(piece.observation);
    if (isSafe(outcome)) {
      piece.recorded = true;
      this.#advance();
      return true;
    }
    piece.answer = undefined;
    this.#parts.onRefused(outcome.status === "refused" ? outcome.code : "PRINT_NOT_RECORDED");
    if (!this.#retrying) void this.#retry();
    return false;
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
    }
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
