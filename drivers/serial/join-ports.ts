import type { Duplex } from "node:stream";

/**
 * Passes bytes between two lines, both ways, at once and unchanged; a line that takes no more slows the other one down. `onBytes` sees
 * what goes from the first to the second, after it is on its way, and must not throw; with no second line it just sees what comes.
 * `onTaken` is told whenever the second has taken what was handed to it. Resolves when either line is over or the signal is aborted.
 */
export async function joinPorts(
  first: Duplex,
  second: Duplex | undefined,
  onBytes: (bytes: Uint8Array) => void,
  onTaken: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted || first.destroyed || second?.destroyed === true) end();
  const lines = second === undefined ? [first] : [first, second];
  for (const line of lines) {
    line.once("close", end);
    line.once("end", end);
    // What went wrong shows in `close`; the listener stays so that a late error is not uncaught.
    line.on("error", () => undefined);
  }
  const nothing = (): void => undefined;
  const stops = [
    pump(first, second, onBytes, onTaken),
    ...(second === undefined ? [] : [pump(second, first, nothing, nothing)]),
  ];
  await promise.finally(() => signal.removeEventListener("abort", end));
  for (const stop of stops) stop();
}

/** Passes one direction on, with its back-pressure. Answers how to stop it. */
function pump(
  from: Duplex,
  to: Duplex | undefined,
  onBytes: (bytes: Uint8Array) => void,
  onTaken: () => void,
): () => void {
  const onData = (bytes: Buffer): void => {
    if (to?.writable === true && !to.write(bytes, onTaken)) from.pause();
    onBytes(bytes);
  };
  const onDrain = (): void => void from.resume();
  from.on("data", onData);
  to?.on("drain", onDrain);
  return () => {
    from.off("data", onData);
    to?.off("drain", onDrain);
    from.pause();
  };
}
