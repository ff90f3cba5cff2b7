import type { FileHandle } from "node:fs/promises";
import type { DeviceId, LaneId, StreamId } from "../../agent/core/ids.ts";
import type { Observation, Offer, Outcome, PrintEnd } from "../../agent/core/observation.ts";
import type { Clock } from "../../agent/core/time.ts";
import { BackOff } from "../back-off.ts";

/** What a stream out of a file needs. */
export interface FileStreamParts {
  readonly streamId: StreamId;
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly offer: Offer;
  readonly clock: Clock;
  /** Aborted when nothing is to be waited for any more. */
  readonly signal: AbortSignal;
  /** The ledger refuses, with the stable code; it is asked again. */
  readonly onRefused: (code: string) => void;
  /** The ledger took what it had refused. */
  readonly onRecovered: () => void;
}

const pieceBytes = 64 * 1024;

/**
 * Offers the bytes of a file as a print stream, one piece after the other, each until it is taken. A file waits: what is refused is
 * offered again for as long as it takes, and nothing is read ahead. Methods reject with the signal's reason when it is aborted, and with
 * the system's error when the file cannot be read.
 */
export class FileStream {
  readonly #parts: FileStreamParts;

  constructor(parts: FileStreamParts) {
    this.#parts = parts;
  }

  get streamId(): StreamId {
    return this.#parts.streamId;
  }

  /** Offers what a file has from a position on, until its present end; answers the position after the last byte. */
  async send(file: FileHandle, from: number, onBytes: (bytes: Uint8Array) => void = () => undefined): Promise<number> {
    const { deviceId, laneId, streamId, clock } = this.#parts;
    let offset = from;
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(pieceBytes), 0, pieceBytes, offset);
      if (bytesRead === 0) return offset;
      const bytes = buffer.subarray(0, bytesRead);
      const at = clock.now();
      const resumeAt = await this.#offer({ kind: "print-bytes", deviceId, laneId, streamId, at, offset, bytes });
      if (resumeAt === undefined) onBytes(bytes);
      // The ledger has less than was recorded once (it was put back from a copy): the file still has it.
      offset = resumeAt ?? offset + bytesRead;
    }
  }

  /** Says that no byte follows. */
  async end(reason: PrintEnd["reason"]): Promise<void> {
    const { deviceId, laneId, streamId, clock } = this.#parts;
    await this.#offer({ kind: "print-end", deviceId, laneId, streamId, at: clock.now(), reason });
  }

  /** Offers until it is taken. Answers where to go on when that is not after it. */
  async #offer(observation: Observation): Promise<number | undefined> {
    const { signal, clock, onRefused, onRecovered } = this.#parts;
    const backOff = new BackOff(100, 5_000);
    for (let refusals = 0; ; refusals += 1) {
      const outcome = await this.#outcome(observation);
      if (outcome.status === "recorded" || outcome.status === "duplicate") {
        if (refusals > 0) onRecovered();
        return undefined;
      }
      if (outcome.status === "refused" && outcome.resumeAt !== undefined) return outcome.resumeAt;
      onRefused(outcome.status === "refused" ? outcome.code : "PRINT_NOT_RECORDED");
      await clock.sleep(backOff.next(), signal);
    }
  }

  #outcome(observation: Observation): Promise<Outcome> {
    const { offer, signal } = this.#parts;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    offer(observation).then(resolve, reject);
    return promise.finally(() => signal.removeEventListener("abort", onAbort));
  }
}
