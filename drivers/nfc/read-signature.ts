import { dataOf, type Transmit } from "./apdu.ts";

/**
 * Direct Transmit of the ACR122U (Application Programming Interface V2.04, 5.1) with InCommunicateThru of its PN532 (User Manual 7.3.9),
 * and in it READ_SIG of NTAG21x and Ultralight EV1 (NTAG213/215/216 data sheet, 10.8).
 */
const readSignature = Uint8Array.of(0xff, 0x00, 0x00, 0x00, 0x04, 0xd4, 0x42, 0x3c, 0x00);
/** The answer's head: InCommunicateThru, no error. */
const head = Uint8Array.of(0xd5, 0x43, 0x00);
const signatureBytes = 32;

/** Whether a reader, by its PC/SC name, passes commands of a tag's own on to it. The virtual reader leaves them to the virtual card. */
export function passesThrough(readerName: string): boolean {
  return /acr122|^virtual pcd/i.test(readerName);
}

/**
 * Reads the originality signature of a Type 2 tag through such a reader. `undefined` when the tag has none; it may be mute afterwards, so
 * that this comes last. Never rejects: a card that left has been read.
 */
export async function readSignatureThrough(transmit: Transmit): Promise<Uint8Array | undefined> {
  const data = await transmit(readSignature, head.length + signatureBytes + 2).then(dataOf, () => undefined);
  const isAnswer = data?.length === head.length + signatureBytes && head.every((byte, index) => data[index] === byte);
  return isAnswer ? data.subarray(head.length) : undefined;
}

/** The signature a virtual tag gives for that command; `undefined` for any other command. The other end of {@link readSignatureThrough}. */
export function answerSignature(apdu: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  return Buffer.from(apdu).equals(readSignature) ? Buffer.concat([head, signature]) : undefined;
}
