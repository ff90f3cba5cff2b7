import { encryptCbc, decryptCbc } from "../ntag424/aes.ts";
import { truncateMac } from "../ntag424/cmac.ts";
import { rotated, sealCardUid, sessionKeys, getCardUid, type Ev2Session } from "../ntag424/ev2.ts";
import { sunSession } from "../ntag424/sun.ts";
import { encodeNdefMessage } from "../ndef-encode.ts";
import { applications } from "../iso-dep/select.ts";
import { answers, answerWith, ChipCard, selectedName } from "./chip-card.ts";

/** What a virtual NTAG 424 DNA holds. Keys have 16 bytes. */
export interface VirtualNtag424Content {
  /** Its real UID, 7 bytes in hexadecimal. */
  readonly uid: string;
  /** What it gives in the anticollision, where that is another one. */
  readonly shownUid?: string;
  readonly metaReadKey: Uint8Array;
  readonly fileReadKey: Uint8Array;
  /** Its application key number 0. */
  readonly authKey: Uint8Array;
  /** The link up to the mirrored parameters, e.g. `https://example.com/t`. */
  readonly url: string;
  /** SDMReadCtr before the next reading. */
  readonly counter?: number;
  readonly signature?: Uint8Array;
  /** 16 bytes that nobody can foretell. */
  readonly random: () => Uint8Array;
}

/** Native status words (NT4H2421Gx data sheet, 10.3). */
const native = {
  ok: 0x9100,
  more: 0x91af,
  wrongKey: 0x91ae,
  noSuchKey: 0x9140,
  illegal: 0x911c,
  signature: 0x9190,
} as const;
const container = Buffer.from("001720010000ff0406e104010000000506e10500808283", "hex");
const files = { container: 0xe103, ndef: 0xe104 } as const;

/** An NTAG 424 DNA in AES mode: mirrors UID and counter encrypted, under a MAC, and authenticates with its key number 0. */
export class VirtualNtag424 extends ChipCard {
  /** SDMReadCtr of the last reading. */
  #counter: number;
  readonly #content: VirtualNtag424Content;
  #file: Buffer | undefined;
  #versionFrame = 0;
  #challenge: Buffer | undefined;
  #session: Ev2Session | undefined;

  constructor(content: VirtualNtag424Content) {
    super(content.shownUid ?? content.uid, (apdu) => this.#answer(apdu));
    this.#content = content;
    this.#counter = content.counter ?? 0;
  }

  /** The link as the tag gives it at its next reading. */
  mirroredUrl(): string {
    this.#counter += 1;
    const { uid, metaReadKey, fileReadKey, url, random } = this.#content;
    const bytes = Buffer.from(uid, "hex");
    const counter = Buffer.alloc(3);
    counter.writeUIntLE(this.#counter, 0, 3);
    const picc = Buffer.concat([Buffer.of(0xc7), bytes, counter, random().subarray(0, 5)]);
    const mac = truncateMac(sunSession("aes", fileReadKey, bytes, this.#counter).mac(Buffer.alloc(0)));
    const upper = (part: Buffer) => part.toString("hex").toUpperCase();
    return `${url}?picc_data=${upper(encryptCbc(metaReadKey, picc))}&cmac=${upper(mac)}`;
  }

  #answer(apdu: Buffer): Uint8Array {
    if (apdu[0] === 0x00) return this.#answerIso(apdu);
    return apdu[0] === 0x90 ? this.#answerNative(apdu) : answers.unknownInstruction;
  }

  #answerIso(apdu: Buffer): Uint8Array {
    const name = selectedName(apdu);
    if (name !== undefined) return name === applications.ndef ? answers.ok : answers.fileNotFound;
    if (apdu[1] === 0xa4) return this.#selectFile(apdu.readUInt16BE(5));
    if (apdu[1] !== 0xb0 || !this.#file) return answers.unknownInstruction;
    const offset = apdu.readUInt16BE(2);
    if (offset >= this.#file.length) return answers.wrongOffset;
    return Buffer.concat([this.#file.subarray(offset, offset + (apdu[4] ?? 0)), answers.ok]);
  }

  #selectFile(fileId: number): Uint8Array {
    if (fileId === files.container) this.#file = container;
    else if (fileId === files.ndef) this.#file = this.#ndefFile();
    else return answers.fileNotFound;
    return answers.ok;
  }

  /** 256 bytes, as NXP delivers it: length, message, zeros. */
  #ndefFile(): Buffer {
    const message = encodeNdefMessage([{ type: "uri", uri: this.mirroredUrl() }]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    return Buffer.concat([length, message], 256);
  }

  #answerNative(apdu: Buffer): Uint8Array {
    switch (apdu[1]) {
      case 0x60:
        this.#versionFrame = 1;
        return answerWith(native.more, Buffer.from("04040230001105", "hex"));
      case 0xaf:
        return this.#challenge ? this.#prove(apdu.subarray(5, 37)) : this.#nextVersionFrame();
      case 0x3c:
        return this.#content.signature
          ? answerWith(native.signature, this.#content.signature)
          : answerWith(native.illegal);
      case 0x71:
        return this.#beginAuthentication(apdu[5] ?? 0);
      case 0x51:
        return this.#sealedUid(apdu);
      default:
        return answerWith(native.illegal);
    }
  }

  #nextVersionFrame(): Uint8Array {
    this.#versionFrame += 1;
    if (this.#versionFrame === 2) return answerWith(native.more, Buffer.from("04040201021105", "hex"));
    return answerWith(native.ok, Buffer.alloc(14));
  }

  #beginAuthentication(keyNumber: number): Uint8Array {
    if (keyNumber !== 0) return answerWith(native.noSuchKey);
    this.#challenge = Buffer.from(this.#content.random());
    return answerWith(native.more, encryptCbc(this.#content.authKey, this.#challenge));
  }

  #prove(token: Buffer): Uint8Array {
    const { authKey, random } = this.#content;
    const ours = this.#challenge;
    this.#challenge = undefined;
    if (!ours || token.length !== 32) return answerWith(native.illegal);
    const plain = decryptCbc(authKey, token);
    const theirs = plain.subarray(0, 16);
    if (!plain.subarray(16).equals(rotated(ours))) return answerWith(native.wrongKey);
    const transactionId = random().subarray(0, 4);
    this.#session = { transactionId, ...sessionKeys(authKey, theirs, ours) };
    const proof = Buffer.concat([transactionId, rotated(theirs), Buffer.alloc(12)]);
    return answerWith(native.ok, encryptCbc(authKey, proof));
  }

  #sealedUid(apdu: Buffer): Uint8Array {
    const session = this.#session;
    if (!session || !apdu.equals(getCardUid(session))) return answerWith(native.wrongKey);
    return answerWith(native.ok, sealCardUid(session, Buffer.from(this.#content.uid, "hex")));
  }
}
