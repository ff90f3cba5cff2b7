import type { PrintEnd } from "../agent/core/observation.ts";
import type { PrintCapture } from "./print-capture.ts";

/** What a {@link PrintTee} needs. */
export interface PrintTeeParts {
  /** Begins the capture of a stream on this line. */
  readonly newCapture: () => PrintCapture;
  /** The capture is over: everything is recorded or given up. */
  readonly onFinished: (capture: PrintCapture) => void;
  /** Bytes that may wait to be recorded, in all captures together. */
  readonly mostBytes: number;
  /** Bytes that wait to be recorded, in all captures together. */
  readonly heldBytes: () => number;
  /** Bytes were printed and not captured. */
  readonly onOverflow: (bytes: number) => void;
}

/**
 * Captures what passes on a line, without ever holding it up. When too much waits to be recorded, the stream is ended as `lost` at that
 * point, and what follows is counted, not kept; once half of the room is free again, a new stream begins.
 */
export class PrintTee {
  readonly #parts: PrintTeeParts;
  readonly #finishing = new Set<Promise<void>>();
  #capture: PrintCapture | undefined;
  #overflowed = false;

  constructor(parts: PrintTeeParts) {
    this.#parts = parts;
  }

  /** Whether bytes of this line were not captured. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Takes bytes that are on their way to the printer; they must not be changed afterwards. */
  take(bytes: Uint8Array): void {
    const { mostBytes, heldBytes, newCapture, onOverflow } = this.#parts;
    const margin = this.#capture === undefined && this.#overflowed ? mostBytes / 2 : 0;
    if (heldBytes() + bytes.length + margin <= mostBytes) {
      this.#capture ??= newCapture();
      return this.#capture.push(bytes);
    }
    this.#overflowed = true;
    this.#end("lost");
    onOverflow(bytes.length);
  }

  /** The line is over. Resolves when what was captured is recorded or given up. */
  async finish(reason: PrintEnd["reason"]): Promise<void> {
    this.#end(reason);
    await Promise.all(this.#finishing);
  }

  #end(reason: PrintEnd["reason"]): void {
    const capture = this.#capture;
    if (capture === undefined) return;
    this.#capture = undefined;
    const finished = capture.finish(reason).finally(() => {
      this.#finishing.delete(finished);
      this.#parts.onFinished(capture);
    });
    this.#finishing.add(finished);
  }
}
