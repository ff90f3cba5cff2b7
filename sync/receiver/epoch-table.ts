import type { WireEpoch, WirePosition } from "../protocol/epoch.ts";
import type { Row, Sql } from "./database.ts";
import type { KnownEpoch } from "./judge.ts";
import { raiseAlarm } from "./raise-alarm.ts";

/** The epoch as stored, locked until the transaction ends, so that two receivers on one database take turns. */
async function lockEpoch(sql: Sql, agent: string, epoch: string): Promise<KnownEpoch | undefined> {
  const [row] = await sql.query(
    "SELECT epoch, first_seq, base_hash, seq, hash FROM epochs WHERE agent = $1 AND epoch = $2 FOR UPDATE",
    [agent, epoch],
  );
  return row === undefined ? undefined : knownEpoch(row);
}

/** The epoch as stored and locked; begun with nothing stored when it was not known (PROTOCOL.md section 9). */
export async function lockOrBeginEpoch(sql: Sql, agent: string, start: WireEpoch): Promise<KnownEpoch> {
  const known = await lockEpoch(sql, agent, start.epoch);
  if (known !== undefined) return known;
  await sql.query(
    `INSERT INTO epochs (agent, epoch, first_seq, base_hash, seq, hash)
     VALUES ($1, $2, $3, decode($4, 'hex'), $5, decode($4, 'hex')) ON CONFLICT DO NOTHING`,
    [agent, start.epoch, start.firstSeq, Buffer.from(start.baseHash).toString("hex"), start.firstSeq - 1],
  );
  if (start.firstSeq > 1) await tellBegun(sql, agent, start);
  else await tellAnew(sql, agent, start);
  // Another receiver may have begun it first; then its row counts.
  const begun = await lockEpoch(sql, agent, start.epoch);
  return begun ?? { ...start, mark: { seq: start.firstSeq - 1, hash: start.baseHash } };
}

/** Moves the watermark of a locked epoch. */
export async function moveMark(sql: Sql, agent: string, epoch: string, mark: WirePosition): Promise<void> {
  await sql.query(
    "UPDATE epochs SET seq = $3, hash = decode($4, 'hex'), advanced_at = now() WHERE agent = $1 AND epoch = $2",
    [agent, epoch, mark.seq, Buffer.from(mark.hash).toString("hex")],
  );
}

/** An epoch that does not begin with the ledger is news; one that does not join on to anything stored is a hole. */
async function tellBegun(sql: Sql, agent: string, start: WireEpoch): Promise<void> {
  const base = [agent, start.firstSeq - 1, Buffer.from(start.baseHash).toString("hex")];
  const joined = await sql.query(
    `SELECT FROM entries WHERE agent = $1 AND seq = $2 AND hash = decode($3, 'hex')
     UNION ALL
     SELECT FROM epochs WHERE agent = $1 AND first_seq = $2::bigint + 1 AND base_hash = decode($3, 'hex') AND epoch <> $4
     LIMIT 1`,
    [...base, start.epoch],
  );
  await raiseAlarm(sql, agent, start.epoch, "epoch-begun", `from entry ${start.firstSeq}`);
  if (joined.length === 0) {
    await raiseAlarm(sql, agent, start.epoch, "epoch-hole", `what comes before entry ${start.firstSeq} is not here`);
  }
}

/** A ledger that begins anew is news when the agent had one: what that had and did not send may be lost. */
async function tellAnew(sql: Sql, agent: string, start: WireEpoch): Promise<void> {
  const [before] = await sql.query(
    "SELECT epoch, seq FROM epochs WHERE agent = $1 AND epoch <> $2 ORDER BY advanced_at DESC LIMIT 1",
    [agent, start.epoch],
  );
  if (before === undefined) return;
  const detail = `from entry 1, after entry ${String(before["seq"])} of epoch ${String(before["epoch"])}`;
  await raiseAlarm(sql, agent, start.epoch, "epoch-begun", detail);
}

function knownEpoch(row: Row): KnownEpoch {
  const { epoch, first_seq: firstSeq, base_hash: baseHash, seq, hash } = row;
  if (typeof epoch !== "string" || typeof firstSeq !== "number" || typeof seq !== "number") throw strange();
  if (!(baseHash instanceof Uint8Array) || !(hash instanceof Uint8Array)) throw strange();
  return { epoch, firstSeq, baseHash: Buffer.from(baseHash), mark: { seq, hash: Buffer.from(hash) } };
}

const strange = (): TypeError =>
  new TypeError("a row of epochs has columns of other types than the migrations gave it");
