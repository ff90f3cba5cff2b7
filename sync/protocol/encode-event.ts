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
  return Buffer.from(eventText(entry, source), "utf8");
}

/** The event of {@link encodeEvent} as text. */
export function eventText(entry: EventEntry, source: string): string {
  const { id, seq, kind, key, at, data } = entry;
  if (source !== lastNames.source || kind !== lastNames.kind || at.bootId !== lastNames.bootId) {
    lastNames = namesOf(source, kind, at.bootId);
  }
  // Written out, because one JSON.stringify of the whole takes twice as long; only what may need escaping goes through it.
  return (
    `{"specversion":"1.0","id":"${escaped(id)}${lastNames.text}${rfc3339(at.wallMs)}` +
    // A string, because an Integer attribute of CloudEvents has 32 bits (section 3.1, type system).
    `","datacontenttype":"application/json","sequence":"${seq}"` +
    `,"idempotencykey":"${escaped(key)}"${lastNames.boot},"monotonicms":"${at.monotonicMs}"` +
    `,"clocktrusted":${at.trusted},"data":${JSON.stringify(data ?? null)}}`
  );
}

/** What JSON (RFC 8259, section 7) writes as it is: printable ASCII but for the quotation mark and the backslash. */
const unescaped = /^[ !#-[\]-~]*$/;

function escaped(text: string): string {
  return unescaped.test(text) ? text : JSON.stringify(text).slice(1, -1);
}

/** The `source` attribute of an agent's events. */
export function eventSource(agentId: string): string {
  return `/storeloop/${agentId}`;
}

/** The names written last, as they stand in the event: they seldom change, and looking for what to escape in them takes time. */
let lastNames = namesOf("", "", "");

function namesOf(source: string, kind: string, bootId: string) {
  const text = `","source":"${escaped(source)}","type":"io.storeloop.${escaped(kind)}.v1","time":"`;
  return { source, kind, bootId, text, boot: `,"bootid":"${escaped(bootId)}"` };
}

/** The second written last: events come in bursts, and the calendar is a tenth of the work of encoding one. */
let lastSecond = { ms: 0, text: "1970-01-01T00:00:00" };

function rfc3339(wallMs: number): string {
  const writable = Number.isNaN(wallMs) ? 0 : Math.floor(Math.min(Math.max(wallMs, 0), lastWritableMs));
  const fraction = writable % 1000;
  const ms = writable - fraction;
  if (ms !== lastSecond.ms)
    lastSecond = { ms, text: new Date(ms).toISOString().slice(0, "1970-01-01T00:00:00".length) };
  return `${lastSecond.text}.${String(1000 + fraction).slice(1)}Z`;
}
