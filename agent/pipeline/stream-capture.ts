import { codeOf } from "../core/errors.ts";
import type { CapturedBytes, Ledger, PendingStream } from "../core/ledger.ts";
import type { Outcome, PrintBytes, PrintEnd } from "../core/observation.ts";
import type { Redactor, Slip, SlipReader } from "../core/slip.ts";
import type { Clock, Instant, Ms } from "../core/time.ts";
import type { Persistence } from "./persistence.ts";
import { SerialQueue } from "./serial-queue.ts";
import type { SlipRecorder } from "./slip-recorder.ts";

/** Silence that ends a slip which is not whole, as a multiple of the silence that ends a whole one. */
const patience = 20;

/** Kept bytes that a redactor is shown when a stream goes on: longer than the longest card number with its separators. */
const contextBytes = 4096;

/** What one stream of print bytes needs. */
export interface StreamParts {
  readonly ledger: Ledger;
  readonly persistence: Persistence;
  readonly recorder: SlipRecorder;
  readonly clock: Clock;
  /** Makes a reader for the bytes from a position on, once there is something on disk to read: keeping bytes waits for nothing. */
  readonly newReader: (startOffset: number) => SlipReader;
  readonly redactor: Redactor;
  /** Silence after which a whole slip is taken as ended. */
  readonly idleMs: Ms;
  /** Aborted when the agent stops: silence says nothing from then on. */
  readonly stop: AbortSignal;
  /** Told of what should not have gone wrong when a silent slip is read. */
  readonly onDefect: (error: unknown) => void;
}

/** A stretch of the stream and when it arrived. */
interface Arrival {
  readonly endOffset: number;
  readonly at: Instant;
}

/**
 * One stream of print bytes on its way to the ledger: card numbers masked, bytes kept on disk as they come, slips recorded as they
 * end. Bytes count as recorded once they are on disk, before anything is understood. A refused piece changes nothing, and the same
 * piece may be offered again.
 */
export class StreamCapture {
  readonly #parts: StreamParts;
  readonly #source: Pick<CapturedBytes, "streamId" | "deviceId" | "laneId">;
  readonly #queue = new SerialQueue();
  readonly #arrivals: Arrival[] = [];
  /** Slips that are read and not recorded: what ends later must not settle the bytes of what ended before. */
  readonly #read: Slip[] = [];
  /** Stream position up to which bytes went into the redactor. */
  #takenTo = 0;
  /** Stream position up to which bytes are on disk. */
  #keptTo = 0;
  /** Redacted bytes that are not on disk yet, from `#keptTo` on. */
  #unkept: Uint8Array = new Uint8Array(0);
  #lastAt: Instant | undefined;
  /** Whether the redactor has seen what comes before its first byte. */
  #primed = false;
  /** Pieces handed in and not dealt with. */
  #offered = 0;
  #silence = new AbortController();
  #ended = false;
  /** Stream position of the first byte the reader gets. */
  #readFrom: number;
  #madeReader: SlipReader | undefined;

  /** `startOffset`: bytes before it are on disk already. */
  constructor(
    source: Pick<CapturedBytes, "streamId" | "deviceId" | "laneId">,
    startOffset: number,
    parts: StreamParts,
  ) {
    this.#source = source;
    this.#parts = parts;
    this.#takenTo = startOffset;
    this.#keptTo = startOffset;
    this.#readFrom = startOffset;
  }

