import { epochMembers, readEpoch, readPosition, type WireEpoch, type WirePosition } from "./epoch.ts";
import { formatHash, isName, isPosition, parseMessage, protocolVersion, type Members } from "./message.ts";
import { faulty, parsed, type Parsed } from "./parsed.ts";

/** An agent says that it is there, and where its ledger stands (PROTOCOL.md section 6). */
export interface WireBirth {
  readonly state: "online";
  readonly agent: string;
  readonly agentVersion: string;
  readonly epoch: WireEpoch;
  /** Last sequence number in the ledger. */
  readonly headSeq: number;
  readonly watermark: WirePosition;
}

/** An agent has gone: its last will, or its farewell. */
export interface WireOffline {
  readonly state: "offline";
  readonly agent: string;
}

/** The retained message on an agent's state topic. */
export type WireState = WireBirth | WireOffline;

/** Encodes an agent's state (PROTOCOL.md section 6). */
export function encodeState(state: WireState): Uint8Array {
  return Buffer.from(JSON.stringify({ storeloop: protocolVersion, ...stateMembers(state) }));
}

function stateMembers(state: WireState): Members {
  if (state.state === "offline") return { state: state.state, agent: state.agent };
  return {
    state: state.state,
    agent: state.agent,
    agentVersion: state.agentVersion,
    ...epochMembers(state.epoch),
    headSeq: state.headSeq,
    watermarkSeq: state.watermark.seq,
    watermarkHash: formatHash(state.watermark.hash),
  };
}

/** Reads an agent's state. Never throws. */
export function parseState(payload: Uint8Array): Parsed<WireState> {
  const message = parseMessage(payload);
  if (!message.ok) return message;
  const { state, agent } = message.value;
  if (!isName(agent)) return faulty("MEMBER_INVALID", "agent");
  if (state === "offline") return parsed({ state, agent });
  if (state === "online") return parseBirth(message.value, agent);
  return faulty("MEMBER_INVALID", "state");
}

function parseBirth(members: Members, agent: string): Parsed<WireBirth> {
  const { agentVersion, headSeq, watermarkSeq, watermarkHash } = members;
  const epoch = readEpoch(members);
  const watermark = readPosition(watermarkSeq, watermarkHash);
  if (typeof agentVersion !== "string") return faulty("MEMBER_INVALID", "agentVersion");
  if (epoch === undefined) return faulty("MEMBER_INVALID", "epoch");
  if (!isPosition(headSeq, 0)) return faulty("MEMBER_INVALID", "headSeq");
  if (watermark === undefined) return faulty("MEMBER_INVALID", "watermark");
  return parsed({ state: "online", agent, agentVersion, epoch, headSeq, watermark });
}
