import { connectAsync } from "mqtt";
import { encodeAck } from "../../sync/protocol/ack.ts";
import { parseBatch } from "../../sync/protocol/batch.ts";
import { sameHash } from "../../sync/protocol/message.ts";
import { parseState } from "../../sync/protocol/state.ts";
import { topicsUnder } from "../../sync/protocol/topics.ts";
import { judge, type KnownEpoch } from "../../sync/receiver/judge.ts";

/**
 * The protocol's far end without a database, as a process of its own: verifies every batch as the receiver does, keeps the watermark
 * in memory, acknowledges. `acknowledger.ts URL PREFIX`; prints a line when it is ready.
 */
const [url = "", prefix = ""] = process.argv.slice(2);
const topics = topicsUnder(prefix);
const client = await connectAsync(url, { protocolVersion: 4 });
let known: KnownEpoch | undefined;

client.on("message", (topic, payload) => {
  const place = topics.parse(topic);
  if (place?.kind === "state") onState(payload);
  if (place?.kind === "batch") onBatch(place.agent, payload);
});
await client.subscribeAsync([topics.every("batch"), topics.every("state")], { qos: 1 });
process.stdout.write("ready\n");

function onState(payload: Buffer): void {
  const state = parseState(payload);
  if (!state.ok || state.value.state === "offline") return;
  const { epoch, agent } = state.value;
  if (known?.epoch !== epoch.epoch) known = { ...epoch, mark: { seq: epoch.firstSeq - 1, hash: epoch.baseHash } };
  acknowledge(agent, known, "ok");
}

function onBatch(agent: string, payload: Buffer): void {
  const batch = parseBatch(payload);
  if (!batch.ok || known === undefined) return;
  const judgement = judge(known, batch.value);
  if (judgement.type === "gap") return acknowledge(agent, known, "gap");
  const last = judgement.type === "fresh" ? judgement.entries.at(-1) : undefined;
  if (last !== undefined && sameHash(last.hash, batch.value.lastHash)) {
    // A copy: the entry's hash must not keep its whole batch in memory.
    known = { ...known, mark: { seq: last.seq, hash: Buffer.from(last.hash) } };
  }
  acknowledge(agent, known, "ok");
}

function acknowledge(agent: string, { epoch, mark }: KnownEpoch, status: "ok" | "gap"): void {
  const payload = Buffer.from(encodeAck({ status, epoch, ...mark }));
  client.publish(topics.of(agent, "ack"), payload, { qos: 1 });
}
