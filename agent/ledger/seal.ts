import type { Draft, Entry } from "../core/entry.ts";
import type { Seq } from "../core/ids.ts";

/** An entry as bytes, and the chain hash after it. */
export interface Sealed {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/**
 * How an entry becomes bytes and how the bytes are chained. Supplied by the composition root from `sync/protocol`, because the bytes
 * are the wire's: encoded once when appended, and sent as they are.
 */
export interface Seal {
  /** Encodes a draft at its place. The same draft and place give the same bytes. */
  encode(draft: Draft, seq: Seq): Uint8Array;
  /**
   * Answers what encodes and chains entries that follow one another, the first of them after the hash `previous`. Beginning another such
   * run overwrites what this one gave.
   */
  chainFrom(previous: Uint8Array): (entry: Entry) => Sealed;
  /** Reads back what {@link encode} made. */
  decode(bytes: Uint8Array): Draft;
  /** The chain hash after these bytes. */
  chain(previous: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** The hash before the first entry of all. */
  readonly genesis: Uint8Array;
}
