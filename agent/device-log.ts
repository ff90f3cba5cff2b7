import type { DeviceState } from "./core/driver.ts";
import type { LiveEvent } from "./core/live-event.ts";
import type { Observation, Offer } from "./core/observation.ts";
import type { EpochMs } from "./core/time.ts";
import type { DeviceStatus } from "./control/snapshot.ts";

type Fault = NonNullable<DeviceStatus["lastFault"]>;

/** Remembers of each device when it last saw something and what went wrong with it, since the daemon started. */
export class DeviceLog {
  readonly #seen = new Map<string, EpochMs>();
  readonly #faults = new Map<string, { count: number; last: Fault }>();

  /** The same offer, with a note of who made it. What a person plays is not a sign of life. */
  watching(offer: Offer): Offer {
    return (observation) => {
      if (isSignOfLife(observation)) this.#seen.set(observation.deviceId, observation.at.wallMs);
      return offer(observation);
    };
  }

  /** Takes note of an event. */
  note(event: LiveEvent): void {
    if (event.type !== "device" || (event.state !== "down" && event.state !== "failed")) return;
    const count = (this.#faults.get(event.deviceId)?.count ?? 0) + 1;
    const last = { atMs: event.atMs, ...(event.code !== undefined && { code: event.code }) };
    this.#faults.set(event.deviceId, { count, last });
  }

  /** A device's state with what is remembered of it. */
  statusOf(state: DeviceState): DeviceStatus {
    const lastSeenAtMs = this.#seen.get(state.deviceId);
    const faults = this.#faults.get(state.deviceId);
    return {
      ...state,
      faults: faults?.count ?? 0,
      ...(lastSeenAtMs !== undefined && { lastSeenAtMs }),
      ...(faults !== undefined && { lastFault: faults.last }),
    };
  }
}

/** The end of a stream may only mean that the line went away. */
function isSignOfLife(observation: Observation): boolean {
  return observation.kind !== "print-end" && observation.isTest !== true;
}
