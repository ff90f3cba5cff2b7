import { createHash } from "node:crypto";
import { curves } from "./curve.ts";
import { decodePublicKey, verifyEcdsa } from "./ecdsa.ts";
import { makerKeys } from "./maker-keys.ts";

/**
 * Which family of chips a signature over a UID was made for; `undefined` when no known maker made it. Both are public and can be copied
 * together: this proves that the UID was issued, not that the chip is the one. Takes some milliseconds at most. Never throws.
 */
export function chipOfSignature(uid: Uint8Array, signature: Uint8Array): string | undefined {
  return makerKeys.find(({ curve: name, publicKey, isHashed }) => {
    const curve = curves[name];
    if (signature.length !== 2 * curve.bytes) return false;
    const digest = isHashed === true ? createHash("sha256").update(uid).digest() : uid;
    return verifyEcdsa(curve, decodePublicKey(curve, publicKey), digest, signature);
  })?.chip;
}

/** What a signature read off a chip says of it: a note, never proof. Same bounds as {@link chipOfSignature}. */
export function originalityOf(uid: Uint8Array, signature: Uint8Array): "valid" | "forged" {
  return chipOfSignature(uid, signature) === undefined ? "forged" : "valid";
}
