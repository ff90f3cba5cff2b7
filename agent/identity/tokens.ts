import { createHmac } from "node:crypto";
import type { Evidence, Tier } from "../core/entry.ts";

/** The region's key and its version, kept with every token. */
export interface RegionKey {
  readonly secret: Uint8Array;
  readonly version: number;
}

/**
 * Turns raw identifiers into tokens: HMAC-SHA256 under the region's key over a namespace and the normalised value, in lower-case
 * hexadecimal. The same card gives the same token in every store of a region, and nobody without the key can tell which card it was.
 */
export class Tokens {
  readonly #key: RegionKey;

  constructor(key: RegionKey) {
    this.#key = key;
  }

  /** The token of a value. What stands for the same thing must have the same namespace and spelling. */
  of(namespace: string, value: string): string {
    return createHmac("sha256", this.#key.secret).update(`${namespace}:${value}`).digest("hex");
  }

  /** Evidence of a type; its token is in the namespace of that name unless another is given. */
  evidence(type: string, tier: Tier, value: string, namespace: string = type): Evidence {
    return { type, tier, token: this.of(namespace, value), keyVersion: this.#key.version };
  }
}
