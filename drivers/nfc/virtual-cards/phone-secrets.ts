import { createHmac, createPublicKey, ECDH, randomBytes, type KeyObject } from "node:crypto";

/** A UID as phones make up, in hexadecimal: another one each time (ISO/IEC 14443-3, 6.5.4: single size, first byte 08). */
export function randomUid(): string {
  return `08${randomBytes(3).toString("hex")}`;
}

/** A public key as its point in compressed form. */
export function pointOf(key: KeyObject): Buffer {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  const isOdd = ((Buffer.from(y, "base64url").at(-1) ?? 0) & 1) === 1;
  return Buffer.concat([Buffer.of(isOdd ? 3 : 2), Buffer.from(x, "base64url")]);
}

/** A public key from its point in compressed form. Throws when it is no point of P-256. */
export function keyOf(point: Uint8Array): KeyObject {
  const whole = Buffer.from(ECDH.convertKey(point, "prime256v1", undefined, "hex", "uncompressed").toString(), "hex");
  const x = whole.subarray(1, 33).toString("base64url");
  const y = whole.subarray(33).toString("base64url");
  return createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
}

/** HMAC-SHA256 over the parts one after the other. */
export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  return createHmac("sha256", key).update(Buffer.concat(parts)).digest();
}

/** HKDF with SHA-256 (RFC 5869, 2.2 and 2.3) for 48 bytes: two rounds. */
export function expand(secret: Uint8Array, salt: Uint8Array, info: Uint8Array): Buffer {
  const pseudoRandomKey = hmac(salt, secret);
  const first = hmac(pseudoRandomKey, info, Buffer.of(1));
  const second = hmac(pseudoRandomKey, first, info, Buffer.of(2));
  return Buffer.concat([first, second]).subarray(0, 48);
}
