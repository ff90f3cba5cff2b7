import { isUtf8 } from "node:buffer";
import { faulty, parsed, type Parsed } from "./parsed.ts";

/** The version of this protocol, the `storeloop` member of every message (PROTOCOL.md section 1). */
export const protocolVersion = 1;

/** A control message (acknowledgement, state, batch header) is never longer than this, in bytes. */
const maxMessageBytes = 4096;

/** A JSON object whose members have not been looked at yet. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a control message: one JSON object of at most {@link maxMessageBytes} with `"storeloop": 1`. Members it does not know are
 * ignored by every reader, so that a later minor revision may add some (PROTOCOL.md section 1).
 */
export function parseMessage(payload: Uint8Array): Parsed<Members> {
  if (payload.length > maxMessageBytes) return faulty("TOO_LARGE", `message of ${payload.length} bytes`);
  if (!isUtf8(payload)) return faulty("NOT_UTF8", "message is not UTF-8");
  const members = parseObject(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString("utf8"));
  if (members === undefined) return faulty("NOT_JSON", "message is not a JSON object");
  if (members["storeloop"] !== protocolVersion) return faulty("WRONG_VERSION", "message is not of protocol version 1");
  return parsed(members);
}

/** A JSON object from its text, or undefined when the text is no JSON or no object. */
export function parseObject(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a JSON value is an object. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A position in a ledger: a whole number from `least` up, exact in a double. */
export function isPosition(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && typeof value === "number" && value >= least;
}

const hashPattern = /^[0-9a-f]{64}$/;

/** A chain hash from 64 lower-case hexadecimal digits, or undefined. */
export function parseHash(value: unknown): Uint8Array | undefined {
  return typeof value === "string" && hashPattern.test(value) ? Buffer.from(value, "hex") : undefined;
}

/** A chain hash as 64 lower-case hexadecimal digits. */
export function formatHash(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString("hex");
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether a string can name an agent or an epoch: 1 to 64 of `A-Z a-z 0-9 . _ -`, the first a letter or digit. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && namePattern.test(value);
}

/** Whether two chain hashes are the same. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
