import { blockBytes } from "./aes.ts";
import { diversifyAn10922, nfcDeveloper } from "./diversify.ts";

/**
 * Names of the URL's parameters that a tag mirrors into. One name may stand for several mirrors, which then follow one another in its
 * value: encrypted PICC data, encrypted file data, MAC.
 */
export interface SunParameters {
  /** Encrypted PICC data. */
  readonly picc?: string;
  /** UID and read counter, where they are mirrored in plain. */
  readonly uid?: string;
  readonly counter?: string;
  /** Encrypted file data. */
  readonly enc?: string;
  readonly mac?: string;
}

/** The keys of one kind of NTAG 424 DNA tags, as configured: plain data. Keys are AES-128, in hexadecimal. */
export interface Ntag424KeyOptions {
  /** What a credential names as the key it was checked with. */
  readonly keyName: string;
  /** SDMMetaReadKey: decrypts the PICC data. */
  readonly metaReadKeyHex?: string;
  /** SDMFileReadKey: of the session keys for MAC and file data. */
  readonly fileReadKeyHex?: string;
  /** An application key for the live authentication, and its number (by default 0). */
  readonly authKeyHex?: string;
  readonly authKeyNumber?: number;
  /**
   * How a tag's own keys come from those above. `an10922`: file read and application key, input UID and then `diversificationSuffixHex`.
   * `nfc-developer`: all three, from a master key of 16 or 32 bytes; the file read key is number 2. By default the keys are the tag's.
   */
  readonly diversified?: "an10922" | "nfc-developer";
  /** What follows the UID in the diversification input: application and system identifier (AN10922, 2.2.1). */
  readonly diversificationSuffixHex?: string;
  readonly parameters?: SunParameters;
}

/** The number that nfc-developer's tools give the file read key. */
const nfcDeveloperFileKey = 2;

/** The keys of one kind of tags, ready for use. */
export class KeySet {
  readonly name: string;
  readonly parameters: SunParameters | undefined;
  readonly authKeyNumber: number;
  /** Whether application or file read key differ from tag to tag. */
  readonly isDiversified: boolean;
  readonly #scheme: Ntag424KeyOptions["diversified"];
  readonly #suffix: Uint8Array;
  readonly #metaRead: Uint8Array | undefined;
  readonly #fileRead: Uint8Array | undefined;
  readonly #auth: Uint8Array | undefined;

  /** Throws a RangeError when a key is not hexadecimal of the right length, or has a number that no key has. */
  constructor(options: Ntag424KeyOptions) {
    this.name = options.keyName;
    this.parameters = options.parameters;
    this.authKeyNumber = options.authKeyNumber ?? 0;
    if (![0, 1, 2, 3, 4].includes(this.authKeyNumber)) throw new RangeError("an application has the keys 0 to 4");
    this.#scheme = options.diversified;
    this.isDiversified = options.diversified !== undefined;
    this.#suffix = fromHex(options.diversificationSuffixHex ?? "");
    this.#metaRead = this.#key(options.metaReadKeyHex);
    this.#fileRead = this.#key(options.fileReadKeyHex);
    this.#auth = this.#key(options.authKeyHex);
  }

  /** SDMMetaReadKey, the same for all tags of the set; `undefined` when it is not held. */
  get metaReadKey(): Uint8Array | undefined {
    if (this.#scheme !== "nfc-developer") return this.#metaRead;
    return this.#metaRead && nfcDeveloper.metaReadKey(this.#metaRead);
  }

  /** Whether it can check a SUN message. */
  get readsFiles(): boolean {
    return this.#fileRead !== undefined;
  }

  /** Whether it can authenticate a card. */
  get authenticates(): boolean {
    return this.#auth !== undefined;
  }

  /** SDMFileReadKey of the tag with that UID. */
  fileReadKey(uid: Uint8Array): Uint8Array | undefined {
    return this.#fileRead && this.#ofTag(this.#fileRead, uid, nfcDeveloperFileKey);
  }

  /** The application key of the tag with that UID. */
  authKey(uid: Uint8Array): Uint8Array | undefined {
    return this.#auth && this.#ofTag(this.#auth, uid, this.authKeyNumber);
  }

  #ofTag(key: Uint8Array, uid: Uint8Array, number: number): Uint8Array {
    if (this.#scheme === "nfc-developer") return nfcDeveloper.tagKey(key, uid, number);
    return this.#scheme === "an10922" ? diversifyAn10922(key, Buffer.concat([uid, this.#suffix])) : key;
  }

  #key(hex: string | undefined): Uint8Array | undefined {
    if (hex === undefined) return undefined;
    const key = fromHex(hex);
    const mayBeLong = this.#scheme === "nfc-developer";
    if (key.length !== blockBytes && !(mayBeLong && key.length === 2 * blockBytes))
      throw new RangeError(`a key of "${this.name}" does not have ${blockBytes} bytes`);
    return key;
  }
}

function fromHex(hex: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(hex)) throw new RangeError("a key is not written in hexadecimal");
  return Buffer.from(hex, "hex");
}
