import type { Tier, VisitEndedEntry } from "./entry.ts";
import type { DeviceState, Health } from "./driver.ts";
import type { DeviceId, EntryId, LaneId, Seq, ZoneId } from "./ids.ts";
import type { LaneObservation } from "./observation.ts";
import type { ScannedCode } from "./scanned-code.ts";
import type { EpochMs } from "./time.ts";
import type { Reconciliation, TransactionKind, TransactionStatus } from "./transaction.ts";

/** A slip in one line: what a person needs to find it again on paper. */
export interface SlipSummary {
  readonly kind: TransactionKind;
  readonly status: TransactionStatus;
  /** Receipt number as printed. */
  readonly sequenceNumber?: string;
  readonly totalMinor?: number;
  readonly currencyCode?: string;
  readonly currencyExponent?: number;
  readonly lineItemCount: number;
  readonly reconciliation: Reconciliation["state"];
  readonly profile: string;
}

interface Happened {
  readonly atMs: EpochMs;
}

interface AtDevice extends Happened {
  readonly laneId: LaneId;
  readonly deviceId: DeviceId;
}

interface Kept {
  readonly seq: Seq;
  readonly entryId: EntryId;
  /** Played by a person, and not counted. */
  readonly isTest?: true;
}

interface InLedger extends AtDevice, Kept {}

/** A beacon came into a zone or left it. */
export interface VisitedEvent extends Happened, Kept {
  readonly type: "recorded";
  readonly kind: "visit.started" | "visit.ended";
  readonly zoneId: ZoneId;
  /** The configured name of the beacon or of its group. */
  readonly beaconId: string;
  /** From the first to the last sighting, once it has ended, in milliseconds. */
  readonly dwellMs?: number;
  /** Why it ended. */
  readonly reason?: VisitEndedEntry["reason"];
}

/** A device saw something; nothing is durable yet. Of print bytes only the first of a stream or slip need be told. */
export interface SeenEvent extends AtDevice {
  readonly type: "seen";
  readonly what: LaneObservation["kind"];
  readonly byteCount?: number;
  /** Kind of card, as far as known. */
  readonly technology?: string;
  /** Why nothing was read, a stable code. */
  readonly reason?: string;
  /** Played by a person: no device saw it. */
  readonly isTest?: true;
}

/** Something is in the ledger and survives a power cut. */
export type RecordedEvent =
  | (InLedger & { readonly type: "recorded"; readonly kind: "transaction"; readonly slip: SlipSummary })
  | (InLedger & {
      readonly type: "recorded";
      readonly kind: "transaction.repeat";
      readonly transactionEntryId: EntryId;
      readonly sequenceNumber?: string;
    })
  | (InLedger & {
      readonly type: "recorded";
      readonly kind: "touch";
      readonly technology: string;
      /** Strongest tier among the evidence read. */
      readonly tier?: Tier;
      readonly unreadReason?: string;
      /** Why the strongest evidence counts for less than its type could. */
      readonly doubt?: string;
    })
  | (InLedger & { readonly type: "recorded"; readonly kind: "scan"; readonly codeKind: ScannedCode["kind"] })
  | VisitedEvent;

/** A touch and a slip were brought together, or could not be told apart. */
export interface LinkedEvent extends Happened {
  readonly type: "linked";
  readonly seq: Seq;
  readonly entryId: EntryId;
  readonly laneId: LaneId;
  readonly state: "linked" | "ambiguous";
  readonly transactionEntryId: EntryId;
  readonly touchEntryId?: EntryId;
  readonly sequenceNumber?: string;
  readonly tier?: Tier;
  readonly candidateCount: number;
}

/** A batch left for the broker. Nothing is proven by it. */
export interface SentEvent extends Happened {
  readonly type: "sent";
  readonly firstSeq: Seq;
  readonly lastSeq: Seq;
  /** 1 the first time. */
  readonly attempt: number;
}

/** The receiver has everything up to `lastSeq`, durably. */
export interface AcknowledgedEvent extends Happened {
  readonly type: "acknowledged";
  /** First entry this word is news of. */
  readonly firstSeq: Seq;
  readonly lastSeq: Seq;
}

/** An observation did not become safe: dropped on purpose (`shed`) or refused by the ledger. */
export interface LostEvent extends AtDevice {
  readonly type: "shed" | "refused";
  readonly what: LaneObservation["kind"];
  readonly code?: string;
}

/** A device changed its state. */
export interface DeviceEvent extends Happened {
  readonly type: "device";
  readonly deviceId: DeviceId;
  /** The lane it stands on; a radio has a zone instead. */
  readonly laneId?: LaneId;
  readonly zoneId?: ZoneId;
  readonly deviceType: DeviceState["type"];
  readonly state: Health["state"];
  readonly code?: string;
  readonly detail?: string;
}

/** The way to the cloud changed its state. */
export interface UplinkStateEvent extends Happened {
  readonly type: "uplink";
  readonly state: "connecting" | "connected" | "disconnected";
  readonly code?: string;
  readonly detail?: string;
}

/** Something a person must look at began or ended. */
export interface AlarmEvent extends Happened {
  readonly type: "alarm";
  readonly code: string;
  readonly state: "raised" | "cleared";
  readonly detail?: string;
}

/** The daemon began or is about to end. */
export interface AgentEvent extends Happened {
  readonly type: "agent";
  readonly state: "started" | "stopping";
}

/**
 * What `storeloop watch` shows, one line each, as it happens. For eyes only: events may be dropped, and nothing is decided by
 * them. They hold no raw identifier, no token and no line of a receipt.
 */
export type LiveEvent =
  | SeenEvent
  | RecordedEvent
  | LinkedEvent
  | SentEvent
  | AcknowledgedEvent
  | LostEvent
  | DeviceEvent
  | UplinkStateEvent
  | AlarmEvent
  | AgentEvent;
