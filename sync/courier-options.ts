import type { LiveEvent } from "../agent/core/live-event.ts";
import type { Ledger } from "../agent/core/ledger.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import type { Uplink } from "../agent/core/uplink.ts";
import type { Random } from "./backoff.ts";

/** What a courier can tell of its work, for the live view and the status. */
export type CourierEvent = Extract<LiveEvent, { type: "sent" | "acknowledged" | "uplink" | "alarm" }>;

/** How a courier ships. Every default is for a store on an ordinary line. */
export interface CourierTuning {
  /** Entries in a batch, at most. Default 100. */
  readonly batchEntries?: number;
  /** Bytes of entries in a batch, at most, unless one entry alone is longer. Default 256 KiB. */
  readonly batchBytes?: number;
  /** Batches the broker has not taken yet, at most. Default 8. */
  readonly window?: number;
  /** Batches the receiver has not acknowledged yet, at most. Default 32. */
  readonly ahead?: number;
  /** How long the receiver may keep silent before its entries are sent again. Default 10 s. */
  readonly ackTimeoutMs?: Ms;
  /** How long that timeout grows while it keeps silent. Default 60 s. */
  readonly longestTimeoutMs?: Ms;
}

/** What a courier works with. */
export interface CourierParts {
  readonly ledger: Ledger;
  readonly uplink: Uplink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears what happens, at once and in order. Must not throw. */
  readonly emit?: (event: CourierEvent) => void;
  readonly tuning?: CourierTuning;
  readonly random?: Random;
}

/** The tuning with its defaults filled in. */
export function tuned(tuning: CourierTuning = {}): Required<CourierTuning> {
  return {
    batchEntries: 100,
    batchBytes: 256 * 1024,
    window: 8,
    ahead: 32,
    ackTimeoutMs: 10_000,
    longestTimeoutMs: 60_000,
    ...tuning,
  };
}
