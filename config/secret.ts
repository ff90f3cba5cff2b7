import { inspect } from "node:util";

/** Where a secret was read from: never the secret itself, so it may be shown. */
export interface SecretOrigin {
  readonly kind: "file" | "env";
  /** Absolute path of the file, or name of the environment variable. */
  readonly name: string;
}

/**
 * A value that must not be printed. Turned into text, JSON or a debugger's view it reads `[redacted]`; only {@link Secret.reveal}
 * gives it away, so that every use of a secret can be found by that word.
 */
export class Secret {
  readonly origin: SecretOrigin;
  readonly #value: string;

  constructor(value: string, origin: SecretOrigin) {
    this.#value = value;
    this.origin = origin;
  }

  /** The secret as text. Not to be logged. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }

  [inspect.custom](): string {
    return "[redacted]";
  }
}
