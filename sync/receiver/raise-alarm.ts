import type { Sql } from "./database.ts";

/** What people must look at; docs/cloud.md says what each asks for. */
export type AlarmKind = "fork" | "epoch-begun" | "epoch-hole" | "batch-refused";

/** Writes an alarm, or counts one that is there already. */
export async function raiseAlarm(
  sql: Sql,
  agent: string,
  epoch: string,
  kind: AlarmKind,
  detail: string,
): Promise<void> {
  await sql.query(
    `INSERT INTO alarms (agent, epoch, kind, detail) VALUES ($1, $2, $3, $4)
     ON CONFLICT (agent, epoch, kind) DO UPDATE
     SET detail = excluded.detail, occurrences = alarms.occurrences + 1, last_at = now()`,
    [agent, epoch, kind, detail],
  );
}
