import type { Draft } from "./core/entry.ts";
import type { Seal } from "./ledger/seal.ts";
import { chainHash, genesisHash } from "../sync/protocol/chain.ts";
import { ChainWriter } from "../sync/protocol/chain-writer.ts";
import { encodeEvent, eventSource, eventText } from "../sync/protocol/encode-event.ts";

/** The CloudEvent as {@link encodeEvent} writes it. */
interface EventJson {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly idempotencykey: string;
  readonly bootid: string;
  readonly monotonicms: string;
  readonly clocktrusted: boolean;
  readonly data: unknown;
}

/** Joins the ledger to the wire: entries are stored as the bytes that are shipped (sync/protocol/PROTOCOL.md, sections 2 and 3). */
export function entrySeal(agentId: string): Seal {
  const source = eventSource(agentId);
  const writer = new ChainWriter();
  return {
    encode: (draft, seq) => encodeEvent({ ...draft, seq }, source),
    chainFrom: (previous) => {
      writer.begin(previous);
      return (entry) => writer.append(eventText(entry, source));
    },
    decode,
    chain: chainHash,
    genesis: genesisHash,
  };
}

function decode(bytes: Uint8Array): Draft {
  const event = JSON.parse(Buffer.from(bytes).toString("utf8")) as EventJson;
  const draft = {
    id: event.id,
    kind: event.type.slice("io.storeloop.".length, -".v1".length),
    key: event.idempotencykey,
    at: {
      wallMs: Date.parse(event.time),
      monotonicMs: Number(event.monotonicms),
      bootId: event.bootid,
      trusted: event.clocktrusted,
    },
    data: event.data,
  };
  // Our own bytes, proved by the hash chain: what encode was given.
  return draft as Draft;
}
