import { isCircumstance, isOfTables, type Sql } from "./database.ts";
import { projections } from "./projection.ts";

/** A run of stored entries. */
export interface EntryRange {
  readonly agent: string;
  readonly epoch: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/**
 * Derives rows from stored entries, inside the transaction that stores them. An entry whose data does not fit is flagged
 * `projection-failed` and stops nobody: the range is halved until the entry that is at fault stands alone.
 */
export async function project(sql: Sql, range: EntryRange, kinds: ReadonlySet<string>): Promise<void> {
  const wanted = [...projections].flatMap(([kind, statements]) => (kinds.has(kind) ? [statements] : []));
  if (wanted.length === 0 || (await attempt(sql, range, wanted.flat()))) return;
  for (const statements of wanted) await halve(sql, range, statements);
}

async function halve(sql: Sql, range: EntryRange, statements: readonly string[]): Promise<void> {
  if (await attempt(sql, range, statements)) return;
  const { firstSeq, lastSeq } = range;
  if (firstSeq === lastSeq) {
    await sql.query(
      "UPDATE entries SET flag = 'projection-failed' WHERE agent = $1 AND epoch = $2 AND seq = $3 AND flag IS NULL",
      [range.agent, range.epoch, firstSeq],
    );
    return;
  }
  const middle = Math.floor((firstSeq + lastSeq) / 2);
  await halve(sql, { ...range, lastSeq: middle }, statements);
  await halve(sql, { ...range, firstSeq: middle + 1 }, statements);
}

/** Runs statements behind a savepoint; false when the entries made one fail, and then nothing of it is kept. */
async function attempt(sql: Sql, range: EntryRange, statements: readonly string[]): Promise<boolean> {
  const parameters = [range.agent, range.epoch, range.firstSeq, range.lastSeq];
  await sql.script("SAVEPOINT projection");
  try {
    for (const statement of statements) await sql.query(statement, parameters);
  } catch (error) {
    if (isCircumstance(error) || isOfTables(error)) throw error;
    await sql.script("ROLLBACK TO SAVEPOINT projection; RELEASE SAVEPOINT projection");
    return false;
  }
  await sql.script("RELEASE SAVEPOINT projection");
  return true;
}
