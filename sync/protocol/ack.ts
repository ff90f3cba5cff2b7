import { readPosition, type WirePosition } from "./epoch.ts";
import { formatHash, isName, parseMessage, protocolVersion } from "./message.ts";
import { faulty, parsed, type Parsed } from "./parsed.ts";

/** `ok`: stored up to here; `gap`: resume after here; `fork`: contents disagree, begin a new epoch (PROTOCOL.md section 5). */
export type AckStatus = "ok" | "gap" | "fork";

/** The receiver's durable, contiguous watermark in one epoch of an agent. */
export interface WireAck extends WirePosition {
  readonly status: AckStatus;
  readonly epoch: string;
}

/** Encodes an acknowledgement (PROTOCOL.md section 5). */
export function encodeAck(ack: WireAck): Uint8Array {
  const { status, epoch, seq, hash } = ack;
  return Buffer.from(JSON.stringify({ storeloop: protocolVersion, status, epoch, seq, hash: formatHash(hash) }));
}

/** Reads an acknowledgement. Never throws. */
export function parseAck(payload: Uint8Array): Parsed<WireAck> {
  const message = parseMessage(payload);
  if (!message.ok) return message;
  const { status, epoch, seq, hash } = message.value;
  const position = readPosition(seq, hash);
  if (status !== "ok" && status !== "gap" && status !== "fork") return faulty("MEMBER_INVALID", "status");
  if (!isName(epoch)) return faulty("MEMBER_INVALID", "epoch");
  if (position === undefined) return faulty("MEMBER_INVALID", "seq or hash");
  return parsed({ status, epoch, ...position });
}
