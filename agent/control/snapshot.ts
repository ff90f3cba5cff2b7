import type { DeviceState } from "../core/driver.ts";
import type { Epoch, Seq } from "../core/ids.ts";
import type { EpochMs } from "../core/time.ts";

/** The way to the cloud, now. */
export interface UplinkStatus {
  readonly state: "connecting" | "connected" | "disconnected";
  readonly sinceMs: EpochMs;
  /** The broker's address as configured. */
  readonly url: string;
  /** MQTT version in use, once connected. */
  readonly protocolVersion?: string;
  /** Stable code of why it is not connected. */
  readonly code?: string;
  readonly detail?: string;
}

/** The ledger, now. */
export interface LedgerStatus {
  readonly headSeq: Seq;
  readonly ackedSeq: Seq;
  /** Entries the receiver has not acknowledged yet. */
  readonly backlog: number;
  readonly epoch: Epoch;
  readonly fileBytes: number;
}

/** A configured device, how it is doing and what it did since the daemon started. */
export interface DeviceStatus extends DeviceState {
  /** When it last saw something. */
  readonly lastSeenAtMs?: EpochMs;
  /** How often it went down. */
  readonly faults: number;
  readonly lastFault?: { readonly code?: string; readonly atMs: EpochMs };
}

/** Counted since the daemon started. */
export interface Counters {
  readonly receipts: number;
  /** Slips that arrived again and were not counted twice. */
  readonly repeats: number;
  readonly touches: number;
  /** Codes read by scanners that name no shopper. */
  readonly scans: number;
  readonly links: number;
  /** Observations dropped because the inbox was full; never print bytes. */
  readonly shed: number;
  /** Observations the ledger would not take. */
  readonly refused: number;
}

/** Something a person must look at. */
export interface Alarm {
  readonly code: string;
  readonly sinceMs: EpochMs;
  readonly detail?: string;
}

/** Everything `storeloop status` and the local page show: one value, taken at one moment. */
export interface Snapshot {
  readonly version: string;
  readonly pid: number;
  readonly startedAtMs: EpochMs;
  /** When the snapshot was taken. */
  readonly atMs: EpochMs;
  readonly store: { readonly retailStoreId: string; readonly timeZone: string; readonly currencyCode: string };
  readonly agentId: string;
  readonly devices: readonly DeviceStatus[];
  readonly ledger: LedgerStatus;
  readonly uplink: UplinkStatus;
  readonly counters: Counters;
  readonly alarms: readonly Alarm[];
}
