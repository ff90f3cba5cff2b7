import { createCipheriv, createDecipheriv } from "node:crypto";

/** Bytes of an AES block and of an AES-128 key. */
export const blockBytes = 16;

/** Encrypts one block (FIPS 197). Throws when key or block do not have 16 bytes. */
export function encryptBlock(key: Uint8Array, block: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

/** Decrypts one block. */
export function decryptBlock(key: Uint8Array, block: Uint8Array): Buffer {
  const decipher = createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return Buffer.concat([decipher.update(block), decipher.final()]);
}

/** CBC over whole blocks (SP 800-38A), no padding. By default the initialisation vector is zero, as NXP's protocols have it. */
export function encryptCbc(key: Uint8Array, plain: Uint8Array, iv: Uint8Array = Buffer.alloc(blockBytes)): Buffer {
  const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]);
}

/** The way back of {@link encryptCbc}. Throws when the length is not a multiple of a block. */
export function decryptCbc(key: Uint8Array, cipherText: Uint8Array, iv: Uint8Array = Buffer.alloc(blockBytes)): Buffer {
  const decipher = createDecipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(cipherText), decipher.final()]);
}

/** The exclusive or of two byte strings of one length. */
export function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}
