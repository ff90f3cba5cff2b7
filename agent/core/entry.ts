import type { Transaction } from "./transaction.ts";
import type { DeviceId, EntryId, LaneId, Seq, StreamId, ZoneId } from "./ids.ts";
import type { Scan } from "./observation.ts";
import type { ScannedCode } from "./scanned-code.ts";
import type { Instant } from "./time.ts";

/** How far a piece of evidence can be trusted, strongest first. */
export type Tier = "proven" | "presented" | "claimed" | "nearby";

/** One piece of evidence of who touched. `token` is an HMAC, never the raw identifier. */
export interface Evidence {
  /** E.g. `nfc.uid`, `ndef.uri`, `ndef.text`. */
  readonly type: string;
  readonly tier: Tier;
  readonly token: string;
  /** Version of the region key the token was made with. */
  readonly keyVersion: number;
  /**
   * Why it counts for less than its type could: a stable word for who looks into fraud, e.g. `counter-replayed`, `mac-mismatch`,
   * `expired`, `cryptogram-replayed`, `originality-forged`.
   */
  readonly doubt?: string;
  /** What a proof that counts once is known by: the same one again, or one with a lower counter, is a replay. */
  readonly proof?: string;
  /** The read counter of a SUN message. */
  readonly counter?: number;
  /** The counter that was seen before, where it is the reason for the doubt. */
  readonly lastCounter?: number;
  /** When the evidence says that it was made, in RFC 3339. */
  readonly issuedAt?: string;
  /** What is known beside it and proves nothing, e.g. `originality-valid`. */
  readonly note?: string;
}

/** What every body has that a person can play. */
interface Playable {
  /** Played by a person through `storeloop simulate`: not to be counted. */
  readonly isTest?: true;
}

/** A slip seen on a lane: the body of a `transaction` entry. */
export interface TransactionEntry extends Transaction, Playable {
  readonly laneId: LaneId;
  readonly deviceId: DeviceId;
  readonly streamId: StreamId;
  /** Where in the stream its bytes stand. */
  readonly startOffset: number;
  readonly endOffset: number;
  /** When its first and its last byte arrived. */
  readonly firstByteAt: Instant;
  readonly lastByteAt: Instant;
}

/**
 * A recorded slip read again, from the same bytes, by a better profile: the body of a `transaction.amended` entry. It takes the place of
 * every earlier reading of that slip; what refers to the slip (links, repeats) goes on referring to the first entry.
 */
export interface AmendedEntry extends TransactionEntry {
  /** The `transaction` entry it is a reading of. */
  readonly transactionEntryId: EntryId;
  /** 1, 2, 3, ... for the amendments of one entry. */
  readonly amendment: number;
  /** Another `transaction` entry that holds the same slip, which only shows now; this one is then a `duplicate`. */
  readonly repeatOfEntryId?: EntryId;
}

/** The same slip arrived again (a POS that retries, a connection that broke after the paper was out). Never counted. */
export interface RepeatEntry extends Playable {
  readonly laneId: LaneId;
  readonly deviceId: DeviceId;
  readonly streamId: StreamId;
  readonly startOffset: number;
  readonly endOffset: number;
  /** The entry that already holds this slip. */
  readonly transactionEntryId: EntryId;
}

/** A card held to a reader, or a member number shown to a scanner: the body of a `touch` entry. */
export interface TouchEntry extends Playable {
  readonly laneId: LaneId;
  readonly deviceId: DeviceId;
  readonly readingId: string;
  readonly technology: string;
  readonly evidence: readonly Evidence[];
  /** Present when nothing usable was read. */
  readonly unreadReason?: string;
}

/** A code that names no shopper, read by a scanner: the body of a `scan` entry. */
export interface ScanEntry extends Playable {
  readonly laneId: LaneId;
  readonly deviceId: DeviceId;
  readonly readingId: string;
  readonly via: Scan["via"];
  readonly symbology?: string;
  readonly codeKind: ScannedCode["kind"];
  readonly gtin?: string;
  /** Element strings by application identifier (GS1 General Specifications, 3.2). */
  readonly elements?: Readonly<Record<string, string>>;
  /** Of a payment or an invoice. */
  readonly scheme?: string;
  /** Of an invoice, as printed. */
  readonly number?: string;
  /** A voucher or an unknown code as a token: enough to know it again. */
  readonly evidence: readonly Evidence[];
}

