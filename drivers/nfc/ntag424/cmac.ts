import { blockBytes, encryptBlock, encryptCbc, xor } from "./aes.ts";

/** The two subkeys of CMAC (RFC 4493, 2.3): for a whole last block, and for one that was padded. */
export interface Subkeys {
  readonly whole: Buffer;
  readonly padded: Buffer;
}

/** AES-CMAC (RFC 4493, 2.4): 16 bytes. */
export function cmac(key: Uint8Array, message: Uint8Array): Buffer {
  const last = lastBlock(message, subkeysOf(encryptBlock(key, Buffer.alloc(blockBytes))));
  return encryptCbc(key, Buffer.concat([headOf(message), last])).subarray(-blockBytes);
}

/** The subkeys that come of the encryption of a zero block (RFC 4493, 2.3). */
export function subkeysOf(zeroEncrypted: Uint8Array): Subkeys {
  const whole = double(zeroEncrypted);
  return { whole, padded: double(whole) };
}

/** The blocks of a message before its last one: the last is never empty unless the message is. */
export function headOf(message: Uint8Array): Uint8Array {
  return message.subarray(0, Math.max(0, Math.ceil(message.length / blockBytes) - 1) * blockBytes);
}

/** The last block as it goes into the cipher: padded with `80 00 ...` if it must be, and mixed with its subkey (RFC 4493, 2.4). */
export function lastBlock(message: Uint8Array, subkeys: Subkeys): Buffer {
  const tail = message.subarray(headOf(message).length);
  if (tail.length === blockBytes) return xor(tail, subkeys.whole);
  const padded = Buffer.alloc(blockBytes);
  padded.set(tail);
  padded[tail.length] = 0x80;
  return xor(padded, subkeys.padded);
}

/** NXP's truncation of a MAC to 8 bytes: every second one, from the second (AN12196, 2.3; AN12321, 5.4). */
export function truncateMac(mac: Uint8Array): Buffer {
  return Buffer.from(mac.filter((_, index) => index % 2 === 1));
}

/** Multiplication by x in GF(2^128) (RFC 4493, 2.3). */
function double(block: Uint8Array): Buffer {
  const shifted = Buffer.from(block.map((byte, index) => ((byte << 1) | ((block[index + 1] ?? 0) >> 7)) & 0xff));
  if (((block[0] ?? 0) & 0x80) !== 0) shifted[blockBytes - 1] = (shifted[blockBytes - 1] ?? 0) ^ 0x87;
  return shifted;
}
