import { createDecipheriv, createHash } from "node:crypto";
import type { EpochMs } from "../../../../agent/core/time.ts";
import type { MerchantKey } from "./merchant-key.ts";
import { passTypeHash } from "./vas-messages.ts";

/** Why a cryptogram gives nothing. */
export type VasFault = "too-short" | "key-id-mismatch" | "device-key-invalid" | "tag-mismatch" | "not-text";

/** What a cryptogram holds, or why it gives nothing. */
export type VasContent =
  | { readonly isAuthentic: true; readonly value: string; readonly issuedAtMs: EpochMs }
  | { readonly isAuthentic: false; readonly fault: VasFault };

/** Key id, x of the phone's ephemeral key, ciphertext with at least the time stamp, tag. */
const layout = { keyIdBytes: 4, deviceXBytes: 32, tagBytes: 16, timeBytes: 4 } as const;
const headBytes = layout.keyIdBytes + layout.deviceXBytes;

/** Time stamps count seconds from 2001-01-01T00:00:00Z, Apple's reference date. */
const appleEpochS = 978_307_200;

const label = Buffer.from("ApplePay encrypted VAS data", "latin1");
const algorithm = Buffer.concat([Buffer.of(13), Buffer.from("id-aes256-GCM", "latin1")]);
const zeroIv = Buffer.alloc(16);

/**
 * Opens an Apple VAS cryptogram: ECDH on P-256 between the merchant's key and the phone's ephemeral one, of which only x is sent;
 * ANSI X9.63 KDF with SHA-256; AES-256-GCM with an IV of 16 zero bytes. Shared information is tried in its two known forms
 * (proxmark3, cmdhfvas.c, DecryptVASCryptogram): pass and algorithm in the derivation, or the pass as associated data.
 *
 * Authentic means whole, for this key and this pass. It does not mean that a phone made it: whoever has the merchant's public key, which
 * every pass carries, can encrypt what they like. No public vector has both a cryptogram and its private key, so this is tested against
 * the virtual iPhone only, written from the same documents, and was not tried with a real phone. Never throws.
 */
export function openCryptogram(cryptogram: Uint8Array, passTypeId: string, keys: readonly MerchantKey[]): VasContent {
  if (cryptogram.length < headBytes + layout.timeBytes + layout.tagBytes) return failed("too-short");
  const keyId = Buffer.from(cryptogram.subarray(0, layout.keyIdBytes));
  const candidates = keys.filter((key) => keyId.equals(key.vasKeyId));
  if (candidates.length === 0) return failed("key-id-mismatch");
  const point = Buffer.concat([Buffer.of(2), cryptogram.subarray(layout.keyIdBytes, headBytes)]);
  const secrets = candidates.map((key) => key.agree(point)).filter((secret) => secret !== undefined);
  if (secrets.length === 0) return failed("device-key-invalid");
  const passHash = passTypeHash(passTypeId);
  for (const secret of secrets) {
    const plain = openSealed(cryptogram.subarray(headBytes), secret, passHash);
    if (plain) return readContent(plain);
  }
  return failed("tag-mismatch");
}

function openSealed(sealed: Uint8Array, secret: Uint8Array, passHash: Uint8Array): Buffer | undefined {
  const first = deriveKey(secret, Buffer.concat([algorithm, label, passHash]));
  return decrypt(sealed, first) ?? decrypt(sealed, deriveKey(secret, label), passHash);
}

/** ANSI X9.63 KDF (SEC 1, 3.6.1) for as many bytes as SHA-256 gives: one round with counter 1. */
function deriveKey(secret: Uint8Array, sharedInfo: Uint8Array): Buffer {
  return createHash("sha256")
    .update(secret)
    .update(Buffer.of(0, 0, 0, 1))
    .update(sharedInfo)
    .digest();
}

function decrypt(sealed: Uint8Array, key: Uint8Array, associated?: Uint8Array): Buffer | undefined {
  const tagAt = sealed.length - layout.tagBytes;
  const decipher = createDecipheriv("aes-256-gcm", key, zeroIv, { authTagLength: layout.tagBytes });
  decipher.setAuthTag(sealed.subarray(tagAt));
  if (associated) decipher.setAAD(associated);
  const plain = decipher.update(sealed.subarray(0, tagAt));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** Seconds since Apple's reference date in 32 bits, then the message in UTF-8. */
function readContent(plain: Buffer): VasContent {
  const issuedAtMs = (appleEpochS + plain.readUInt32BE(0)) * 1000;
  try {
    const value = new TextDecoder("utf-8", { fatal: true }).decode(plain.subarray(layout.timeBytes));
    return { isAuthentic: true, value, issuedAtMs };
  } catch {
    return failed("not-text");
  }
}

function failed(fault: VasFault): VasContent {
  return { isAuthentic: false, fault };
}
