import { chainHash } from "./chain.ts";
import { epochMembers, readEpoch, type WireEpoch } from "./epoch.ts";
import { formatHash, isName, isPosition, parseHash, parseMessage, protocolVersion, sameHash } from "./message.ts";
import { faulty, parsed, type Parsed } from "./parsed.ts";

/** A batch payload is never longer than this, in bytes; a receiver refuses a longer one without reading it. */
const maxBatchBytes = 16 * 1024 * 1024;

/** A batch never holds more entries than this. */
const maxBatchEntries = 10_000;

/** What a batch says of its entries (PROTOCOL.md section 4). */
export interface BatchHeader {
  readonly agent: string;
  readonly epoch: WireEpoch;
  readonly firstSeq: number;
  readonly count: number;
  /** Chain hash before the first entry. */
  readonly previousHash: Uint8Array;
  /** Chain hash up to and including the last entry. */
  readonly lastHash: Uint8Array;
}

/** An entry that came in a batch, with its place and the chain hash there, computed from the bytes. */
export interface BatchEntry {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** A batch whose count and hashes have been found to hold together. */
export interface ReceivedBatch extends BatchHeader {
  /** At least one, consecutive. */
  readonly entries: readonly BatchEntry[];
}

const lineFeed = 0x0a;
const separator = Uint8Array.of(lineFeed);

/**
 * Encodes a batch: a header line and one line an event, each ended by a line feed (PROTOCOL.md section 4). `lines` are entries as
 * they were encoded at append, consecutive from `firstSeq`; `lastHash` is the hash the ledger keeps for the last of them.
 */
export function encodeBatch(header: Omit<BatchHeader, "count">, lines: readonly Uint8Array[]): Uint8Array {
  const first = JSON.stringify({
    storeloop: protocolVersion,
    agent: header.agent,
    ...epochMembers(header.epoch),
    firstSeq: header.firstSeq,
    count: lines.length,
    previousHash: formatHash(header.previousHash),
    lastHash: formatHash(header.lastHash),
  });
  return Buffer.concat([Buffer.from(first), separator, ...lines.flatMap((line) => [line, separator])]);
}

/**
 * Reads a batch and verifies it in itself: version, sizes, number of lines, and that the chain from `previousHash` over the entries
 * ends in `lastHash`. Whether it continues what the reader has is for the reader to see. Never throws; entries are views of `payload`.
 */
export function parseBatch(payload: Uint8Array): Parsed<ReceivedBatch> {
  if (payload.length > maxBatchBytes) return faulty("TOO_LARGE", `batch of ${payload.length} bytes`);
  const headerEnd = payload.indexOf(lineFeed);
  if (headerEnd < 0) return faulty("LINE_COUNT", "no header line");
  const header = parseHeader(payload.subarray(0, headerEnd));
  if (!header.ok) return header;
  const lines = splitLines(payload, headerEnd + 1, header.value.count);
  if (lines === undefined) return faulty("LINE_COUNT", `not ${header.value.count} lines after the header`);
  const entries = chain(header.value, lines);
  const last = entries.at(-1);
  if (last === undefined || !sameHash(last.hash, header.value.lastHash)) return faulty("HASH_MISMATCH", "lastHash");
  return parsed({ ...header.value, entries });
}

function parseHeader(line: Uint8Array): Parsed<BatchHeader> {
  const message = parseMessage(line);
  if (!message.ok) return message;
  const { agent, firstSeq, count } = message.value;
  const epoch = readEpoch(message.value);
  const previousHash = parseHash(message.value["previousHash"]);
  const lastHash = parseHash(message.value["lastHash"]);
  if (!isName(agent)) return faulty("MEMBER_INVALID", "agent");
  if (epoch === undefined) return faulty("MEMBER_INVALID", "epoch");
  if (!isPosition(count, 1) || count > maxBatchEntries) return faulty("MEMBER_INVALID", "count");
  if (!isPosition(firstSeq, epoch.firstSeq) || !isPosition(firstSeq + count, 1)) {
    return faulty("MEMBER_INVALID", "firstSeq");
  }
  if (previousHash === undefined || lastHash === undefined) return faulty("MEMBER_INVALID", "hash");
  return parsed({ agent, epoch, firstSeq, count, previousHash, lastHash });
}

/** The lines from `start` to the end, each ended by a line feed, or undefined when there are not exactly `count`. */
function splitLines(payload: Uint8Array, start: number, count: number): readonly Uint8Array[] | undefined {
  const lines: Uint8Array[] = [];
  let from = start;
  while (from < payload.length && lines.length < count) {
    const end = payload.indexOf(lineFeed, from);
    if (end < 0) return undefined;
    lines.push(payload.subarray(from, end));
    from = end + 1;
  }
  return lines.length === count && from === payload.length ? lines : undefined;
}

function chain(header: BatchHeader, lines: readonly Uint8Array[]): readonly BatchEntry[] {
  let hash = header.previousHash;
  return lines.map((bytes, index) => {
    hash = chainHash(hash, bytes);
    return { seq: header.firstSeq + index, bytes, hash };
  });
}
