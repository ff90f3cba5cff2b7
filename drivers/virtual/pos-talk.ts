import type { Duplex } from "node:stream";
import type { Clock, Ms } from "../../agent/core/time.ts";

/** How a POS talks to its printer. */
export interface PosTalkParts {
  readonly clock: Clock;
  /** How long the POS waits for the printer's word that a receipt is printed. */
  readonly confirmTimeoutMs?: Ms;
  /** Pause between two pieces of a receipt: a POS sends while it formats. */
  readonly pieceMs?: Ms;
}

const defaultConfirmTimeoutMs = 4_000;
const defaultPieceMs = 15;
const pieceBytes = 200;

/** One receipt's conversation over an open line. */
export class PosTalk {
  readonly #line: Duplex;
  readonly #parts: PosTalkParts;
  readonly #signal: AbortSignal;

  /** The signal ends every wait, with the answer `false`. */
  constructor(line: Duplex, parts: PosTalkParts, signal: AbortSignal) {
    this.#line = line;
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Sends a receipt in pieces, as it is laid out. Answers whether the line took all of it. */
  async send(bytes: Uint8Array): Promise<boolean> {
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      if (!this.#line.writable) return false;
      this.#line.write(bytes.subarray(from, from + pieceBytes));
      await this.#sleep(this.#parts.pieceMs ?? defaultPieceMs);
    }
    return this.#line.writable;
  }

  /** Asks for a status and waits until what comes back matches. `false` when it does not in time or the line is gone. */
  async ask(request: Uint8Array, matches: (received: Buffer) => boolean, timeoutMs?: Ms): Promise<boolean> {
    const line = this.#line;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let received: Buffer = Buffer.alloc(0);
    const onData = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes]);
      if (matches(received)) resolve(true);
    };
    const onGone = (): void => resolve(false);
    line.on("data", onData).once("close", onGone).once("end", onGone);
    const over = new AbortController();
    const limit = timeoutMs ?? this.#parts.confirmTimeoutMs ?? defaultConfirmTimeoutMs;
    void this.#sleep(limit, over.signal).then(onGone);
    if (line.writable) line.write(request);
    else resolve(false);
    const answer = await promise;
    over.abort();
    line.off("data", onData).off("close", onGone).off("end", onGone);
    return answer;
  }

  async #sleep(durationMs: Ms, signal: AbortSignal = this.#signal): Promise<void> {
    try {
      await this.#parts.clock.sleep(durationMs, AbortSignal.any([this.#signal, signal]));
    } catch {
      // Aborted: whoever waits goes on at once.
    }
  }
}

/** `GS r 1`: paper status, answered in print order. */
export const paperStatusRequest = Uint8Array.of(0x1d, 0x72, 1);

/** An answer to `GS r`: bits 4 and 7 are 0. */
export function isPaperStatus(received: Buffer): boolean {
  return received.some((byte) => (byte & 0x90) === 0);
}

/** `DLE EOT 1`: printer status in real time. */
export const onlineRequest = Uint8Array.of(0x10, 0x04, 1);

/** An answer to `DLE EOT 1` that says "online": bits 1 and 4 are 1, bits 0, 3 and 7 are 0. */
export function isOnline(received: Buffer): boolean {
  return received.some((byte) => (byte & 0x9b) === 0x12);
}

/** `GS ( H`, function 48: asks to be told when everything before it is printed, by an id of four printable characters. */
export function processIdRequest(id: string): Uint8Array {
  return Buffer.from(`\x1d(H\x06\x0000${id}`, "latin1");
}

/** The answer to {@link processIdRequest} with this id. */
export function isProcessIdResponse(received: Buffer, id: string): boolean {
  return received.includes(Buffer.from(`7"${id}\0`, "latin1"));
}
