import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock, Instant, Ms } from "../agent/core/time.ts";

/** Written by systemd-timesyncd once it has synchronised the clock in this boot (systemd-timesyncd.service(8)). */
const synchronisedMarker = "/run/systemd/timesync/synchronized";

/** How long one look at the marker holds: it costs a system call, and synchronisation does not come and go. */
const trustHoldsMs = 10_000;

/**
 * The machine's clocks. The monotonic reading is CLOCK_MONOTONIC, the same in every process of one boot. The wall clock counts as
 * trusted only once the system has said that it is synchronised.
 */
export class SystemClock implements Clock {
  readonly #bootId = readBootId();
  #trusted = false;
  #trustReadAt = -Infinity;

  now(): Instant {
    const monotonicMs = this.monotonic();
    return { wallMs: Date.now(), monotonicMs, bootId: this.#bootId, trusted: this.#isTrusted(monotonicMs) };
  }

  monotonic(): Ms {
    return Number(process.hrtime.bigint() / 1000n) / 1000;
  }

  async sleep(durationMs: Ms, signal: AbortSignal): Promise<void> {
    try {
      await delay(durationMs, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  #isTrusted(monotonicMs: Ms): boolean {
    if (monotonicMs - this.#trustReadAt >= trustHoldsMs) {
      this.#trusted = existsSync(synchronisedMarker);
      this.#trustReadAt = monotonicMs;
    }
    return this.#trusted;
  }
}

function readBootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    // Not Linux: monotonic readings then compare within this process only.
    return `process-${process.pid}-${Date.now()}`;
  }
}
