import { hash } from "node:crypto";

/** The chain's hash before the first entry of a fresh ledger: 32 zero bytes (PROTOCOL.md section 3). */
export const genesisHash: Uint8Array = new Uint8Array(32);

/** Where what is hashed is put together; longer entries get memory of their own. */
const scratch = Buffer.allocUnsafeSlow(16 * 1024);

/**
 * The chain hash up to and including an entry: SHA-256 over the 32 bytes of the hash before it, followed by the entry's bytes as
 * they were encoded (PROTOCOL.md section 3). Two ends that agree on it agree on every byte before it.
 */
export function chainHash(previous: Uint8Array, bytes: Uint8Array): Uint8Array {
  const length = previous.length + bytes.length;
  const input = length > scratch.length ? Buffer.allocUnsafe(length) : scratch.subarray(0, length);
  input.set(previous, 0);
  input.set(bytes, previous.length);
  // As text, because a hash of that length as a buffer of its own takes half as long again.
  return Buffer.from(hash("sha256", input, "binary"), "binary");
}
