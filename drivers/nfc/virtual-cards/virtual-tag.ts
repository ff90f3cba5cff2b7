import type { NdefRecord } from "../../../agent/core/observation.ts";
import { encodeNdefMessage } from "../ndef-encode.ts";
import { answerSignature } from "../read-signature.ts";
import { parseSignal } from "../signal.ts";

/** What a virtual tag holds. */
export interface VirtualTagContent {
  /** Seven bytes in hexadecimal, as an NTAG has. */
  readonly uid: string;
  readonly ndef?: readonly NdefRecord[];
  /** Its originality signature, 32 bytes; by default it has none. */
  readonly signature?: Uint8Array;
}

/** Memory of an NTAG213: 45 pages of 4 bytes, of which 36 are the data area (NTAG213/215/216 data sheet, 8.5). */
const pages = 45;
const pageBytes = 4;
const dataAreaBytes = 144;

/** The ATR a reader makes for an Ultralight or NTAG (PC/SC part 3, 3.1.3.2.3), without its check byte. */
const atrBody = Buffer.from("3b8f8001804f0ca00000030603000300000000", "hex");

const ok = Buffer.of(0x90, 0x00);
const failed = Buffer.of(0x63, 0x00);

/** An NTAG213 behind a reader: answers the storage-card APDUs of PC/SC part 3, 3.2.2. It cannot be written. */
export class VirtualTag {
  readonly #uid: Buffer;
  readonly #memory: Buffer;
  readonly #signature: Uint8Array | undefined;

  /** Throws a RangeError when the UID is not seven bytes or the message does not fit. */
  constructor({ uid, ndef = [], signature }: VirtualTagContent) {
    this.#signature = signature;
    this.#uid = Buffer.from(uid, "hex");
    if (this.#uid.length !== 7 || uid.length !== 14) throw new RangeError("the UID of an NTAG213 has 7 bytes");
    this.#memory = memoryOf(this.#uid, encodeNdefMessage(ndef));
  }

  /** The answer to reset. Its last byte is the exclusive or of all but the first. */
  get atr(): Uint8Array {
    return Buffer.concat([atrBody, Buffer.of(atrBody.subarray(1).reduce((check, byte) => check ^ byte, 0))]);
  }

  /** Data and status word for a command; `6300` for what the tag does not do. */
  respond(apdu: Uint8Array): Uint8Array {
    const [cla, ins, p1 = 0, p2 = 0, le = 0] = apdu;
    if (parseSignal(apdu)) return ok;
    if (cla !== 0xff) return failed;
    const signature = this.#signature && answerSignature(apdu, this.#signature);
    if (signature) return Buffer.concat([signature, ok]);
    if (ins === 0xca && p1 === 0 && p2 === 0) return Buffer.concat([this.#uid, ok]);
    if (ins !== 0xb0) return failed;
    const start = (p1 * 256 + p2) * pageBytes;
    const data = this.#memory.subarray(start, start + le);
    return le > 0 && data.length === le ? Buffer.concat([data, ok]) : failed;
  }
}

/** UID with its check bytes (ISO/IEC 14443-3, cascade), capability container, NDEF TLV and terminator. */
function memoryOf(uid: Buffer, message: Uint8Array): Buffer {
  const length = message.length < 0xff ? Buffer.of(message.length) : Buffer.of(0xff, 0, message.length);
  const area = Buffer.concat([Buffer.of(0x03), length, message, Buffer.of(0xfe)]);
  if (area.length > dataAreaBytes) throw new RangeError("the NDEF message does not fit on an NTAG213");
  const check = (bytes: Buffer, seed: number) => bytes.reduce((sum, byte) => sum ^ byte, seed);
  const first = uid.subarray(0, 3);
  const last = uid.subarray(3);
  const memory = Buffer.alloc(pages * pageBytes);
  Buffer.concat([first, Buffer.of(check(first, 0x88)), last, Buffer.of(check(last, 0), 0x48, 0, 0)]).copy(memory);
  Buffer.from("e1101200", "hex").copy(memory, 3 * pageBytes);
  area.copy(memory, 4 * pageBytes);
  return memory;
}
