import { inverse, isOnCurve, linearCombination, mod, type Curve, type Point } from "./curve.ts";

/** A public key in the uncompressed form `04 x y` (SEC 1, 2.3.3). Throws a RangeError when it is none of the curve. */
export function decodePublicKey(curve: Curve, hex: string): Point {
  const bytes = Buffer.from(hex, "hex");
  if (bytes[0] !== 0x04 || bytes.length !== 1 + 2 * curve.bytes) throw new RangeError("not an uncompressed public key");
  const point = { x: toInteger(bytes.subarray(1, 1 + curve.bytes)), y: toInteger(bytes.subarray(1 + curve.bytes)) };
  if (!isOnCurve(curve, point)) throw new RangeError("the public key is not on its curve");
  return point;
}

/**
 * Verifies an ECDSA signature `r s` over a digest (SEC 1, 4.1.4). The digest may be the message itself: chip makers sign UIDs without
 * hashing them, which Node's own `verify` refuses to do. Takes a millisecond or so. Never throws.
 */
export function verifyEcdsa(curve: Curve, key: Point, digest: Uint8Array, signature: Uint8Array): boolean {
  const { n, p } = curve;
  if (signature.length !== 2 * curve.bytes) return false;
  const r = toInteger(signature.subarray(0, curve.bytes));
  const s = toInteger(signature.subarray(curve.bytes));
  if (r === 0n || r >= n || s === 0n || s >= n) return false;
  const w = inverse(s, n);
  const e = toInteger(digest.subarray(0, curve.bytes));
  const { x, z } = linearCombination(curve, mod(e * w, n), mod(r * w, n), key);
  if (z === 0n) return false;
  const z2 = (z * z) % p;
  // The affine x is r, or r + n where that is still in the field.
  return [r, r + n].some((candidate) => candidate < p && (candidate * z2) % p === x);
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
}
