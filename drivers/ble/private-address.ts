import { createCipheriv, type Cipheriv } from "node:crypto";
import { parseHex } from "./advert-fields.ts";

/** A device whose identity resolving key is known: a phone of the staff, an asset. */
export interface IrkDevice {
  readonly beaconId: string;
  /** 16 bytes, most significant first. */
  readonly irkHex: string;
}

/** Most addresses whose owner, or lack of one, is remembered. */
const maxRemembered = 4_096;

/**
 * Tells whose resolvable private address an address is (Core Specification, Vol 6, Part B, 1.3.2.3). One AES block a key for an
 * address not met lately; the last 4096 addresses are remembered with their answers. Throws a RangeError for keys that cannot be.
 */
export class PrivateAddressResolver {
  readonly #devices: readonly { readonly beaconId: string; readonly cipher: Cipheriv }[];
  readonly #answers = new Map<string, string | undefined>();

  constructor(devices: readonly IrkDevice[]) {
    this.#devices = devices.map(({ beaconId, irkHex }) => ({
      beaconId,
      cipher: createCipheriv("aes-128-ecb", parseHex(irkHex, 16), null).setAutoPadding(false),
    }));
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#answers.size;
  }

  /** The device that sends from `address` (six bytes as `aa:bb:cc:dd:ee:ff`, most significant first), if its key is known. */
  resolve(address: string): string | undefined {
    if (this.#devices.length === 0 || !isResolvable(address)) return undefined;
    if (this.#answers.has(address)) return this.#answers.get(address);
    const answer = this.#compute(address);
    const oldest = this.#answers.size >= maxRemembered ? this.#answers.keys().next().value : undefined;
    if (oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.set(address, answer);
    return answer;
  }

  /** `hash == ah(IRK, prand)`, where `ah(k, r)` is the last three bytes of `AES(k, 0^13 || r)` (Vol 3, Part H, 2.2.2). */
  #compute(address: string): string | undefined {
    const bytes = Buffer.from(address.replaceAll(":", ""), "hex");
    const block = Buffer.alloc(16);
    bytes.copy(block, 13, 0, 3);
    const hash = bytes.subarray(3, 6);
    return this.#devices.find(({ cipher }) => cipher.update(block).subarray(13).equals(hash))?.beaconId;
  }
}

/** A random address whose two most significant bits are 01 (Vol 6, Part B, 1.3.2.2). */
function isResolvable(address: string): boolean {
  return /^[4-7][\da-f](:[\da-f]{2}){5}$/i.test(address);
}
