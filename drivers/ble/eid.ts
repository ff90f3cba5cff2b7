import { createCipheriv } from "node:crypto";

/** Beacon time counts seconds in 32 bits. */
export const maxBeaconSeconds = 2 ** 32 - 1;

/** One block of AES-128 in ECB mode, the only form in which Eddystone-EID and private addresses use it. */
function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block);
}

/** The key of the 18 hours or so around `beaconSeconds` (Eddystone-EID computation: `TK = AES(IK, 0^11 || FF || 0 0 || TS >> 16)`). */
export function temporaryKey(identityKey: Uint8Array, beaconSeconds: number): Uint8Array {
  const block = new Uint8Array(16);
  block[11] = 0xff;
  new DataView(block.buffer).setUint16(14, Math.floor(beaconSeconds / 65_536));
  return encryptBlock(identityKey, block);
}

/**
 * The identifier that a beacon sends at `beaconSeconds` of its own clock, in hexadecimal (Eddystone-EID computation). It stays the same
 * for 2^`rotationExponent` seconds.
 */
export function ephemeralId(key: Uint8Array, rotationExponent: number, beaconSeconds: number): string {
  const block = new Uint8Array(16);
  block[11] = rotationExponent;
  const quantum = 2 ** rotationExponent;
  new DataView(block.buffer).setUint32(12, Math.floor(beaconSeconds / quantum) * quantum);
  return Buffer.from(encryptBlock(key, block).subarray(0, 8)).toString("hex");
}
