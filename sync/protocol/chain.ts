import { hash } from "node:crypto";

/** The chain's hash before the first entry of a fresh ledger: 32 zero bytes (PROTOCOL.md section 3). */
export const genesisHash: Uint8Array = new Uint8Array(32);

/**
 * The chain hash up to and including an entry: SHA-256 over the 32 bytes of the hash before it, followed by the entry's bytes as
 * they were encoded (PROTOCOL.md section 3). Two ends that agree on it agree on every byte before it.
 */
export function chainHash(previous: Uint8Array, bytes: Uint8Array): Uint8Array {
  const input = Buffer.allocUnsafe(previous.length + bytes.length);
  input.set(previous, 0);
  input.set(bytes, previous.length);
  return hash("sha256", input, "buffer");
}
