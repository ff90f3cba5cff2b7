import type { WireAck } from "../protocol/ack.ts";
import type { BatchEntry, ReceivedBatch } from "../protocol/batch.ts";
import type { WirePosition } from "../protocol/epoch.ts";
import { sameHash } from "../protocol/message.ts";
import type { WireState } from "../protocol/state.ts";
import type { Database, Sql } from "./database.ts";
import { lockOrBeginEpoch, moveMark } from "./epoch-table.ts";
import { insertEntries } from "./insert-entries.ts";
import { judge, type KnownEpoch } from "./judge.ts";
import { project } from "./project.ts";
import { raiseAlarm } from "./raise-alarm.ts";

/** What became of a run of batches while judging them. */
interface Verdict {
  readonly mark: WirePosition;
  readonly fresh: readonly BatchEntry[];
  readonly fork: string | undefined;
  /** Whether a batch was passed over that began too far on, and nothing after it filled its place. */
  readonly gap: boolean;
}

/**
 * The durable end of the protocol (PROTOCOL.md section 9): judges, stores and derives in one transaction. Every method resolves after
 * the commit, so that its answer may be sent as an acknowledgement, and may be called again after a failure or a kill.
 */
export class EntryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Takes batches of one epoch of an agent in the order they came. Rejects when the database does, and then nothing is stored. */
  async accept(agent: string, batches: readonly [ReceivedBatch, ...ReceivedBatch[]]): Promise<WireAck> {
    const { epoch } = batches[0].epoch;
    return await this.#database.transaction(async (sql) => {
      const known = await lockOrBeginEpoch(sql, agent, batches[0].epoch);
      const { mark, fresh, fork, gap } = await judgeAll(sql, agent, known, batches);
      if (fresh.length > 0) await store(sql, agent, epoch, fresh, mark);
      if (fork !== undefined) {
        await raiseAlarm(sql, agent, epoch, "fork", fork);
        return { status: "fork", epoch, ...mark };
      }
      return { status: gap ? "gap" : "ok", epoch, ...mark };
    });
  }

  /** Notes what an agent says of itself; answers a birth with the watermark of its epoch. */
  async heard(state: WireState, retained: boolean): Promise<WireAck | undefined> {
    return await this.#database.transaction(async (sql) => {
      await noteState(sql, state, retained);
      if (state.state === "offline") return undefined;
      const known = await lockOrBeginEpoch(sql, state.agent, state.epoch);
      // A retained birth means that the receiver has just come, and may have missed what was sent before.
      return { status: retained ? "gap" : "ok", epoch: known.epoch, ...known.mark };
    });
  }

  /** Notes that an agent sent something that cannot be read. */
  async refused(agent: string, detail: string): Promise<void> {
    await this.#database.transaction((sql) => raiseAlarm(sql, agent, "", "batch-refused", detail));
  }
}

async function judgeAll(
  sql: Sql,
  agent: string,
  known: KnownEpoch,
  batches: readonly ReceivedBatch[],
): Promise<Verdict> {
  const fresh: BatchEntry[] = [];
  let mark = known.mark;
  let passedOver = 0;
  for (const batch of batches) {
    const judgement = judge({ ...known, mark }, batch);
    if (judgement.type === "fork") return { mark, fresh, fork: judgement.why, gap: false };
    if (judgement.type === "older" && !(await agrees(sql, agent, known.epoch, judgement.last, fresh))) {
      return { mark, fresh, fork: `contents differ at or before entry ${judgement.last.seq}`, gap: false };
    }
    if (judgement.type === "gap") passedOver = Math.max(passedOver, batch.firstSeq + batch.count - 1);
    if (judgement.type === "fresh") {
      fresh.push(...judgement.entries);
      mark = fresh.at(-1) ?? mark;
    }
  }
  return { mark: { seq: mark.seq, hash: mark.hash }, fresh, fork: undefined, gap: passedOver > mark.seq };
}

/** Whether an entry before the watermark, stored or about to be, has this hash. One that was deleted by hand cannot disagree. */
async function agrees(
  sql: Sql,
  agent: string,
  epoch: string,
  last: WirePosition,
  fresh: readonly BatchEntry[],
): Promise<boolean> {
  const coming = fresh.find((entry) => entry.seq === last.seq);
  if (coming !== undefined) return sameHash(coming.hash, last.hash);
  const [row] = await sql.query("SELECT hash FROM entries WHERE agent = $1 AND epoch = $2 AND seq = $3", [
    agent,
    epoch,
    last.seq,
  ]);
  const hash = row?.["hash"];
  return !(hash instanceof Uint8Array) || sameHash(hash, last.hash);
}

async function store(
  sql: Sql,
  agent: string,
  epoch: string,
  fresh: readonly BatchEntry[],
  mark: WirePosition,
): Promise<void> {
  const kinds = await insertEntries(sql, agent, epoch, fresh);
  const range = { agent, epoch, firstSeq: mark.seq - fresh.length + 1, lastSeq: mark.seq };
  await project(sql, range, kinds);
  await moveMark(sql, agent, epoch, mark);
}

/** A retained state is no news of when: it is told again at every connection of the receiver. */
async function noteState(sql: Sql, state: WireState, retained: boolean): Promise<void> {
  const birth = state.state === "online" ? state : undefined;
  await sql.query(
    `INSERT INTO agents (agent, state, agent_version, epoch, head_seq) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (agent) DO UPDATE SET
       state = excluded.state,
       agent_version = coalesce(excluded.agent_version, agents.agent_version),
       epoch = coalesce(excluded.epoch, agents.epoch),
       head_seq = coalesce(excluded.head_seq, agents.head_seq),
       state_at = CASE WHEN $6 AND agents.state = excluded.state THEN agents.state_at ELSE now() END`,
    [
      state.agent,
      state.state,
      birth?.agentVersion.replaceAll("\0", "") ?? null,
      birth?.epoch.epoch ?? null,
      birth?.headSeq ?? null,
      retained,
    ],
  );
}
