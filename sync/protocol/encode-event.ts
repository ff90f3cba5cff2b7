/** A ledger entry as this module needs it; the agent's `Entry` fits. */
export interface EventEntry {
  readonly id: string;
  readonly seq: number;
  readonly kind: string;
  /** Idempotency key. */
  readonly key: string;
  readonly at: {
    readonly wallMs: number;
    readonly monotonicMs: number;
    readonly bootId: string;
    readonly trusted: boolean;
  };
  readonly data: unknown;
}

/** The last millisecond RFC 3339 can write: the end of the year 9999. */
const lastWritableMs = 253_402_300_799_999;

/**
 * Encodes a ledger entry as one CloudEvents 1.0 event in structured JSON mode (CloudEvents JSON format 1.0, section 3), in UTF-8, on
 * one line without a line feed (PROTOCOL.md section 2). The agent calls it once, when the entry is appended; what is shipped are
 * these bytes. A wall clock outside the years 1970 to 9999 is moved to the nearest end, because `time` must be RFC 3339.
 */
export function encodeEvent(entry: EventEntry, source: string): Uint8Array {
  const event = {
    specversion: "1.0",
    id: entry.id,
    source,
    type: `io.storeloop.${entry.kind}.v1`,
    time: rfc3339(entry.at.wallMs),
    datacontenttype: "application/json",
    sequence: String(entry.seq),
    idempotencykey: entry.key,
    bootid: entry.at.bootId,
    // A string, because an Integer attribute of CloudEvents has 32 bits (section 3.1, type system).
    monotonicms: String(entry.at.monotonicMs),
    clocktrusted: entry.at.trusted,
    data: entry.data ?? null,
  };
  return Buffer.from(JSON.stringify(event), "utf8");
}

/** The `source` attribute of an agent's events. */
export function eventSource(agentId: string): string {
  return `/storeloop/${agentId}`;
}

function rfc3339(wallMs: number): string {
  const writable = Number.isNaN(wallMs) ? 0 : Math.min(Math.max(wallMs, 0), lastWritableMs);
  return new Date(writable).toISOString();
}
