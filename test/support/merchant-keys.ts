import { generateKeyPairSync } from "node:crypto";

/** A merchant's key pair on P-256 in PEM text: the private half in both of its forms. */
export interface MerchantKeyPair {
  readonly pkcs8Pem: string;
  readonly sec1Pem: string;
  readonly publicKeyPem: string;
}

/** A new key pair. */
export function newMerchantKeys(): MerchantKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    pkcs8Pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    sec1Pem: privateKey.export({ type: "sec1", format: "pem" }).toString(),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}
