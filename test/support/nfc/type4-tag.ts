import { applications } from "../../../drivers/nfc/iso-dep/select.ts";
import { answers, ChipCard, selectedName } from "../../../drivers/nfc/virtual-cards/chip-card.ts";
import { hex } from "./vectors.ts";

/** What a plain Type 4 tag holds. */
export interface Type4Content {
  readonly uid: string;
  readonly message: Uint8Array;
  /** Capability container; by default 59 bytes a command, a file of 2047. */
  readonly container?: Uint8Array;
  /** It gives no more than this at once, whatever it is asked for. */
  readonly stepBytes?: number;
}

export const plainContainer = hex("000f20003b00340406e10407ff0000");

/** A Type 4 tag with a message that never changes, as a copy of a better one would have. */
export function type4Tag({ uid, message, container = plainContainer, stepBytes = 256 }: Type4Content): ChipCard {
  const length = Buffer.of(message.length >> 8, message.length & 0xff);
  const ndefFile = Buffer.concat([length, message, Buffer.alloc(64)]);
  let file: Uint8Array = Buffer.alloc(0);
  return new ChipCard(uid, (apdu) => {
    const name = selectedName(apdu);
    if (name !== undefined) return name === applications.ndef ? answers.ok : answers.fileNotFound;
    if (apdu[0] !== 0x00) return answers.unknownInstruction;
    if (apdu[1] === 0xa4) file = apdu.readUInt16BE(5) === 0xe103 ? container : ndefFile;
    if (apdu[1] === 0xa4) return answers.ok;
    const offset = apdu.readUInt16BE(2);
    return Buffer.concat([file.subarray(offset, offset + Math.min(apdu[4] ?? 0, stepBytes)), answers.ok]);
  });
}
