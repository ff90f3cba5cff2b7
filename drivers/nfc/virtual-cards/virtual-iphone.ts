import {
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from "node:crypto";
import type { Clock, Ms } from "../../../agent/core/time.ts";
import { answerWith, ChipCard, commandData, selectedName } from "./chip-card.ts";
import { randomUid } from "./phone-secrets.ts";

/** A pass in the virtual wallet. */
export interface VirtualPass {
  readonly passTypeId: string;
  /** What the pass says of its owner (`nfc.message` of pass.json). */
  readonly message: string;
  /** The merchant's public key as the pass carries it (`nfc.encryptionPublicKey`), in PEM text. */
  readonly publicKeyPem: string;
  /** Names this other key in the cryptogram, as a forger who does not have the right one would. */
  readonly claimedKeyPem?: string;
}

/** How a virtual iPhone is and behaves. */
export interface VirtualIphoneOptions {
  readonly passes: readonly VirtualPass[];
  readonly clock: Clock;
  /** Answers that its owner must unlock it first. */
  readonly isLocked?: boolean;
  /** By how much its clock is ahead; negative for late time stamps. */
  readonly clockSkewMs?: Ms;
  /** Gives the same cryptogram again and again, as a recording would. */
  readonly replays?: boolean;
  /** Which of the two known forms of shared information it uses. */
  readonly sharedInfo?: "pass-in-derivation" | "pass-as-associated-data";
}

const referenceDateMs = Date.UTC(2001, 0, 1);

/** A pass made ready: its key read, its names computed. */
interface Pass extends VirtualPass {
  readonly hash: string;
  readonly key: KeyObject;
  readonly keyId: Buffer;
}

/**
 * An iPhone with passes, as far as a reader of Apple VAS 1.0 sees it. It really encrypts, with a fresh key for each cryptogram, under the
 * merchant's public key; written from kormax/apple-vas, README, and proxmark3, cmdhfvas.c, and not from the reader's code. The UID is
 * random, as a phone's is. A TypeError tells of a key that is none.
 */
export class VirtualIphone extends ChipCard {
  readonly #options: VirtualIphoneOptions;
  readonly #passes: readonly Pass[];
  readonly #sent = new Map<string, Buffer>();
  #isSelected = false;

  constructor(options: VirtualIphoneOptions) {
    super(randomUid(), (apdu) => this.#answer(apdu));
    this.#options = options;
    this.#passes = options.passes.map((pass) => ({
      ...pass,
      hash: sha256(Buffer.from(pass.passTypeId)).toString("hex"),
      key: createPublicKey(pass.publicKeyPem),
      keyId: fingerprint(createPublicKey(pass.claimedKeyPem ?? pass.publicKeyPem)),
    }));
  }

  #answer(apdu: Buffer): Uint8Array {
    const [cla, ins] = apdu;
    const name = selectedName(apdu);
    if (name !== undefined) return this.#select(name);
    if (cla === 0x80 && ins === 0xca && this.#isSelected) return this.#getPass(commandData(apdu));
    return answerWith(0x6d00);
  }

  /** Label "ApplePay", version 1.0, a nonce nobody uses, and capabilities as one phone showed them. */
  #select(name: string): Uint8Array {
    this.#isSelected = Buffer.from(name, "hex").toString() === "OSE.VAS.01";
    if (!this.#isSelected) return answerWith(0x6a82);
    const nonce = randomBytes(4).toString("hex");
    return answerWith(0x9000, Buffer.from(`6f1d50084170706c655061799f210201009f2404${nonce}9f23040000003e`, "hex"));
  }

  #getPass(request: Buffer): Uint8Array {
    const hash = hashAskedFor(request);
    const pass = this.#passes.find((each) => each.hash === hash);
    if (!pass) return answerWith(0x6a83);
    if (this.#options.isLocked === true) return answerWith(0x6287);
    const cryptogram = (this.#options.replays === true ? this.#sent.get(pass.hash) : undefined) ?? this.#encrypt(pass);
    this.#sent.set(pass.hash, cryptogram);
    const body = Buffer.concat([Buffer.from("9f2a009f27", "hex"), sized(cryptogram)]);
    return answerWith(0x9000, Buffer.concat([Buffer.of(0x70), sized(body)]));
  }

  /** Key id, x of a fresh point, then time and message under AES-256-GCM. */
  #encrypt(pass: Pass): Buffer {
    const fresh = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const secret = diffieHellman({ privateKey: fresh.privateKey, publicKey: pass.key });
    const passHash = Buffer.from(pass.hash, "hex");
    const text = "ApplePay encrypted VAS data";
    const isAssociated = this.#options.sharedInfo === "pass-as-associated-data";
    const info = isAssociated ? Buffer.from(text) : Buffer.concat([Buffer.from(`\rid-aes256-GCM${text}`), passHash]);
    const key = sha256(Buffer.concat([secret, Buffer.from("00000001", "hex"), info]));
    const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(16));
    if (isAssociated) cipher.setAAD(passHash);
    const time = Buffer.alloc(4);
    const phoneMs = this.#options.clock.now().wallMs + (this.#options.clockSkewMs ?? 0);
    time.writeUInt32BE(Math.max(0, Math.floor((phoneMs - referenceDateMs) / 1000)));
    const sealed = [cipher.update(time), cipher.update(pass.message), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([pass.keyId, coordinateX(fresh.publicKey), ...sealed]);
  }
}

/** The 32 bytes of tag 9F25 among the request's objects, all of which have short lengths. */
function hashAskedFor(request: Buffer): string | undefined {
  for (let at = 0; at + 3 <= request.length; at += 3 + request.readUInt8(at + 2)) {
    if (request.readUInt16BE(at) === 0x9f25) return request.subarray(at + 3, at + 35).toString("hex");
  }
  return undefined;
}

/** A BER length and the bytes it counts. */
function sized(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.length < 128 ? Buffer.of(bytes.length) : Buffer.of(0x81, bytes.length), bytes]);
}

/** How a cryptogram names its key: four bytes of the SHA-256 of x. */
function fingerprint(key: KeyObject): Buffer {
  return sha256(coordinateX(key)).subarray(0, 4);
}

function coordinateX(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
