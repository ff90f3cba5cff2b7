import type { Socket } from "node:net";

/** What a relay reports. Both are called after the relay has done its own work, and must not throw. */
export interface RelayEvents {
  /** Bytes from the POS, already on their way to the printer. */
  readonly onBytes: (bytes: Uint8Array) => void;
  /** The POS sends no more: `closed` when it said so, `lost` when the connection or the printer broke. Called once. */
  readonly onEnd: (reason: "closed" | "lost") => void;
}

/**
 * Passes bytes between a POS and its printer, both ways, at once and unchanged. Each side feels the other: a slow printer slows the
 * POS, a half-close is a half-close, a reset is a reset. Resolves when both connections are over, or, once `stop` is aborted, are
 * being closed.
 */
export async function relay(pos: Socket, printer: Socket, events: RelayEvents, stop: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let ended = false;
  const end = (reason: "closed" | "lost"): void => {
    if (!ended) events.onEnd(reason);
    ended = true;
  };
  const onClose = (broken: boolean, other: Socket): void => {
    end("lost");
    if (broken) other.resetAndDestroy();
    else other.destroySoon();
    if (pos.closed && printer.closed) resolve();
  };
  const onStop = (): void => {
    end("lost");
    pos.destroySoon();
    printer.destroySoon();
    resolve();
  };
  onceEnded(pos, () => end("closed"));
  pos.once("close", (hadError) => onClose(hadError, printer));
  printer.once("close", (hadError) => onClose(hadError, pos));
  pump(pos, printer, events.onBytes);
  pump(printer, pos, () => {});
  stop.addEventListener("abort", onStop, { once: true });
  if (stop.aborted) onStop();
  if (pos.destroyed) onClose(true, printer);
  if (printer.destroyed) onClose(true, pos);
  await promise.finally(() => stop.removeEventListener("abort", onStop));
}

/** Passes one direction on: bytes, back-pressure and the end. */
function pump(from: Socket, to: Socket, onBytes: (bytes: Uint8Array) => void): void {
  // What went wrong shows in `close`, which always follows; the listener stays so that a late error is not uncaught.
  from.on("error", () => {});
  from.on("data", (bytes: Buffer) => {
    if (to.writable && !to.write(bytes)) from.pause();
    onBytes(bytes);
  });
  to.on("drain", () => from.resume());
  onceEnded(from, () => to.end());
}

/** Calls back when the other end says that nothing follows; it may have said so before anybody listened, if it sent nothing at all. */
function onceEnded(socket: Socket, run: () => void): void {
  if (socket.readableEnded) run();
  else socket.once("end", run);
}
