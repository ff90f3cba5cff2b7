import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../agent/core/time.ts";
import { startPcscd, type Pcscd } from "../../drivers/nfc/pcscd.ts";
import { lockVirtualReaders } from "../../drivers/nfc/virtual-reader-lock.ts";

/** How long another user of the machine's virtual readers is waited for. */
const readersWithinMs = 30_000;

/** How often to look whether pcscd still runs. */
const lookMs = 500;

/** The machine's virtual readers, held, or in one line why they cannot be had and what to do. */
export type VirtualReaders =
  | { readonly status: "held"; readonly readers: AsyncDisposable }
  | { readonly status: "unavailable"; readonly reason: string };

/** Takes the machine's virtual readers for this process and keeps pcscd running until they are disposed of. */
export async function holdVirtualReaders(clock: Clock, signal: AbortSignal): Promise<VirtualReaders> {
  await using held = new AsyncDisposableStack();
  const lock = await lockVirtualReaders(readersWithinMs, clock, signal);
  if (lock === undefined) {
    const reason = "another virtual store or a test uses the virtual readers; wait until it has ended";
    return { status: "unavailable", reason };
  }
  held.use(lock);
  const started = await startPcscd(clock, signal);
  if (started.status === "unavailable") return started;
  held.use(new KeptPcscd(started.pcscd, clock));
  return { status: "held", readers: held.move() };
}

/** A pcscd that is started again when it dies, as systemd would. One that is not ours is left alone. */
class KeptPcscd implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;
  #pcscd: Pcscd;

  constructor(pcscd: Pcscd, clock: Clock) {
    this.#pcscd = pcscd;
    this.#clock = clock;
    this.#watching = this.#watch(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    await this.#pcscd.stop();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(lookMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || this.#pcscd.pid === undefined || isAlive(this.#pcscd.pid)) continue;
      const again = await startPcscd(this.#clock, signal).catch(() => undefined);
      if (again?.status === "running") this.#pcscd = again.pcscd;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
