/** What a person running the receiver should do, by error code. */
const hints = {
  RECEIVER_USAGE: "See `receiver --help`.",
  RECEIVER_RUNNING: "Stop the other receiver first, or give this one another folder or socket.",
  RECEIVER_NOT_RUNNING: "Start it with `scripts/receiver run`, or name its socket with --socket.",
  RECEIVER_SOCKET_PATH: "Give a shorter path with --socket: a Unix socket's path has at most 107 bytes.",
  RECEIVER_DATABASE: "Check that the database runs, and that its address, user and password are right.",
  RECEIVER_SCHEMA_NEWER: "This database was migrated by a newer version: run that version or a later one.",
  RECEIVER_SCHEMA_CHANGED:
    "A migration that was applied has been edited: restore the file, and add a new migration instead.",
  RECEIVER_SQL: "Correct the statement; it runs in a read-only transaction.",
  RECEIVER_FILE_UNREADABLE: "Check the path of the file and its read permission.",
} as const;

/** A stable error code of the receiver. */
export type ReceiverErrorCode = keyof typeof hints;

/** The base of every error the receiver throws: a stable `code`, what happened, and in `hint` what to do. */
export class ReceiverError extends Error {
  readonly code: ReceiverErrorCode;

  constructor(code: ReceiverErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReceiverError";
    this.code = code;
  }

  /** What to do about it, one sentence. */
  get hint(): string {
    return hints[this.code];
  }
}
