import { createECDH, createHash, createPrivateKey, ECDH, type KeyObject } from "node:crypto";

/** Node's name for NIST P-256, the only curve of both wallets. */
export const curve = "prime256v1";

/** A merchant's long-term private key on P-256. */
export interface MerchantKey {
  /** For signatures. */
  readonly key: KeyObject;
  /** SHA-256 of the public point's x, first four bytes: how Apple VAS names a key (proxmark3, cmdhfvas.c). */
  readonly vasKeyId: Uint8Array;
  /** The shared x coordinate with a point in compressed form; `undefined` when that is no point of the curve. */
  agree(compressedPoint: Uint8Array): Uint8Array | undefined;
}

/** A key that can be used, or why not, in words for a technician; the words never quote the key. */
export type MerchantKeyResult =
  { readonly ok: true; readonly merchantKey: MerchantKey } | { readonly ok: false; readonly reason: string };

/** Reads a private key from PEM text: PKCS#8 (RFC 5958) or SEC 1 (RFC 5915), not encrypted, on P-256. Never throws. */
export function loadMerchantKey(pem: string): MerchantKeyResult {
  const key = parsePem(pem);
  if (key === undefined) return { ok: false, reason: "not an unencrypted private key in PEM text (PKCS#8 or SEC 1)" };
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== curve)
    return { ok: false, reason: "not a key on the curve P-256" };
  const { d = "" } = key.export({ format: "jwk" });
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(Buffer.from(d, "base64url"));
  const publicX = ecdh.getPublicKey().subarray(1, 33);
  const vasKeyId = createHash("sha256").update(publicX).digest().subarray(0, 4);
  return { ok: true, merchantKey: { key, vasKeyId, agree: (point) => sharedX(ecdh, point) } };
}

/** ECDH with a point in compressed form (SEC 1, 2.3.3 and 3.3.1): the shared x coordinate, or `undefined` for a point off the curve. */
export function sharedX(own: ECDH, compressedPoint: Uint8Array): Uint8Array | undefined {
  if (!isOnCurve(compressedPoint)) return undefined;
  return own.computeSecret(compressedPoint);
}

function isOnCurve(point: Uint8Array): boolean {
  if (point.length !== 33 || (point[0] !== 2 && point[0] !== 3)) return false;
  try {
    ECDH.convertKey(point, curve);
    return true;
  } catch {
    return false;
  }
}

function parsePem(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
