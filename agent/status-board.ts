import { statSync } from "node:fs";
import type { Alarm, Counters, DeviceStatus, Snapshot, UplinkStatus } from "./control/snapshot.ts";
import type { Ledger } from "./core/ledger.ts";
import type { LiveEvent } from "./core/live-event.ts";
import type { Clock, EpochMs } from "./core/time.ts";

/** What the board reads when it is asked. */
export interface StatusParts {
  readonly version: string;
  readonly store: Snapshot["store"];
  readonly agentId: string;
  readonly uplinkUrl: string;
  readonly ledgerFile: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly devices: () => readonly DeviceStatus[];
  readonly counters: () => Counters;
}

/** Keeps what only events tell (the uplink's state, alarms) and puts it together with the rest into one snapshot. */
export class StatusBoard {
  readonly #parts: StatusParts;
  readonly #startedAtMs: EpochMs;
  readonly #alarms = new Map<string, Alarm>();
  #uplink: UplinkStatus;

  constructor(parts: StatusParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.clock.now().wallMs;
    this.#uplink = { state: "connecting", sinceMs: this.#startedAtMs, url: parts.uplinkUrl };
  }

  /** Takes note of an event. */
  note(event: LiveEvent): void {
    if (event.type === "uplink") {
      const { state, atMs, code, detail } = event;
      const why = { ...(code !== undefined && { code }), ...(detail !== undefined && { detail }) };
      this.#uplink = { state, sinceMs: atMs, url: this.#parts.uplinkUrl, ...why };
    } else if (event.type === "alarm" && event.state === "cleared") {
      this.#alarms.delete(event.code);
    } else if (event.type === "alarm") {
      const detail = event.detail === undefined ? {} : { detail: event.detail };
      this.#alarms.set(event.code, { code: event.code, sinceMs: event.atMs, ...detail });
    }
  }

  /** Everything `storeloop status` shows, as of now. */
  snapshot(): Snapshot {
    const { version, store, agentId, ledger, clock, devices, counters, ledgerFile } = this.#parts;
    const headSeq = ledger.head().seq;
    const { seq: ackedSeq, epoch } = ledger.watermark();
    return {
      version,
      pid: process.pid,
      startedAtMs: this.#startedAtMs,
      atMs: clock.now().wallMs,
      store,
      agentId,
      devices: devices(),
      ledger: { headSeq, ackedSeq, backlog: headSeq - ackedSeq, epoch, fileBytes: sizeOf(ledgerFile) },
      uplink: this.#uplink,
      counters: counters(),
      alarms: [...this.#alarms.values()],
    };
  }
}

/** Bytes on disk with the write-ahead log. */
function sizeOf(file: string): number {
  return [file, `${file}-wal`].reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}
