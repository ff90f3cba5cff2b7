import { catalogue, type ErrorCode } from "./error-catalogue.ts";

/** Language of texts for technicians. */
export type Locale = "zh-CN" | "en";

/**
 * The base of every error storeloop throws. `code` is stable and documented; `message` says what happened with its particulars;
 * `hint` says in one sentence what a technician should do; `cause` is the error underneath.
 */
export class StoreloopError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreloopError";
    this.code = code;
  }

  /** What to do, in the given language. */
  hint(locale: Locale): string {
    return hintOf(this.code, locale);
  }
}

/** What to do about an error code, in the given language. */
export function hintOf(code: ErrorCode, locale: Locale): string {
  return catalogue[code][locale];
}

/** Whether something that came from elsewhere, such as a health or an answer of the daemon, is an error code of this version. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(catalogue, code);
}

/** The stable code of anything caught: a storeloop error's own, else `UNEXPECTED`. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof StoreloopError ? error.code : "UNEXPECTED";
}
