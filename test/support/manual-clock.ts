import type { Clock, EpochMs, Instant, Ms } from "../../agent/core/time.ts";

interface Sleeper {
  readonly wakeAt: Ms;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #monotonicMs: Ms;
  #wallMs: EpochMs;
  #bootId = "boot-1";
  #trusted = true;
  #sleepers: Sleeper[] = [];

  constructor(wallMs: EpochMs = Date.parse("2026-03-14T08:00:00Z"), monotonicMs: Ms = 1000) {
    this.#wallMs = wallMs;
    this.#monotonicMs = monotonicMs;
  }

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  now(): Instant {
    return { wallMs: this.#wallMs, monotonicMs: this.#monotonicMs, bootId: this.#bootId, trusted: this.#trusted };
  }

  /** The machine is started again: another boot, and a wall clock that may be anything. */
  reboot({ wallMs, trusted }: { readonly wallMs: EpochMs; readonly trusted: boolean }): void {
    this.#bootId = `${this.#bootId}+`;
    this.#wallMs = wallMs;
    this.#trusted = trusted;
  }

  monotonic(): Ms {
    return this.#monotonicMs;
  }

  sleep(durationMs: Ms, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper: Sleeper = { wakeAt: this.#monotonicMs + durationMs, wake: resolve };
    const onAbort = (): void => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#sleepers.push(sleeper);
    return promise.finally(() => signal.removeEventListener("abort", onAbort));
  }

  /** Moves both clocks on and wakes whoever's time has come, in the order of their times. */
  async advance(durationMs: Ms): Promise<void> {
    const end = this.#monotonicMs + durationMs;
    for (;;) {
      const next = this.#sleepers.toSorted((a, b) => a.wakeAt - b.wakeAt)[0];
      if (next === undefined || next.wakeAt > end) break;
      this.#moveTo(next.wakeAt);
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#moveTo(end);
    await new Promise((resolve) => setImmediate(resolve));
  }

  #moveTo(monotonicMs: Ms): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}
