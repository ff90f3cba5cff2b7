/** Why bytes from the other end were not understood. */
export type FaultCode =
  "TOO_LARGE" | "NOT_UTF8" | "NOT_JSON" | "WRONG_VERSION" | "MEMBER_INVALID" | "LINE_COUNT" | "HASH_MISMATCH";

/** A fault as a value: what the other end sends never makes a parser throw. */
export interface Fault {
  readonly code: FaultCode;
  /** What was wrong, for a log. Holds no part of an entry's content. */
  readonly detail: string;
}

/** What a parser of this protocol answers. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** A successful answer. */
export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** A fault as an answer. */
export function faulty(code: FaultCode, detail: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, detail } };
}
