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

/** The receiver's database: PostgreSQL 15 or later, or PGlite, which understands the same SQL. */
export interface Database extends AsyncDisposable {
  readonly kind: "postgres" | "pglite";
  /** How many transactions can run at a time. */
  readonly concurrency: number;
  /** Runs work in a transaction; resolves after its COMMIT, rejects when nothing of it was kept or when that is unknown. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs one statement in a READ ONLY transaction. */
  readOnly(statement: string): Promise<Table>;
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
