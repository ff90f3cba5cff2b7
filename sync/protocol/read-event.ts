import { isUtf8 } from "node:buffer";
import { parseObject, isMembers, type Members } from "./message.ts";
import { faulty, parsed, type Parsed } from "./parsed.ts";

/** An entry as the receiver reads it from its line. */
export interface ReceivedEvent {
  /** The line itself, as text. */
  readonly text: string;
  readonly id: string;
  /** `transaction` from `io.storeloop.transaction.v1`. */
  readonly kind: string;
  /** `idempotencykey`. */
  readonly key: string;
  /** `time` in milliseconds since 1970, within the years 1 to 9999. */
  readonly timeMs: number;
  readonly clockTrusted: boolean;
  /** `data` when it is a JSON object, else undefined. */
  readonly data: Members | undefined;
  /** All its members. */
  readonly members: Members;
}

const typePattern = /^io\.storeloop\.(.+)\.v1$/s;

/**
 * Reads one line of a batch as a storeloop event (PROTOCOL.md section 2). A type outside `io.storeloop.*.v1` is its own kind, so that an
 * event of a later version is stored under its full type name. Never throws; a fault means that the line is stored unread.
 */
export function readEvent(line: Uint8Array): Parsed<ReceivedEvent> {
  if (!isUtf8(line)) return faulty("NOT_UTF8", "event is not UTF-8");
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString("utf8");
  const members = parseObject(text);
  if (members === undefined) return faulty("NOT_JSON", "event is not a JSON object");
  const { id, type, idempotencykey: key, time, clocktrusted, data } = members;
  if (members["specversion"] !== "1.0") return faulty("WRONG_VERSION", "event is not CloudEvents 1.0");
  if (!isText(id)) return faulty("MEMBER_INVALID", "id");
  if (!isText(type)) return faulty("MEMBER_INVALID", "type");
  if (!isText(key)) return faulty("MEMBER_INVALID", "idempotencykey");
  const timeMs = parseTime(time);
  if (timeMs === undefined) return faulty("MEMBER_INVALID", "time");
  const kind = typePattern.exec(type)?.[1] ?? type;
  return parsed({
    text,
    id,
    kind,
    key,
    timeMs,
    clockTrusted: clocktrusted === true,
    data: isMembers(data) ? data : undefined,
    members,
  });
}

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

/** A leap second (RFC 3339, section 5.6), which neither JavaScript nor PostgreSQL counts. */
const leapSecond = /:60(?=[.Z+-])/i;

const firstMs = Date.parse("0001-01-01T00:00:00Z");
const lastMs = Date.parse("9999-12-31T23:59:59.999Z");

/** An RFC 3339 date-time, or undefined when it is none or lies outside the years that databases agree on. */
function parseTime(value: unknown): number | undefined {
  if (typeof value !== "string" || !timePattern.test(value)) return undefined;
  const ms = Date.parse(value.toUpperCase().replace(leapSecond, ":59"));
  return ms >= firstMs && ms <= lastMs ? ms : undefined;
}

/** Identifiers are no longer than this in UTF-16 units, so that any database can index them. */
const longestIdentifier = 512;

/** A string that any database can hold and index: not empty, not too long, no NUL, no half of a surrogate pair. */
function isText(value: unknown): value is string {
  if (typeof value !== "string" || value.length === 0 || value.length > longestIdentifier) return false;
  return !value.includes("\0") && value.isWellFormed();
}
