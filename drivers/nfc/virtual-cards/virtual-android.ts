import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  verify,
  type KeyObject,
} from "node:crypto";
import { deflateSync } from "node:zlib";
import { answerWith, ChipCard, commandData, selectedName } from "./chip-card.ts";
import { external, message, received, receivedAs, text } from "./phone-records.ts";
import { expand, hmac, keyOf, pointOf, randomUid } from "./phone-secrets.ts";

/** An object in the virtual wallet. */
export interface VirtualObject {
  readonly kind: "loyalty" | "generic" | "offer" | "customer";
  /** The member number; sixteen bytes in hexadecimal for a customer. */
  readonly value: string;
  /** Whether the number is sent as an NDEF text, as Google's sample reader expects it, or as plain characters. */
  readonly isText?: boolean;
}

/** How a virtual Android phone is and behaves. */
export interface VirtualAndroidOptions {
  readonly collectorId: number;
  /** The merchant's public key as registered with Google, in PEM text. */
  readonly merchantPublicKeyPem: string;
  readonly objects: readonly VirtualObject[];
  /** Answers that its owner must act first: unlock it, or choose among several passes. */
  readonly waitsFor?: "unlock" | "choice";
  /** How many bytes of an answer it sends at a time. */
  readonly partBytes?: number;
  /** Does not encrypt, as a phone that was tampered with would. */
  readonly sendsPlain?: boolean;
  /** Gives the first bundle it ever made again and again, as a recording would. */
  readonly replays?: boolean;
}

/** Record types and request codes by kind (kormax/google-smart-tap, README, "Records" and "Request object type"). */
const kinds = {
  loyalty: { record: "ly", request: 0x03 },
  offer: { record: "of", request: 0x04 },
  generic: { record: "gr", request: 0x12 },
  customer: { record: "cus", request: 0x40 },
} as const;

/** What it answers to when it is selected: Smart Tap 2, and `OSE.VAS.01`. */
const names = { smartTap: "a000000476d0000111", wallet: "4f53452e5641532e3031" } as const;

const zlibSupported = 0x40;

/** What the phone keeps of a session. */
interface Session {
  readonly id: Buffer;
  readonly aesKey: Buffer;
  readonly macKey: Buffer;
}

/**
 * An Android phone with Google Wallet, as far as a reader of Smart Tap 2.1 sees it. It checks the merchant's signature and really encrypts
 * for the session; written from kormax/google-smart-tap, README, and Google's reference, and not from the reader's code. The UID is
 * random, as a phone's is. A TypeError tells of a key that is none.
 */
export class VirtualAndroid extends ChipCard {
  readonly #options: VirtualAndroidOptions;
  readonly #merchant: KeyObject;
  #nonce = Buffer.alloc(32);
  #own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  #session: Session | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #recorded: Buffer | undefined;

  constructor(options: VirtualAndroidOptions) {
    super(randomUid(), (apdu) => this.#answerOrDecline(apdu));
    this.#options = options;
    this.#merchant = createPublicKey(options.merchantPublicKeyPem);
  }

  #answerOrDecline(apdu: Buffer): Uint8Array {
    try {
      return this.#answer(apdu);
    } catch {
      // A reader that sends no point where one belongs: the phone declines for good.
      return answerWith(0x9400);
    }
  }

