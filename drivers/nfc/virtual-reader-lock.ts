import { createServer } from "node:net";
import type { Clock, Ms } from "../../agent/core/time.ts";

/**
 * A name in Linux's abstract socket namespace (unix(7)): held by one process of the machine, given back by the kernel when that
 * process dies, whatever way.
 */
const lockName = "\0storeloop-virtual-readers";

const pollMs: Ms = 250;

/**
 * Takes the machine's virtual readers for this process: two that put cards on them would hear each other's beeps. Waits up to
 * `waitMs` for another holder; `undefined` when it still has them then. Dispose of it to give them back. Rejects with the signal's reason.
 */
export async function lockVirtualReaders(
  waitMs: Ms,
  clock: Clock,
  signal: AbortSignal,
): Promise<AsyncDisposable | undefined> {
  const until = clock.monotonic() + waitMs;
  for (;;) {
    const lock = await tryLock();
    if (lock || clock.monotonic() >= until) return lock;
    await clock.sleep(pollMs, signal);
  }
}

function tryLock(): Promise<AsyncDisposable | undefined> {
  const server = createServer((socket) => socket.destroy());
  const { promise, resolve } = Promise.withResolvers<AsyncDisposable | undefined>();
  server.once("error", () => resolve(undefined));
  server.listen({ path: lockName }, () => {
    // The lock must not keep a process alive that is done.
    server.unref();
    resolve({ [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())) });
  });
  return promise;
}
