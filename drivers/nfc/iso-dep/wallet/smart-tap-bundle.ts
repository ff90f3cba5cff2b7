import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { inflateSync } from "node:zlib";

/** What both sides of a session know. */
export interface BundleSecret {
  /** The x coordinate both sides agreed on. */
  readonly sharedX: Uint8Array;
  /** The phone's key for this tap, compressed. */
  readonly devicePoint: Uint8Array;
  /** What the reader signed, and the signature in ASN.1. */
  readonly signedData: Uint8Array;
  readonly signature: Uint8Array;
}

/** An opened bundle of records, or why it gives nothing. */
export type OpenedBundle =
  | { readonly isAuthentic: true; readonly message: Uint8Array }
  | { readonly isAuthentic: false; readonly fault: BundleFault };

/** The last two are no forgery's: a bundle of a kind that is not known, and content that does not unpack. */
type BundleFault = "not-encrypted" | "too-short" | "mac-mismatch" | "unknown-flags" | "not-inflatable";

const flag = { encrypted: 1, compressed: 2 } as const;
const layout = { ivBytes: 12, macBytes: 32, aesKeyBytes: 16, keyBytes: 48 } as const;

/** A bundle comes in a handful of answers of 256 bytes; what unpacks to more is no loyalty card. */
const maxMessageBytes = 16_384;

/**
 * Opens a record bundle of Smart Tap 2.1 (kormax/google-smart-tap, README, "GET DATA Encryption"): keys by HKDF with SHA-256, salted with
 * the phone's point and bound to all that was signed; HMAC-SHA256 over IV and ciphertext; AES-128 in counter mode; then zlib if the first
 * byte says so. A bundle that was not encrypted is never authentic, and nothing is taken from it.
 *
 * Authentic means whole, fresh and from whoever took part in this session. The phone's key is not certified by anybody: see
 * {@link smartTapApplet}. No public vector has the reader's private key of a session, so this is tested against the virtual Android phone
 * only, and was not tried with a real one. Never throws.
 */
export function openBundle(bundle: Uint8Array, secret: BundleSecret): OpenedBundle {
  const [flags = 0] = bundle;
  if ((flags & flag.encrypted) === 0) return { isAuthentic: false, fault: "not-encrypted" };
  if (flags > (flag.encrypted | flag.compressed)) return { isAuthentic: false, fault: "unknown-flags" };
  const sealed = bundle.subarray(1);
  const macAt = sealed.length - layout.macBytes;
  if (macAt < layout.ivBytes) return { isAuthentic: false, fault: "too-short" };
  const { aesKey, macKey } = deriveKeys(secret);
  const mac = createHmac("sha256", macKey).update(sealed.subarray(0, macAt)).digest();
  if (!timingSafeEqual(mac, sealed.subarray(macAt))) return { isAuthentic: false, fault: "mac-mismatch" };
  const counter = Buffer.concat([sealed.subarray(0, layout.ivBytes), Buffer.alloc(4)]);
  const plain = createDecipheriv("aes-128-ctr", aesKey, counter).update(sealed.subarray(layout.ivBytes, macAt));
  const message = (flags & flag.compressed) === 0 ? plain : inflate(plain);
  return message ? { isAuthentic: true, message } : { isAuthentic: false, fault: "not-inflatable" };
}

function deriveKeys({ sharedX, devicePoint, signedData, signature }: BundleSecret): { aesKey: Buffer; macKey: Buffer } {
  const info = Buffer.concat([signedData, signature]);
  const bytes = Buffer.from(hkdfSync("sha256", sharedX, devicePoint, info, layout.keyBytes));
  return { aesKey: bytes.subarray(0, layout.aesKeyBytes), macKey: bytes.subarray(layout.aesKeyBytes) };
}

function inflate(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: maxMessageBytes });
  } catch {
    return undefined;
  }
}
