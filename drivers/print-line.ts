import type { Duplex } from "node:stream";
import type { PrintEnd } from "../agent/core/observation.ts";
import type { PrintCapture } from "./print-capture.ts";

/** A status request found in a print stream, and what a printer answers. */
export interface StatusRequest {
  /** `at-once`: a real-time command; `in-order`: answered when everything before it has been printed. */
  readonly when: "at-once" | "in-order";
  /** Stream position after the request. */
  readonly endOffset: number;
  readonly reply: Uint8Array;
}

/** Finds status requests in one stream, however it is split into chunks. */
export interface StatusScanner {
  feed(bytes: Uint8Array): readonly StatusRequest[];
}

/** Bytes that may wait to be recorded before the line is no longer read: about a hundred receipts. */
const defaultMostUnrecorded = 256 * 1024;

/** How a line is served. */
export interface PrintLineParts {
  readonly capture: PrintCapture;
  /** Absent: status requests are not answered (a real printer does). */
  readonly scanner?: StatusScanner;
  /** Bytes that may wait to be recorded before reading pauses. */
  readonly mostUnrecordedBytes?: number;
}

/**
 * Plays the printer's end of a line: everything read is captured, status requests are answered. Requests that a printer answers in
 * print order are answered only once all bytes before them are recorded, so a POS that asks knows that its receipt is safe. Reading
 * pauses while too much is unrecorded: the POS then waits, as it does for a busy printer. Resolves when the line is over, `closed` when
 * the other end said so, or when `stop` is aborted. Answers that are still owed are written later, if the line is still there.
 */
export async function servePrintLine(
  line: Duplex,
  parts: PrintLineParts,
  stop: AbortSignal,
): Promise<PrintEnd["reason"]> {
  const { capture, scanner } = parts;
  const most = parts.mostUnrecordedBytes ?? defaultMostUnrecorded;
  const write = (reply: Uint8Array): void => {
    if (line.writable) line.write(reply);
  };
  let owed = 0;
  const answer = ({ when, endOffset, reply }: StatusRequest): void => {
    if (when === "at-once") return write(reply);
    owed += 1;
    capture.whenRecorded(endOffset, () => {
      owed -= 1;
      write(reply);
    });
  };
  const onData = (bytes: Uint8Array): void => {
    capture.push(bytes);
    scanner?.feed(bytes).forEach(answer);
    if (capture.unrecordedBytes <= most || line.isPaused()) return;
    line.pause();
    capture.whenRecorded(capture.offset - Math.floor(most / 2), () => line.resume());
  };
  line.on("data", onData);
  // The other end sends no more. It still gets the answers it waits for; then our end is closed.
  line.once("end", () => capture.whenRecorded(owed > 0 ? capture.offset : 0, () => line.end()));
  const reason = await ending(line, stop);
  line.off("data", onData);
  line.pause();
  return reason;
}

/** Waits until a line is over: `closed` when the other end said so, `lost` when it broke or we stop. */
function ending(line: Duplex, stop: AbortSignal): Promise<PrintEnd["reason"]> {
  const { promise, resolve } = Promise.withResolvers<PrintEnd["reason"]>();
  const onStop = (): void => resolve("lost");
  if (stop.aborted || line.destroyed) resolve("lost");
  stop.addEventListener("abort", onStop, { once: true });
  line.once("close", () => resolve(line.readableEnded ? "closed" : "lost"));
  // What went wrong shows in `close`, which always follows; the listener stays so that a late error is not uncaught.
  line.on("error", () => {});
  return promise.finally(() => stop.removeEventListener("abort", onStop));
}
