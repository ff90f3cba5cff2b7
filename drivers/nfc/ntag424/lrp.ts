import { blockBytes, decryptBlock, encryptBlock, xor } from "./aes.ts";
import { headOf, lastBlock, subkeysOf } from "./cmac.ts";

/** One nibble of input is worked off a step, so that a key has 16 plaintexts (AN12304, 2.1: m = 4). */
const plaintextCount = 16;

/** What the leakage resilient primitive makes of a key before it is used. */
export interface LrpKey {
  readonly plaintexts: readonly Buffer[];
  /** The updated key: number 0 for MACs, 1 for encryption (AN12321, 4.3). */
  readonly updated: Buffer;
}

/** Generates the secret plaintexts of a key and its updated key of that number (NXP AN12304, algorithms 1 and 2). */
export function lrpKey(key: Uint8Array, updatedKeyNumber: number): LrpKey {
  const plaintexts: Buffer[] = [];
  let state = encryptBlock(key, filled(0x55));
  for (let index = 0; index < plaintextCount; index++) {
    plaintexts.push(encryptBlock(state, filled(0xaa)));
    state = encryptBlock(state, filled(0x55));
  }
  state = encryptBlock(key, filled(0xaa));
  for (let index = 0; index < updatedKeyNumber; index++) state = encryptBlock(state, filled(0x55));
  return { plaintexts, updated: encryptBlock(state, filled(0xaa)) };
}

/** CMAC with the primitive in the place of AES (AN12304, algorithm 6): 16 bytes. */
export function lrpCmac(key: LrpKey, message: Uint8Array): Buffer {
  const last = lastBlock(message, subkeysOf(evaluate(key, Buffer.alloc(blockBytes))));
  const head = headOf(message);
  let state = Buffer.alloc(blockBytes);
  for (let at = 0; at < head.length; at += blockBytes) {
    state = evaluate(key, xor(state, head.subarray(at, at + blockBytes)));
  }
  return evaluate(key, xor(state, last));
}

/** Decrypts whole blocks in the indexed codebook mode (AN12304, algorithm 5). The counter keeps its length and wraps. */
export function decryptLricb(key: LrpKey, counter: Uint8Array, cipherText: Uint8Array): Buffer {
  const blocks: Buffer[] = [];
  const count = Buffer.from(counter);
  for (let at = 0; at < cipherText.length; at += blockBytes) {
    blocks.push(decryptBlock(evaluate(key, count), cipherText.subarray(at, at + blockBytes)));
    increment(count);
  }
  return Buffer.concat(blocks);
}

/** Evaluates the primitive, with the final step (AN12304, algorithm 3). */
function evaluate({ plaintexts, updated }: LrpKey, input: Uint8Array): Buffer<ArrayBuffer> {
  let state = updated;
  for (const byte of input) {
    for (const nibble of [byte >> 4, byte & 0x0f]) state = encryptBlock(state, plaintexts[nibble] ?? filled(0));
  }
  return Buffer.from(encryptBlock(state, filled(0)));
}

function increment(counter: Buffer): void {
  for (let index = counter.length - 1; index >= 0; index--) {
    counter[index] = ((counter[index] ?? 0) + 1) & 0xff;
    if (counter[index] !== 0) return;
  }
}

function filled(byte: number): Buffer {
  return Buffer.alloc(blockBytes, byte);
}
