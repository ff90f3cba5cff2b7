import { ReceiverError } from "./receiver-error.ts";

/** A row by column name. Whole numbers are numbers while they are exact, dates and times are text as PostgreSQL writes them. */
export type Row = Readonly<Record<string, unknown>>;

/** The answer to a query with its columns in order, for showing to people. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** SQL inside one transaction. Parameters are `$1`, `$2` ... */
export interface Sql {
  query(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** Runs a script of several statements, without parameters or answers. */
  script(text: string): Promise<void>;
}

/** `prompt`: a statement that takes longer than a minute fails. `patient`: it takes as long as it needs. */
export type Haste = "prompt" | "patient";

/** The receiver's database: PostgreSQL 15 or later, or PGlite, which understands the same SQL. */
export interface Database extends AsyncDisposable {
  readonly kind: "postgres" | "pglite";
  /** How many transactions can run at a time. */
  readonly concurrency: number;
  /** Runs work in a transaction; resolves after its COMMIT, rejects when nothing of it was kept or when that is unknown. */
  transaction<T>(work: (sql: Sql) => Promise<T>, haste?: Haste): Promise<T>;
  /** Runs one statement in a READ ONLY transaction. Rejects with `RECEIVER_SQL` when the answer is larger than may be held. */
  readOnly(statement: string): Promise<Table>;
}

/** How large an answer to people may be, in characters, about: the process that holds it has sales to store. */
export const largestAnswer = 64 * 1024 * 1024;

/** What a row counts against {@link largestAnswer}. */
export function sizeOf(row: readonly unknown[]): number {
  const long = (value: unknown): number =>
    typeof value === "string" || value instanceof Uint8Array ? value.length : JSON.stringify(value ?? null).length;
  return row.reduce((size: number, value) => size + 16 + long(value), 0);
}

/** The error for an answer beyond {@link largestAnswer}. */
export function tooLarge(): ReceiverError {
  return new ReceiverError("RECEIVER_SQL", "the answer is too large: add a LIMIT, or ask the database itself");
}

/** SQLSTATE of an error the database reported (PostgreSQL documentation, appendix A), or undefined when it never answered. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  // No class begins with E, and the network's EPIPE has five letters too.
  return typeof error.code === "string" && /^(?!E)[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** Classes that speak of the server, the connection or the transaction and never of the rows being written. */
const circumstance: readonly string[] = ["08", "25", "2D", "40", "53", "55", "57", "58", "F0"];

/** Whether an error comes from the circumstances (an outage, a conflict) rather than from the statement and its rows. */
export function isCircumstance(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || circumstance.includes(state.slice(0, 2));
}

/**
 * Whether an error says that the tables are not what the migrations made, or may not be written, or are damaged (classes 42 and XX). What
 * was to be stored has no part in it, so it waits until somebody has seen to the database.
 */
export function isOfTables(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && (state.startsWith("42") || state === "XX001" || state === "XX002");
}

/**
 * Whether a circumstance concerns this transaction alone, as far as can be seen: another one was in its way, or it took too long. A lock
 * that somebody holds for hours must not stop those who do not need it.
 */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && (state.startsWith("40") || state === "55P03" || state === "57014");
}
