import type { PrintEnd } from "../../agent/core/observation.ts";
import type { PrintCapture } from "../print-capture.ts";

/** What a {@link PrintTee} needs. */
export interface PrintTeeParts {
  readonly capture: PrintCapture;
  /** Whether this many more bytes may be held until they are recorded. */
  readonly hasRoom: (bytes: number) => boolean;
  /** Bytes were printed and not captured. */
  readonly onOverflow: (bytes: number) => void;
}

/**
 * Captures what a relay passes on, without ever holding it up. When too much waits to be recorded, the stream is ended as `lost` at
 * that point and the rest of the connection is counted, not kept.
 */
export class PrintTee {
  readonly #parts: PrintTeeParts;
  #overflowed = false;
  #finished: Promise<void> | undefined;

  constructor(parts: PrintTeeParts) {
    this.#parts = parts;
  }

  /** Whether bytes of this connection were not captured. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Takes bytes that are on their way to the printer. */
  take(bytes: Uint8Array): void {
    const { capture, hasRoom, onOverflow } = this.#parts;
    if (!this.#overflowed && hasRoom(bytes.length)) return capture.push(bytes);
    if (!this.#overflowed) {
      this.#overflowed = true;
      void this.finish("lost");
    }
    onOverflow(bytes.length);
  }

  /** The connection is over. Resolves when what was captured is recorded or given up; a second call changes nothing. */
  finish(reason: PrintEnd["reason"]): Promise<void> {
    this.#finished ??= this.#parts.capture.finish(reason);
    return this.#finished;
  }
}