/** A beacon came into a zone: the body of a `visit.started` entry. */
export interface VisitStartedEntry extends Playable {
  readonly visitId: string;
  readonly zoneId: ZoneId;
  /** The radio that heard it. */
  readonly deviceId: DeviceId;
  /** The configured name of the beacon or of its group. */
  readonly beaconId: string;
  /** Its token, `nearby`. */
  readonly evidence: readonly Evidence[];
  readonly firstSeenAt: Instant;
}

/** A beacon left a zone: the body of a `visit.ended` entry. */
export interface VisitEndedEntry extends Playable {
  readonly visitId: string;
  readonly zoneId: ZoneId;
  readonly beaconId: string;
  /** The entry that began the visit. */
  readonly startedEntryId: EntryId;
  readonly lastSeenAt: Instant;
  /** From the first to the last sighting. */
  readonly dwellMs: number;
  /** About one a radio and second; those before a restart of the agent are not counted. */
  readonly sightings: number;
  /** Absent when the agent was restarted during the visit and the beacon was not heard since. */
  readonly strongestRssiDbm?: number;
  /** `left`: heard, and too weak; `moved`: into another zone; `silent`: not heard any more. */
  readonly reason: "left" | "moved" | "silent";
}

/** Which touch belongs to which slip: the body of a `link` entry. */
export interface LinkEntry extends Playable {
  readonly laneId: LaneId;
  readonly transactionEntryId: EntryId;
  /** `linked`: one touch; `ambiguous`: several of the same tier and time, none chosen. */
  readonly state: "linked" | "ambiguous";
  readonly touchEntryId?: EntryId;
  readonly tier?: Tier;
  /** Every touch that stood in the window. */
  readonly candidateEntryIds: readonly EntryId[];
  /** The rule that decided, e.g. `lane-window/1`. */
  readonly rule: string;
}

/** The agent came up: the body of an `agent.started` entry. */
export interface AgentStartedEntry {
  readonly version: string;
  readonly retailStoreId: string;
}

/** What the ledger can hold, by kind. The kind is part of the wire (`type` of the CloudEvent). */
export interface EntryBodies {
  readonly transaction: TransactionEntry;
  readonly "transaction.repeat": RepeatEntry;
  readonly "transaction.amended": AmendedEntry;
  readonly touch: TouchEntry;
  readonly scan: ScanEntry;
  readonly "visit.started": VisitStartedEntry;
  readonly "visit.ended": VisitEndedEntry;
  readonly link: LinkEntry;
  readonly "agent.started": AgentStartedEntry;
}

/** Name of an entry kind. */
export type EntryKind = keyof EntryBodies;

/** Something to be recorded. */
export type Draft = {
  readonly [K in EntryKind]: {
    readonly id: EntryId;
    readonly kind: K;
    /** Idempotency key: of two drafts with one key the ledger keeps the first. */
    readonly key: string;
    readonly at: Instant;
    readonly data: EntryBodies[K];
  };
}[EntryKind];

/** Whether a person played what is to be recorded: not to be counted. */
export function isPlayed({ data }: Pick<Draft, "data">): boolean {
  return ("isTest" in data && data.isTest) ?? false;
}

/** A draft that has its place in the ledger. */
export type Entry = Draft & { readonly seq: Seq };

/** What the ledger did with a draft: `duplicate` names the entry that had the key first. */
export type Appended =
  | { readonly status: "recorded"; readonly entry: Entry }
  | { readonly status: "duplicate"; readonly entryId: EntryId; readonly seq: Seq };

/** An entry as it goes over the wire: encoded once when it was appended, the same bytes at every resend. */
export interface StoredEntry {
  readonly seq: Seq;
  readonly bytes: Uint8Array;
  /** Chain hash up to and including this entry. */
  readonly hash: Uint8Array;
}
