import { formatHash, isName, isPosition, parseHash, type Members } from "./message.ts";

/** Where an epoch begins: its first sequence number and the chain hash before it (PROTOCOL.md section 3). */
export interface WireEpoch {
  readonly epoch: string;
  readonly firstSeq: number;
  readonly baseHash: Uint8Array;
}

/** A place in an agent's ledger with the chain hash there; seq 0 is before the first entry. */
export interface WirePosition {
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** The members that state an epoch, in a batch header and in a birth. */
export function epochMembers(start: WireEpoch): { epoch: string; epochFirstSeq: number; epochBaseHash: string } {
  return { epoch: start.epoch, epochFirstSeq: start.firstSeq, epochBaseHash: formatHash(start.baseHash) };
}

/** Reads the members that state an epoch, or undefined when one is missing or wrong. */
export function readEpoch(members: Members): WireEpoch | undefined {
  const { epoch, epochFirstSeq, epochBaseHash } = members;
  const baseHash = parseHash(epochBaseHash);
  if (!isName(epoch) || !isPosition(epochFirstSeq, 1) || baseHash === undefined) return undefined;
  return { epoch, firstSeq: epochFirstSeq, baseHash };
}

/** Reads a position from its two members, or undefined when one is missing or wrong. */
export function readPosition(seq: unknown, hash: unknown): WirePosition | undefined {
  const bytes = parseHash(hash);
  return isPosition(seq, 0) && bytes !== undefined ? { seq, hash: bytes } : undefined;
}