  #answer(apdu: Buffer): Uint8Array {
    const name = selectedName(apdu);
    if (name !== undefined) return this.#select(name);
    const command = ((apdu[0] ?? 0) << 8) | (apdu[1] ?? 0);
    const data = commandData(apdu);
    if (command === 0x9053) return this.#negotiate(data);
    if (command === 0x9050) return this.#getData(data);
    return command === 0x90c0 ? this.#nextPart() : answerWith(0x6d00);
  }

  /** Both answers give the same nonce; the first makes it, and a key for this tap. */
  #select(name: string): Uint8Array {
    if (name === names.smartTap) {
      const nonce = Buffer.concat([Buffer.from("dc0321036d646e6d646e04", "hex"), this.#nonce]);
      return answerWith(0x9000, Buffer.concat([Buffer.from("00000001", "hex"), nonce]));
    }
    if (name !== names.wallet) return answerWith(0x6a82);
    this.#nonce = randomBytes(32);
    this.#own = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#session = undefined;
    const label = Buffer.from("500a416e64726f6964506179c0020001c108cc00000000008080c220", "hex");
    const point = Buffer.concat([Buffer.of(0xc3, 33), pointOf(this.#own.publicKey)]);
    const offers = Buffer.from("a523bf0c20611e4f09a000000476d0000111870101730edf6d020000df4d020001df620103", "hex");
    const body = Buffer.concat([label, this.#nonce, point, offers]);
    return answerWith(0x9000, Buffer.concat([Buffer.of(0x6f, 0x81, body.length), body]));
  }

  /** Checks that the reader belongs to the merchant; declines with session status 5, "unknown merchant", when it does not. */
  #negotiate(bytes: Buffer): Uint8Array {
    const request = receivedAs("ngr", bytes).subarray(2);
    const asked = receivedAs("ses", request);
    const parameters = receivedAs("cpr", request);
    const readerPoint = parameters.subarray(33, 66);
    const proof = parameters.subarray(70);
    const collector = receivedAs("cld", proof).subarray(1);
    const signature = receivedAs("sig", proof).subarray(1);
    const signed = Buffer.concat([parameters.subarray(0, 32), this.#nonce, collector, readerPoint]);
    const isOurs = collector.readUInt32BE(0) === this.#options.collectorId;
    if (!isOurs || !verify("sha256", signed, this.#merchant, signature))
      return answerWith(0x9000, message(external("nrs", message(sessionRecord(asked, 5)))));
    const secret = diffieHellman({ privateKey: this.#own.privateKey, publicKey: keyOf(readerPoint) });
    const point = pointOf(this.#own.publicKey);
    const keys = expand(secret, point, Buffer.concat([signed, signature]));
    this.#session = { id: asked.subarray(0, 8), aesKey: keys.subarray(0, 16), macKey: keys.subarray(16) };
    return answerWith(0x9000, message(external("nrs", message(sessionRecord(asked, 1), external("dpk", point)))));
  }

  #getData(bytes: Buffer): Uint8Array {
    const request = receivedAs("srq", bytes).subarray(2);
    const asked = receivedAs("ses", request);
    const { waitsFor, objects, replays } = this.#options;
    if (this.#session?.id.equals(asked.subarray(0, 8)) !== true) return answerWith(0x9400);
    if (waitsFor !== undefined) return answerWith(waitsFor === "choice" ? 0x9302 : 0x9301);
    const wanted = new Set(received(receivedAs("slr", request)).map(([, codes]) => codes[0]));
    const shown = objects.filter(({ kind }) => wanted.has(kinds[kind].request));
    if (shown.length === 0) return answerWith(0x9001, message(external("srs", message(sessionRecord(asked, 1)))));
    const isZlib = ((receivedAs("pcr", request)[0] ?? 0) & zlibSupported) !== 0;
    const made = this.#bundle(this.#session, message(...shown.map(serviceRecord)), isZlib);
    this.#recorded ??= made;
    const bundle = external("reb", replays === true ? this.#recorded : made);
    this.#rest = message(external("srs", message(sessionRecord(asked, 1), bundle)));
    return this.#nextPart();
  }

  /** Flags (1 encrypted, 2 compressed), IV, AES-128 in counter mode, HMAC over both. */
  #bundle({ aesKey, macKey }: Session, content: Buffer, isZlib: boolean): Buffer {
    const plain = isZlib ? deflateSync(content) : content;
    const flags = isZlib ? 2 : 0;
    if (this.#options.sendsPlain === true) return Buffer.concat([Buffer.of(flags), plain]);
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-128-ctr", aesKey, Buffer.concat([iv, Buffer.from("00000000", "hex")]));
    const sealed = Buffer.concat([iv, cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(flags | 1), sealed, hmac(macKey, sealed)]);
  }

  #nextPart(): Uint8Array {
    const bytes = this.#options.partBytes ?? 250;
    const part = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return answerWith(this.#rest.length > 0 ? 0x9100 : 0x9000, part);
  }
}

/** The session as the phone gives it back: one further, with its status. */
function sessionRecord(asked: Buffer, status: number): ReturnType<typeof external> {
  return external("ses", asked.subarray(0, 8), Buffer.of(asked.readUInt8(8) + 1, status));
}

/** Issuer, then the object with its identifier and number. */
function serviceRecord({ kind, value, isText = true }: VirtualObject): ReturnType<typeof external> {
  const issuer = external("i", Buffer.from("040123456789", "hex"));
  const number = isText ? text("n", value) : external("n", Buffer.of(1), Buffer.from(value, "latin1"));
  const fields =
    kind === "customer"
      ? [external("cid", Buffer.of(4), Buffer.from(value, "hex")), text("cpl", "en")]
      : [external("oid", Buffer.of(4), randomBytes(8)), number];
  return external("asv", message(issuer, external(kinds[kind].record, message(...fields))));
}
