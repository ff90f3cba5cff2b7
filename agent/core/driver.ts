import type { DeviceId, LaneId, ZoneId } from "./ids.ts";
import type { Offer } from "./observation.ts";
import type { EpochMs } from "./time.ts";

/** How a device is doing, in the words `storeloop status` shows. */
export interface Health {
  /** `starting`: not tried yet; `up`: working; `down`: gone for now, being retried; `failed`: gave up, a person must act. */
  readonly state: "starting" | "up" | "down" | "failed";
  /** Since when, by the wall clock. */
  readonly sinceMs: EpochMs;
  /** The stable error code behind `down` or `failed`, e.g. `NFC_PCSCD_DOWN`. */
  readonly code?: string;
  /** One sentence for a technician: what is seen now. */
  readonly detail?: string;
}

/** A configured device and how it is doing. */
export interface DeviceState {
  readonly deviceId: DeviceId;
  /** The lane it stands on; a radio has a zone instead. */
  readonly laneId?: LaneId;
  readonly zoneId?: ZoneId;
  /** Device type as in the configuration, e.g. `printer-tcp`. */
  readonly type: string;
  /** Number of the Bluetooth adapter that a radio was found to be, where its address is configured. */
  readonly adapter?: number;
  readonly health: Health;
}

/**
 * A source of observations, for one device or for all of a kind that share a library. The constructor does nothing. `run` opens
 * what it needs, offers what it sees, reconnects by itself for as long as it takes, and resolves once the signal is aborted and
 * everything it opened is closed. It rejects only on a programming error: a missing device, a dead library or a broken line is
 * health, not an exception.
 */
export interface Driver {
  /** For logs, e.g. `nfc` or the device id. */
  readonly name: string;
  devices(): readonly DeviceState[];
  run(offer: Offer, signal: AbortSignal): Promise<void>;
  /** Makes a device blink or beep, where it can. Answers false when it cannot, or is not there. Absent where no device of the kind can. */
  identify?(deviceId: DeviceId, signal: AbortSignal): Promise<boolean>;
}