  /** Takes the next piece. Resolves when its bytes are on disk, or tells that they are not. */
  accept(piece: PrintBytes): Promise<Outcome> {
    this.#silence.abort();
    this.#offered += 1;
    return this.#queue.run(async () => {
      const outcome = await this.#take(piece).finally(() => (this.#offered -= 1));
      // After a refusal the line is not silent: what was refused is offered again, and more may wait behind it.
      if (outcome.status !== "refused") this.#watchSilence();
      return outcome;
    });
  }

  /** No byte will follow. Resolves when everything received is recorded. */
  end(how: PrintEnd["reason"]): Promise<void> {
    this.#ended = true;
    this.#silence.abort();
    return this.#queue.run(async () => {
      await this.#keepAll();
      await this.#record(this.#reader.end(how));
    });
  }

  /**
   * Takes up what an earlier life of the agent left on disk. The line it came from is gone, unless it `goesOn`. Bytes may be missing
   * where a disk was damaged: what stands before and after such a hole is never read as one slip.
   */
  restore(pending: PendingStream, goesOn: boolean): Promise<void> {
    return this.#queue.run(async () => {
      for (const { offset, bytes, at } of pending.chunks) {
        if (offset > this.#keptTo) await this.#readOnFrom(offset);
        this.#keptTo = offset + bytes.length;
        this.#takenTo = this.#keptTo;
        this.#arrivals.push({ endOffset: this.#keptTo, at });
        await this.#record(this.#reader.feed(bytes));
      }
      if (goesOn) this.#watchSilence();
      else await this.#record(this.#reader.end("lost"));
    });
  }

  async #readOnFrom(offset: number): Promise<void> {
    await this.#record(this.#reader.end());
    this.#madeReader = undefined;
    this.#readFrom = offset;
  }

  async #take(piece: PrintBytes): Promise<Outcome> {
    const end = piece.offset + piece.bytes.length;
    const again = end <= this.#takenTo;
    if (piece.offset > this.#takenTo) return { status: "refused", code: "CAPTURE_GAP", resumeAt: this.#takenTo };
    if (again && this.#unkept.length === 0) return { status: "duplicate" };
    if (!again) {
      this.#unkept = joined(this.#unkept, this.#redacted(piece.bytes.subarray(this.#takenTo - piece.offset)));
      this.#takenTo = end;
      this.#lastAt = piece.at;
    }
    try {
      await this.#keep(piece.at);
    } catch (error) {
      const code = codeOf(error);
      // No word of the ledger's: whoever looks for defects is to hear of it.
      if (code === "UNEXPECTED" && !this.#parts.stop.aborted) throw error;
      return { status: "refused", code };
    }
    return { status: "recorded" };
  }

  /** Redacts the next bytes. The redactor is first shown what is kept of a stream that goes on, as handed out already. */
  #redacted(bytes: Uint8Array): Uint8Array {
    const { redactor, ledger } = this.#parts;
    if (!this.#primed && this.#takenTo > 0) {
      redactor.push(ledger.captured(this.#source.streamId, Math.max(0, this.#takenTo - contextBytes), this.#takenTo));
      redactor.flush();
    }
    this.#primed = true;
    return redactor.push(bytes);
  }

  /** Writes what is redacted, then reads slips out of it. Throws when the ledger refuses; the bytes then stay for the next try. */
  async #keep(at: Instant): Promise<void> {
    const bytes = this.#unkept;
    if (bytes.length === 0) return;
    const { ledger } = this.#parts;
    await ledger.write({ captured: [{ ...this.#source, offset: this.#keptTo, bytes, at }] });
    this.#unkept = new Uint8Array(0);
    this.#keptTo += bytes.length;
    this.#arrivals.push({ endOffset: this.#keptTo, at });
    await this.#record(this.#reader.feed(bytes));
  }

  /** Writes everything including the redactor's tail, for as long as it takes. */
  async #keepAll(): Promise<void> {
    const { redactor, persistence } = this.#parts;
    this.#unkept = joined(this.#unkept, redactor.flush());
    const at = this.#lastAt;
    if (at !== undefined) await persistence.persist(() => this.#keep(at));
  }

  get #reader(): SlipReader {
    return (this.#madeReader ??= this.#parts.newReader(this.#readFrom));
  }

  async #record(slips: readonly Slip[]): Promise<void> {
    this.#read.push(...slips);
    for (let slip = this.#read[0]; slip !== undefined; slip = this.#read[0]) {
      await this.#parts.recorder.record({ ...this.#source, slip, ...this.#times(slip) });
      this.#read.shift();
      const { endOffset } = slip;
      while ((this.#arrivals[0]?.endOffset ?? Infinity) <= endOffset) this.#arrivals.shift();
    }
  }

  #times({ startOffset, endOffset }: Slip): { firstByteAt: Instant; lastByteAt: Instant } {
    const first = this.#arrivals.find((arrival) => arrival.endOffset > startOffset);
    const last = this.#arrivals.find((arrival) => arrival.endOffset >= endOffset);
    const now = this.#parts.clock.now();
    return { firstByteAt: first?.at ?? now, lastByteAt: last?.at ?? now };
  }

  /** Begins to wait, unless bytes have come meanwhile: then the last of them begins it. */
  #watchSilence(): void {
    if (this.#ended || this.#offered > 0) return;
    this.#silence = new AbortController();
    void this.#onSilence(this.#silence.signal);
  }

  async #onSilence(broken: AbortSignal): Promise<void> {
    const { clock, idleMs, stop, onDefect } = this.#parts;
    const signal = AbortSignal.any([broken, stop]);
    try {
      await clock.sleep(idleMs, signal);
      await this.#queue.run(() => this.#unlessAborted(signal, async () => this.#record(this.#reader.idle())));
      await clock.sleep(idleMs * (patience - 1), signal);
      await this.#queue.run(() => this.#unlessAborted(signal, async () => this.#record(this.#reader.end())));
    } catch (error) {
      if (!signal.aborted) onDefect(error);
    }
  }

  async #unlessAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    if (signal.aborted) return;
    await this.#keepAll();
    // A ledger that refused for a while held up bytes that have come since.
    if (!signal.aborted) await work();
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  if (tail.length === 0) return head;
  const both = new Uint8Array(head.length + tail.length);
  both.set(head);
  both.set(tail, head.length);
  return both;
}
